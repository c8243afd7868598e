"""PDF files of ours joined into one that is still archival, tagged, titled and with bookmarks.

WeasyPrint keeps every page it has laid out in memory until it writes, and pypdf joins pages without their
tags. Here a file is added as soon as it is written: its objects are copied with new numbers, and only what
the whole has once is made anew (catalog, page tree, root of the tags, bookmarks, names, description).
"""

from reports.joining.joined import Joined
from reports.joining.source import NotJoinableError

__all__ = ["Joined", "NotJoinableError"]

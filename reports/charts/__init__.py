"""Charts drawn as SVG text: the same picture on the page and on paper.

Pure functions. Colour is never alone: lines differ by dashes, star ranks by pattern, and every value is
written out. `uid` keeps the ids of patterns apart when one page has several charts.
"""

from reports.charts.lines import burn_up, cumulate
from reports.charts.ranks import Bar, bars, progress_bar
from reports.charts.stars import StarsRow, stars_by_group
from reports.charts.svg import INK

__all__ = ["INK", "Bar", "StarsRow", "bars", "burn_up", "cumulate", "progress_bar", "stars_by_group"]

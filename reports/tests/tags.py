"""Reads the tags of a PDF as a reader aloud does, and says what of the file it cannot find."""

import re
from io import BytesIO

from pypdf import PdfReader


def numbers_in(kids):
    """The marked contents right in a tag."""
    return [kid for kid in kids if isinstance(kid, int)]


class Tags:
    """The tree from its root downwards, and the way from every page and link to its tag."""

    def __init__(self, content):
        self.reader = PdfReader(BytesIO(content))
        self.root = self.reader.trailer["/Root"]["/StructTreeRoot"]
        numbers = self.root["/ParentTree"]["/Nums"]
        self.tagged = dict(zip(numbers[::2], numbers[1::2], strict=True))
        self.above = {}
        self.ids = {}
        self._walk(self.root["/K"][0], None)

    def _walk(self, reference, parent):
        tag = reference.get_object()
        assert reference.idnum not in self.above, "a tag stands twice in the tree"
        self.above[reference.idnum] = parent
        if parent is not None:
            assert tag.raw_get("/P").idnum == parent
        if "/ID" in tag:
            assert tag["/ID"] not in self.ids
            self.ids[tag["/ID"]] = reference.idnum
        for kid in tag["/K"]:
            if not isinstance(kid, int) and kid.get_object().get("/Type") != "/OBJR":
                self._walk(kid, reference.idnum)

    def names_of(self, kind):
        """The tags of a kind, in the order they are read."""
        found = [self.reader.get_object(number) for number in self.above]
        return [tag for tag in found if tag["/S"] == kind]

    def lost(self):
        """Marked contents, links and header cells that are not found by way of the tree."""
        found = []
        for place, page in enumerate(self.reader.pages, 1):
            listed = self.tagged[page["/StructParents"]].get_object()
            marks = [int(one) for one in re.findall(rb"/MCID (\d+)", page.get_contents().get_data())]
            assert sorted(marks) == list(range(len(listed)))
            for mark in marks:
                tag = listed[mark].get_object()
                is_there = mark in numbers_in(tag["/K"]) and tag["/Pg"] == page
                # The number of a page is in no tree: it is not read aloud.
                if not is_there or (listed[mark].idnum not in self.above and not self._is_page_number(tag)):
                    found.append((place, mark))
            for link in page.get("/Annots", []):
                tag = self.tagged[link.get_object()["/StructParent"]]
                if (
                    tag.idnum not in self.above
                    or tag.get_object()["/K"][0].get_object().raw_get("/Obj") != link
                ):
                    found.append((place, link))
        for cell in self.names_of("/TD"):
            found += [name for name in cell["/A"].get("/Headers", []) if name not in self.ids]
        return found

    def _is_page_number(self, tag):
        return tag["/P"]["/S"] == "/NonStruct" and tag["/P"].raw_get("/P").idnum in self.above

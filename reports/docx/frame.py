"""The frame of a paper in Word: page, margins, page number, language, properties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm

from reports.docx import styles
from reports.docx.parts import Element, clean, end_mark, node, paragraph

LONGEST_PROPERTY = 255


@dataclass(frozen=True)
class Page:
    """A page and its margins in mm; a turned page keeps the margins, counted as it is read."""

    width: float
    height: float
    top: float = 20
    right: float = 15
    bottom: float = 20
    left: float = 30

    @property
    def room(self) -> float:
        """Width of the text."""
        return self.width - self.left - self.right


PORTRAIT, LANDSCAPE = Page(210, 297), Page(297, 210)


class Body:
    """The end of the document's text, where the next element goes."""

    def __init__(self, element: Any) -> None:
        self._element = element

    def append_all(self, elements: Iterable[Element]) -> None:
        for element in elements:
            # The settings of the last section stay last.
            self._element.sectPr.addprevious(element)


class Paper:
    """A document of python-docx in the form of a paper."""

    def __init__(self, document: Any, page: Page) -> None:
        self.document = document
        self.body = Body(document.element.body)
        _set_page(document.sections[0], page)

    def turn(self, page: Page) -> None:
        """Begin a section on pages of its own, counted from 1."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        # python-docx puts the break into a paragraph of its own: as small as it goes, or it takes a page.
        breaking = self.document.element.body.sectPr.getprevious()
        breaking.pPr.insert(0, node("pStyle", val="Line"))
        _set_page(section, page)
        # Word refuses settings of a section in another order than the schema's.
        section._sectPr.find(qn("w:pgMar")).addnext(node("pgNumType", start="1"))

    def picture(self, content: bytes, width: float, words: str) -> Element:
        """A run with a picture `width` mm wide and the text that stands for it."""
        run = self.document.add_paragraph().add_run()
        shape = run.add_picture(BytesIO(content), width=Mm(width))
        shape._inline.docPr.set("descr", clean(words))
        owner = run._r.getparent()
        owner.getparent().remove(owner)
        return run._r

    def save(self, file: IO[bytes]) -> None:
        self.body.append_all([end_mark()])
        self.document.save(file)


def new_document(data: dict[str, Any]) -> Paper:
    """An empty paper with its title, language, styles, and the page number from page 2 on."""
    document = docx.Document()
    document.element.body.clear_content()
    styles.put(document)
    _put_settings(document.settings.element)
    _put_properties(document.core_properties, data)
    paper = Paper(document, LANDSCAPE if data.get("landscape") else PORTRAIT)
    header = document.sections[0].header
    header.is_linked_to_previous = False
    header._element.append(paragraph("Header", *_page_number()))
    header._element.remove(header.paragraphs[0]._p)
    return paper


def _set_page(section: Section, page: Page) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if page.width > page.height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _page_number() -> list[Element]:
    command = node("instrText")
    command.text = " PAGE "
    shown = node("t")
    shown.text = "2"
    marks = [node("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end")]
    return [node("r", piece) for piece in (marks[0], command, marks[1], shown, marks[2])]


def _put_properties(properties: Any, data: dict[str, Any]) -> None:
    properties.title = clean(data["title"])[:LONGEST_PROPERTY]
    properties.language = styles.LANGUAGE
    properties.author = clean(" ".join(data["head"]["issuing_body"]))[:LONGEST_PROPERTY]
    properties.subject = clean(data["type_name"])[:LONGEST_PROPERTY]
    properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)


def _put_settings(settings: Any) -> None:
    """The layout of today's Word, Vietnamese signs, and nothing of East Asian typesetting."""
    for tag in ("zoom", "compat", "themeFontLang", "decimalSymbol", "listSeparator"):
        for old in settings.findall(node(tag).tag):
            {"zoom": _zoom, "compat": _compat, "themeFontLang": _languages}.get(tag, _sign)(old)


def _zoom(old: Element) -> None:
    old.getparent().replace(old, node("zoom", percent="100"))


def _compat(old: Element) -> None:
    uri = "http://schemas.microsoft.com/office/word"
    modern = node("compat", node("compatSetting", name="compatibilityMode", uri=uri, val="15"))
    old.getparent().replace(old, modern)


def _languages(old: Element) -> None:
    old.getparent().replace(old, node("themeFontLang", val=styles.LANGUAGE))


def _sign(old: Element) -> None:
    name = old.tag.rpartition("}")[2]
    old.getparent().replace(old, node(name, val="," if name == "decimalSymbol" else ";"))

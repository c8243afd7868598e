"""Files joined: tags, links, names and bookmarks are whole; a long annex in portions is as it was whole."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import jobs
from core.models import Job
from reports import html, pdf, services
from reports.checker import check
from reports.checker.reading import read
from reports.document import Annex, Column, Paragraph, Row, Table, as_data
from reports.joining import Joined, NotJoinableError
from reports.pages import PageTeller
from reports.tests.tags import Tags
from reports.tests.test_checker import LONG, REPORT

PAGE = """<html lang="{lang}"><title>{title}</title>
<style>@page {{ size: A4; @top-center {{ content: counter(page) }} }}</style>
<h1>{title}</h1><p><a href="#cuoi">Xem cuối</a>, <a href="https://ocop.example/(a)">trang ngoài</a></p>
<table><thead><tr><th>TT</th><th>Tên (đủ)</th></tr></thead>
<tbody><tr><td>1</td><td>12 0 R</td></tr></tbody></table>
<h2 style="break-before: page" id="cuoi">Cuối {title}</h2></html>"""


def page_of(title, lang="vi"):
    return PAGE.format(title=title, lang=lang)


@pytest.fixture(scope="module")
def papers():
    return [pdf.render([page_of(title)]).content for title in ("Một", "Hai & ba")]


def joined(papers, *titles, title=""):
    whole = Joined(title)
    for place, paper in enumerate(papers):
        whole.add(paper, *titles[place : place + 1])
    return whole.close()


def targets(reader):
    """Page of the whole that each link inside leads to, in order of pages."""
    places = {name: reader.get_destination_page_number(to) for name, to in reader.named_destinations.items()}
    links = [link.get_object() for page in reader.pages for link in page.get("/Annots", [])]
    return [places[link["/Dest"]] for link in links if "/Dest" in link]


def test_joined_papers_keep_tags_links_bookmarks_and_the_claim(papers):
    content = joined(papers, "Giấy số 1", "Giấy số 2", title="Tập <giấy> & phiếu")
    tags = Tags(content)
    assert tags.lost() == []
    assert [part["/T"] for part in tags.names_of("/Part")] == ["Giấy số 1", "Giấy số 2"]
    assert len(tags.ids) == 4 and tags.root["/IDTree"]["/Names"][::2] == sorted(tags.ids)
    reader = tags.reader
    assert ["Hai & ba" in page.extract_text() for page in reader.pages] == [False, False, True, True]
    assert targets(reader) == [1, 3]
    outline = [(item.title, reader.get_destination_page_number(item)) for item in flat(reader.outline)]
    assert outline[:3] == [("Giấy số 1", 0), ("Một", 0), ("Cuối Một", 1)] and len(outline) == 6
    catalog, packet = reader.trailer["/Root"], reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert (reader.metadata.title, catalog["/Lang"]) == ("Tập <giấy> & phiếu", "vi")
    assert 'pdfaid:part="2" pdfaid:conformance="A"' in packet
    assert "Tập &lt;giấy&gt; &amp; phiếu</rdf:li>" in packet
    assert catalog["/OutputIntents"][0]["/DestOutputProfile"]["/N"] == 3 and catalog["/MarkInfo"]["/Marked"]
    assert content.count(b"/N 3") == 1  # one colour profile for all
    assert content == joined(papers, "Giấy số 1", "Giấy số 2", title="Tập <giấy> & phiếu")


def test_what_is_joined_can_be_joined_again(papers):
    twice = joined([joined(papers), papers[0]], "Cặp", "Lẻ")
    assert Tags(twice).lost() == []
    assert targets(PdfReader(BytesIO(twice))) == [1, 3, 5]


def flat(outline):
    for item in outline:
        yield from flat(item) if isinstance(item, list) else [item]


@pytest.mark.parametrize(
    "options", [{}, {"pdf_tags": True}, {"pdf_variant": "pdf/a-2b", "pdf_tags": True}], ids=str
)
def test_a_file_without_tags_or_with_another_claim_is_refused(papers, options):
    whole = Joined()
    whole.add(papers[0])
    with pytest.raises(NotJoinableError):
        whole.add(HTML(string=page_of("Khác")).write_pdf(**options))
    with pytest.raises(NotJoinableError, match="language"):
        whole.add(pdf.render([page_of("Other", "en")]).content)
    assert Tags(whole.close()).lost() == []


def long_report():
    """An annex with 28 rows of one to three lines, in groups, below more than a page of text.

    One row is higher than a page.
    """
    rows = []
    for number in range(1, 29):
        if number % 9 == 1:
            rows.append(Row((f"Xã số {number // 9}",), "group"))
        text = "Bánh đa vừng " * (1 + number % 5 * 6) if number != 6 else LONG * 26
        rows.append(Row((str(number), text)))
    columns = (Column("TT", 10), Column("Sản phẩm", 90))
    table = Table("Bảng dài", columns, (*rows, Row(("", "Cộng 28"), "total")))
    blocks = (Paragraph(LONG * 20), table, Paragraph("Hết danh mục."))
    long = replace(REPORT.annexes[0], number="Phụ lục I", blocks=blocks)
    last = Annex("Phụ lục II", "GHI CHÚ", REPORT.annexes[0].reference, (Paragraph(LONG),))
    return as_data(replace(REPORT, annexes=(long, last)))


def lines_of(content):
    """The lines of every page with their places."""
    return [
        [(line.text, round(line.left, 1), round(line.baseline, 1)) for line in page.lines]
        for page in read(content)
    ]


def test_an_annex_in_portions_has_the_pages_of_the_whole():
    """Rows, repeated heads, page numbers and bookmarks stand where they stand without portions."""
    data, told = long_report(), []
    whole = pdf.render(html.parts(data))
    parts = html.parts(data, many_rows=5)
    portions = pdf.render(parts, on_portion=lambda *place: told.append(place), sheets=1)
    assert len(told) >= 3 and told[-1][0] == 1
    assert lines_of(portions.content) == lines_of(whole.content)
    assert [str(finding) for finding in check(portions.content).findings] == []
    tags = Tags(portions.content)
    assert tags.lost() == [] and len(tags.names_of("/TR")) == len(Tags(whole.content).names_of("/TR"))
    outlines = [flat(PdfReader(BytesIO(one.content)).outline) for one in (portions, whole)]
    titles = [[(item.title, item["/Top"]) for item in outline] for outline in outlines]
    assert titles[0] == titles[1] and "Phụ lục II" in [title for title, _ in titles[0]]


@pytest.mark.django_db
def test_progress_goes_on_from_portion_to_portion_and_a_cancelled_job_stops_between_two():
    officer = make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)
    job = jobs.claim(jobs.request(kind=services.JOB_KIND, title="Báo cáo", params={}, by=officer).pk)
    parts = html.parts(long_report(), many_rows=5)
    teller, told = PageTeller(job, len(parts), 15, 85), []

    def portion(share, pages):
        if told:
            jobs.cancel(job=job, by=officer)
        teller.portion(share, pages)
        told.append(Job.objects.get(pk=job.pk))

    with pytest.raises(jobs.JobCancelled):
        pdf.render(parts, on_part=teller.part, on_portion=portion, sheets=1)
    assert [one.message for one in told] == ["Đang dàn trang phụ lục 1/2, trang 2"]
    assert 15 + 70 / 3 < told[0].progress < 15 + 70 * 2 / 3

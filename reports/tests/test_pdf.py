"""The bytes: pages, fonts, page numbers, extractable text, and nothing fetched."""

import re
import shutil
import socket
import subprocess
import unicodedata
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports import html, pdf, services, typeface
from reports.checker import check
from reports.tests.factories import full_plan, make_plan

A4 = (595, 842)
MM = 72 / 25.4
NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.fixture
def paper(db):
    return services.draft(full_plan(), date(2026, 10, 31)).rendered


def poppler(program, content, tmp_path, *options):
    """What a program of poppler-utils says about the file."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    file = tmp_path / "paper.pdf"
    file.write_bytes(content)
    words = [program, *options, str(file), *(["-"] if program == "pdftotext" else [])]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def pages_of(paper):
    return PdfReader(BytesIO(paper.content)).pages


def size_of(page):
    return round(page.mediabox.width), round(page.mediabox.height)


def test_the_long_report_keeps_the_form_of_the_decree(paper):
    assert [str(finding) for finding in check(paper.content).findings] == []


def test_every_page_is_a4_and_annexes_lie(paper):
    sizes = [size_of(page) for page in pages_of(paper)]
    assert len(sizes) == paper.pages
    assert sizes[0] == A4
    assert sizes[-3:] == [A4[::-1]] * 3
    assert set(sizes) == {A4, A4[::-1]}


def test_page_one_has_no_number_and_each_annex_counts_from_one(paper, tmp_path):
    heads = []
    for number in range(1, paper.pages + 1):
        options = ("-f", str(number), "-l", str(number), "-layout")
        text = poppler("pdftotext", paper.content, tmp_path, *options)
        heads.append(text.strip().splitlines()[0].strip())
    body = heads[:-4]
    assert body[0].startswith("ỦY BAN NHÂN DÂN")
    assert body[1:] == [str(number) for number in range(2, len(body) + 1)]
    assert heads[-4:] == ["Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV"]


def test_text_on_every_page_keeps_the_margins_of_the_decree(paper, tmp_path):
    boxes = poppler("pdftotext", paper.content, tmp_path, "-bbox")
    for page in boxes.split("<page ")[1:]:
        width, height = (float(re.search(rf'{name}="([^"]+)"', page)[1]) for name in ("width", "height"))
        words = [[float(x) for x in re.findall(r'="([\d.]+)"', line)] for line in page.split("<word ")[1:]]
        if words[0][3] < 20 * MM:  # the page number
            assert abs(words[0][0] + words[0][2] - 30 * MM - (width - 15 * MM)) < 2
            words = words[1:]
        assert min(word[0] for word in words) >= 30 * MM
        assert min(word[1] for word in words) >= 20 * MM
        assert max(word[2] for word in words) <= width - 15 * MM
        assert max(word[3] for word in words) <= height - 20 * MM


@pytest.mark.django_db
def test_lines_of_the_subject_are_of_about_one_length():
    data = {**services.collect(make_plan(), date(2026, 10, 31)), "subject": "Tiến độ " + "thực hiện " * 7}
    line_one, line_two = re.search(r'class="line-under">(.+?)<br>(.+?)</span>', html.parts(data)[0]).groups()
    assert abs(len(line_one) - len(line_two)) < 10


def test_only_the_paper_font_is_embedded_and_text_has_a_unicode_map(paper, tmp_path):
    lines = poppler("pdffonts", paper.content, tmp_path).splitlines()[2:]
    family = typeface.paper_font().family.replace(" ", "-")
    assert lines
    for line in lines:
        assert line.split()[0].split("+")[1].startswith(family)
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, unicode


def test_the_text_can_be_read_back_in_normal_form(paper, tmp_path):
    text = poppler("pdftotext", paper.content, tmp_path, "-layout")
    assert unicodedata.is_normalized("NFC", text)
    assert NATIONAL_TITLE in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Hà Tĩnh, ngày 31 tháng 10 năm 2026" in text
    assert "Kính gửi: Ủy ban nhân dân tỉnh Hà Tĩnh" in text
    assert "Nơi nhận:" in text and "- Lưu: VT, PTNT." in text
    assert "Tinh dầu tràm" in text


def test_the_file_is_archival_tagged_and_names_its_language_and_title(paper):
    reader = PdfReader(BytesIO(paper.content))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfaid" in root["/Metadata"].get_data()
    assert reader.metadata.title.startswith("Báo cáo tiến độ thực hiện Kế hoạch")


def test_signature_and_closing_stand_on_one_page(paper):
    last = [page for page in pages_of(paper) if size_of(page) == A4][-1].extract_text()
    assert "GIÁM ĐỐC" in last and "xem xét, chỉ đạo./." in " ".join(last.split())


@pytest.mark.django_db
def test_a_table_longer_than_a_page_repeats_its_head(tmp_path):
    from reports.tests.factories import add_target

    plan = make_plan()
    for number in range(60):
        add_target(plan, f"Chỉ tiêu thử {number}", "10")
    rendered = services.draft(plan, date(2026, 10, 31)).rendered
    text = poppler("pdftotext", rendered.content, tmp_path, "-layout")
    assert text.count("Đánh giá") >= 4


@pytest.mark.django_db
def test_a_name_of_800_letters_stays_inside_the_margins(tmp_path):
    plan = make_plan(title="Kế hoạch " + "dài" * 90)
    rendered = services.draft(plan, date(2026, 10, 31)).rendered
    boxes = poppler("pdftotext", rendered.content, tmp_path, "-bbox", "-l", "1")
    rights = [float(part.split('"')[0]) for part in boxes.split('xMax="')[1:]]
    assert max(rights) <= 595.3 - 15 / 25.4 * 72 + 1


def test_the_font_has_every_vietnamese_letter():
    from fontTools.ttLib import TTFont

    letters = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ₫≥≤"
    for face in typeface.SHIPPED.faces:
        known = TTFont(typeface.FOLDER / face.url.removeprefix("font:")).getBestCmap()
        assert not [letter for letter in letters + letters.upper() if ord(letter) not in known]


def test_addresses_in_a_paper_are_never_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("bí mật")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        addresses = (
            f"http://127.0.0.1:{port}/a.png",
            secret.as_uri(),
            "static:../../manage.py",
            "media:../x",
            "x.png",
        )
        images = "".join(f'<img src="{address}">' for address in addresses)
        rendered = pdf.render([f'<html lang="vi"><title>t</title><body>{images}</body></html>'])
        with pytest.raises(TimeoutError):
            server.accept()
    assert rendered.pages == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "file:///etc/passwd", "font:../typeface.py", "static:../manage.py"]
)
def test_the_fetcher_refuses_all_but_our_own_files(url):
    with pytest.raises(Exception, match=r"refused|located outside|base path"):
        pdf.PaperFetcher().fetch(url)


@pytest.mark.django_db
def test_charts_on_paper_are_black_on_white_and_in_the_paper_font():
    main = html.parts(services.collect(full_plan(), date(2026, 10, 31)))[0]
    labels = [part.split(">")[0] for part in main.split("<text")[1:]]
    assert labels
    assert all('fill="#000000"' in label for label in labels)
    assert all(typeface.paper_font().family in label for label in labels)

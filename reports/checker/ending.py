"""Points 20 to 23 and 26: recipients, signature, annexes, the two signatures of a Biên bản."""

import re
from collections.abc import Iterator

from reports.checker.boxes import Paper, is_centred, is_page_number
from reports.checker.findings import Finding
from reports.checker.kinds import Kind
from reports.checker.reading import SAME_BASELINE, Line, Page

AUTHORITY = re.compile(r"(KT|TL|TUQ|TM)\.")
ACADEMIC = re.compile(r"(GS|PGS|TS|ThS|Ths|CN|KS|BS)\.|(Giáo sư|Tiến sĩ|Thạc sĩ)\b")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
SIZE_TOLERANCE = 0.2


def findings(paper: Paper, kind: Kind) -> Iterator[Finding]:
    """Everything wrong below the text."""
    if kind in (Kind.PAPER, Kind.MINUTES):
        yield from _recipients(paper)
        yield from _annexes(paper)
    if kind == Kind.PAPER:
        yield from _signature(paper)
    if kind == Kind.MINUTES:
        yield from _minutes(paper)


def _recipients(paper: Paper) -> Iterator[Finding]:
    title = paper.recipients_title
    if title is None:
        yield Finding(20, paper.main[-1].number, "thiếu “Nơi nhận:”.")
        return
    page, line = title.page.number, title.line
    if line.text != "Nơi nhận:":
        yield Finding(20, page, f"ghi “{line.text}”, phải là “Nơi nhận:”.")
    if not (line.is_bold and line.is_italic and abs(line.size - 12) <= SIZE_TOLERANCE):
        yield Finding(20, page, "“Nơi nhận:” phải cỡ 12, đậm, nghiêng.")
    items = _items(paper.recipients)
    if not items:
        yield Finding(20, page, "Nơi nhận không có dòng nào.")
        return
    yield from _listed(page, items, paper.recipients)


def _items(lines: list[Line]) -> list[str]:
    """The receivers; one that takes two lines is put together."""
    found: list[str] = []
    for line in lines:
        if line.text.startswith("-") or not found:
            found.append(line.text)
        else:
            found[-1] = f"{found[-1]} {line.text}"
    return found


def _listed(page: int, items: list[str], lines: list[Line]) -> Iterator[Finding]:
    for item in items[:-1]:
        if not (item.startswith("- ") and item.endswith(";")):
            yield Finding(20, page, f"mỗi nơi nhận bắt đầu bằng “- ”, kết thúc bằng “;”: “{item}”.")
    if not (items[-1].startswith("- Lưu: VT") and items[-1].endswith(".")):
        yield Finding(
            20, page, f"dòng cuối của Nơi nhận phải là “- Lưu: VT, …”, kết thúc bằng dấu chấm: “{items[-1]}”."
        )
    if any(abs(line.size - 11) > SIZE_TOLERANCE for line in lines):
        yield Finding(20, page, "danh sách nơi nhận phải cỡ 11.")


def _signature(paper: Paper) -> Iterator[Finding]:
    title = paper.recipients_title
    page = title.page.number if title else paper.main[-1].number
    positions = [line for line in paper.signature if line.text == line.text.upper()]
    names = [line for line in paper.signature if line not in positions]
    if not positions:
        yield Finding(21, page, "thiếu quyền hạn, chức vụ người ký (in hoa, đậm) ngang Nơi nhận.")
    if any(not line.is_bold for line in (*positions, *names)):
        yield Finding(21, page, "quyền hạn, chức vụ, họ tên người ký phải in đậm.")
    for line in names:
        if ACADEMIC.match(line.text):
            yield Finding(21, page, f"trước họ tên người ký không ghi học hàm, học vị: “{line.text}”.")
    upper_name = len(positions) > 1 and not names and _far_below(positions)
    if upper_name:
        yield Finding(21, page, f"họ tên người ký viết chữ thường: “{positions[-1].text}”.")
    if positions and AUTHORITY.match(positions[0].text) and len(positions) - upper_name < 2:
        yield Finding(22, page, f"dưới “{positions[0].text}” phải có dòng chức vụ của người ký.")


def _far_below(lines: list[Line]) -> bool:
    """Is there room for a signature above the last line?"""
    return lines[-2].baseline - lines[-1].baseline > 3 * lines[-1].size


def _annexes(paper: Paper) -> Iterator[Finding]:
    annexes = paper.parts[1:]
    for place, part in enumerate(annexes):
        yield from _annex(part[0], ROMAN[place] if len(annexes) > 1 and place < len(ROMAN) else "")
    if annexes and not any("phụ lục" in placed.line.text.lower() for placed in paper.body):
        yield Finding(23, 1, "nội dung văn bản không nhắc tới phụ lục kèm theo.")


def _annex(page: Page, roman: str) -> Iterator[Finding]:
    lines = [line for line in page.lines if not is_page_number(page, line)]
    head = lines[0]
    wanted = f"Phụ lục {roman}".strip()
    if roman and head.text != wanted:
        yield Finding(23, page.number, f"ghi “{head.text}”, phải là “{wanted}”.")
    if not (head.is_bold and abs(head.size - 14) <= SIZE_TOLERANCE and is_centred(page, head)):
        yield Finding(23, page.number, "“Phụ lục” phải cỡ 14, đậm, ở giữa.")
    if len(lines) < 2 or not (lines[1].is_bold and lines[1].text.isupper()):
        yield Finding(23, page.number, "tên phụ lục phải in hoa, đậm, dưới chữ “Phụ lục”.")
    reference = next((line for line in lines[1:8] if line.text.startswith("(Kèm theo")), None)
    if reference is None or not reference.is_italic:
        yield Finding(23, page.number, "thiếu dòng “(Kèm theo … số … ngày … của …)” in nghiêng.")


def _minutes(paper: Paper) -> Iterator[Finding]:
    last = paper.main[-1].number
    secretary = paper.secretary
    if secretary is None:
        yield Finding(26, last, "biên bản thiếu chữ ký “THƯ KÝ”.")
    else:
        beside = [
            line
            for line in secretary.page.lines
            if abs(line.baseline - secretary.line.baseline) < SAME_BASELINE
            and line.left > secretary.line.right
        ]
        if not any(line.text.upper() in ("CHỦ TỌA", "CHỦ TRÌ", "CHỦ TỊCH") for line in beside):
            yield Finding(26, secretary.page.number, "biên bản thiếu chữ ký “CHỦ TỌA” ngang “THƯ KÝ”.")
    text = " ".join(placed.line.text for placed in paper.body).lower()
    if not re.search(r"(thời gian )?bắt đầu", text):
        yield Finding(26, 1, "biên bản thiếu thời gian bắt đầu.")
    if "kết thúc vào" not in text:
        yield Finding(26, last, "biên bản thiếu thời gian kết thúc.")

"""Points 7 to 15, 24 and 25: everything above the body."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from reports.checker.boxes import CENTRED, Paper, is_centred, is_page_number, text_centre
from reports.checker.findings import Finding
from reports.checker.kinds import Kind
from reports.checker.reading import MM, SAME_BASELINE, THIN, Line, Page, Rule

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NUMBER = re.compile(r"Số: (0[1-9]|[1-9]\d+)/[A-Za-zĐđ]+(-[A-ZĐ0-9&]+)+$")
# A draft has room for the number.
OPEN_NUMBER = re.compile(r"Số:\s*(…+|\.+)?\s*/[A-Za-zĐđ]+(-[A-ZĐ0-9&]+)+$")
PLACE_DATE = re.compile(
    r"[^,]+, ngày (0[1-9]|[12]\d|3[01]|…+|\.+|\s*) tháng (0[12]|[3-9]|1[0-2]|…+|\.+|\s*) năm (\d{4}|20…*|…+)$"
)
DASHES = re.compile("[\u2012-\u2015\u2212]")
SENT_UPWARD, SENT_TO_NOBODY = ("BÁO CÁO", "TỜ TRÌNH"), ("KẾ HOẠCH", "QUYẾT ĐỊNH")
# A ruled line belongs to the text so little above it.
NEAR = 9.0
SIZE_TOLERANCE = 0.2


def findings(paper: Paper, kind: Kind) -> Iterator[Finding]:
    """Everything wrong with the head of page 1."""
    yield from _nation(paper, kind)
    yield from _motto(paper)
    if kind == Kind.CERTIFICATE:
        return
    yield from _bodies(paper, kind)
    yield from _type_name(paper, kind)
    if kind in (Kind.PAPER, Kind.MINUTES):
        yield from _number(paper)
        yield from _order(paper)
    if kind == Kind.PAPER:
        yield from _place_date(paper)
        yield from _addressee(paper)


def _nation(paper: Paper, kind: Kind) -> Iterator[Finding]:
    line = paper.nation
    if line is None:
        yield Finding(7, 1, f"thiếu Quốc hiệu “{NATION}”.")
        return
    if line.text != NATION:
        yield Finding(7, 1, f"Quốc hiệu ghi “{line.text}”, phải là “{NATION}”.")
    yield from _styled(7, "Quốc hiệu", line, (12, 13), bold=True)
    top = max(other.baseline for other in paper.first.lines if not _stands_above(paper.first, other))
    if line.baseline < top - SAME_BASELINE:
        yield Finding(7, 1, "Quốc hiệu không ở dòng đầu của trang 1.")
    has_issuer = bool(paper.left_head) or kind in (Kind.PAPER, Kind.MINUTES)
    if has_issuer and line.centre < text_centre(paper.first):
        yield Finding(7, 1, "Quốc hiệu không ở nửa phải của trang.")


def _stands_above(page: Page, line: Line) -> bool:
    """A page number, wrong there or not, and the label of a form."""
    return is_page_number(page, line) or line.text.startswith("Mẫu số")


def _motto(paper: Paper) -> Iterator[Finding]:
    line = paper.motto
    if line is None:
        yield Finding(8, 1, f"thiếu Tiêu ngữ “{MOTTO}”.")
        return
    if DASHES.search(line.text):
        yield Finding(24, 1, "Tiêu ngữ dùng gạch dài, phải dùng dấu gạch nối (-).")
    if line.text != MOTTO:
        yield Finding(8, 1, f"Tiêu ngữ ghi “{line.text}”, phải là “{MOTTO}”.")
    yield from _styled(8, "Tiêu ngữ", line, (13, 14), bold=True)
    if paper.nation and abs(line.size - paper.nation.size - 1) > SIZE_TOLERANCE:
        yield Finding(
            8, 1, f"Tiêu ngữ cỡ {line.size:.1f}, phải lớn hơn Quốc hiệu ({paper.nation.size:.1f}) một cỡ."
        )
    rule = _rule_below(paper.first, line)
    if rule is None:
        yield Finding(9, 1, "thiếu dòng kẻ dưới Tiêu ngữ.")
    elif abs(rule.width - line.width) > 2 * MM:
        yield Finding(
            9,
            1,
            f"dòng kẻ dưới Tiêu ngữ dài {rule.width / MM:.0f} mm, phải bằng dòng chữ "
            f"({line.width / MM:.0f} mm).",
        )


def _bodies(paper: Paper, kind: Kind) -> Iterator[Finding]:
    if not paper.left_head:
        if kind in (Kind.PAPER, Kind.MINUTES):
            yield Finding(11, 1, "thiếu tên cơ quan ban hành ở góc trái phía trên.")
        return
    if not paper.issuing:
        yield Finding(11, 1, "tên cơ quan ban hành phải in đậm.")
    elif _names_two_bodies(paper):
        yield Finding(11, 1, "tên cơ quan chủ quản không in đậm, chỉ cơ quan ban hành in đậm.")
    for line in paper.left_head:
        if line.text != line.text.upper():
            yield Finding(11, 1, f"tên cơ quan phải viết hoa: “{line.text}”.")
    if paper.issuing:
        yield from _short_rule(paper.first, paper.issuing, "tên cơ quan ban hành")


def _names_two_bodies(paper: Paper) -> bool:
    """All lines are bold, but the People's Committee or the ministry stands above a department of it."""
    first, rest = paper.issuing[0].text, " ".join(line.text for line in paper.issuing[1:])
    above = first.startswith(("ỦY BAN NHÂN DÂN", "UBND", "BỘ "))
    return (
        not paper.governing
        and above
        and re.search(r"\b(SỞ|CHI CỤC|VĂN PHÒNG|HỘI ĐỒNG|BAN) ", rest) is not None
    )


def _short_rule(page: Page, lines: Sequence[Line], what: str) -> Iterator[Finding]:
    """Point 10: a third to a half of the text, in its middle."""
    last, longest = lines[-1], max(lines, key=lambda line: line.width)
    rule = _rule_below(page, last)
    if rule is None:
        yield Finding(10, page.number, f"thiếu dòng kẻ dưới {what}.")
        return
    share = rule.width / longest.width
    if not (1 / 3 - 0.01 <= share <= 0.51):
        yield Finding(10, page.number, f"dòng kẻ dưới {what} dài {share:.0%} dòng chữ, phải từ 1/3 đến 1/2.")
    if abs(rule.centre - last.centre) > CENTRED:
        yield Finding(10, page.number, f"dòng kẻ dưới {what} không cân đối ở giữa.")


def _rule_below(page: Page, line: Line) -> Rule | None:
    for rule in page.rules:
        is_near = 0 < line.baseline - rule.top < NEAR and rule.height <= THIN
        if is_near and rule.left < line.centre < rule.right and rule.width < line.width * 1.6:
            return rule
    return None


def _number(paper: Paper) -> Iterator[Finding]:
    line = paper.number
    if line is None:
        yield Finding(12, 1, "thiếu số, ký hiệu văn bản (“Số: …/…”).")
        return
    if DASHES.search(line.text):
        yield Finding(24, 1, "ký hiệu văn bản dùng gạch dài, phải dùng dấu gạch nối (-) không cách chữ.")
    if not (NUMBER.match(line.text) or OPEN_NUMBER.match(line.text)):
        yield Finding(
            12, 1, f"số, ký hiệu ghi “{line.text}”: số dưới 10 thêm số 0, ký hiệu dạng 05/BC-SNNMT."
        )
    yield from _styled(12, "số, ký hiệu", line, (13, 13), bold=False)


def _place_date(paper: Paper) -> Iterator[Finding]:
    line = paper.place_date
    if line is None:
        yield Finding(13, 1, "thiếu địa danh và ngày tháng năm ban hành.")
        return
    if not PLACE_DATE.match(line.text):
        yield Finding(
            13, 1, f"địa danh, ngày tháng ghi “{line.text}”: ngày dưới 10 và tháng 1, 2 thêm số 0 phía trước."
        )
    if not line.is_italic:
        yield Finding(13, 1, "địa danh và ngày tháng phải in nghiêng.")
    yield from _styled(13, "địa danh, ngày tháng", line, (13, 14), bold=False)
    if paper.number and abs(paper.number.baseline - line.baseline) > SAME_BASELINE:
        yield Finding(13, 1, "địa danh, ngày tháng phải cùng dòng với số, ký hiệu.")


def _order(paper: Paper) -> Iterator[Finding]:
    """Point 14: from the top down, as far as the boxes are there."""
    boxes = [
        ("Quốc hiệu", paper.nation), ("Tiêu ngữ", paper.motto), ("số, ký hiệu", paper.number),
        ("tên loại", paper.type_name), ("trích yếu", paper.subject[0] if paper.subject else None),
        ("Kính gửi", paper.addressee),
    ]  # fmt: skip
    there = [(name, line) for name, line in boxes if line is not None]
    for (above, upper), (below, lower) in pairwise(there):
        if lower.baseline > upper.baseline + SAME_BASELINE:
            yield Finding(14, 1, f"“{below}” phải đứng sau “{above}”.")
    ending = paper.ending if paper.ending and paper.ending.page.number == 1 else None
    if ending and paper.type_name and ending.line.baseline > paper.type_name.baseline:
        yield Finding(14, 1, "Nơi nhận, chữ ký phải đứng sau nội dung.")


def _type_name(paper: Paper, kind: Kind) -> Iterator[Finding]:
    line = paper.type_name
    if line is None:
        yield Finding(15, 1, "thiếu tên loại văn bản (BÁO CÁO, TỜ TRÌNH …) in hoa, đậm, ở giữa.")
        return
    if not line.text.isupper():
        yield Finding(15, 1, f"tên loại “{line.text}” phải in hoa.")
    if not is_centred(paper.first, line):
        yield Finding(15, 1, "tên loại không ở giữa.")
    yield from _styled(15, "tên loại", line, (13, 14), bold=True)
    if kind in (Kind.PAPER, Kind.MINUTES):
        if not paper.subject:
            yield Finding(15, 1, "thiếu trích yếu in đậm ngay dưới tên loại.")
        else:
            yield from _short_rule(paper.first, paper.subject, "trích yếu")


def _addressee(paper: Paper) -> Iterator[Finding]:
    name = paper.type_name.text.upper() if paper.type_name else ""
    if name in SENT_UPWARD and paper.addressee is None:
        yield Finding(25, 1, f"{name} gửi cấp trên phải có “Kính gửi:”.")
    if name in SENT_TO_NOBODY and paper.addressee is not None:
        yield Finding(25, 1, f"{name} không có “Kính gửi:”.")


def _styled(point: int, what: str, line: Line, sizes: tuple[int, int], *, bold: bool) -> Iterator[Finding]:
    if not sizes[0] - SIZE_TOLERANCE <= line.size <= sizes[1] + SIZE_TOLERANCE:
        wanted = f"{sizes[0]}-{sizes[1]}" if sizes[0] != sizes[1] else str(sizes[0])
        yield Finding(point, 1, f"{what} cỡ {line.size:.1f}, phải là {wanted}.")
    if line.is_bold != bold:
        yield Finding(point, 1, f"{what} {'phải' if bold else 'không'} in đậm.")

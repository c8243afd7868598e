"""Sentences and rows that several papers share."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from core.numbers import format_date
from products.legal_bases import LEGAL_BASES, proposed_for
from reports import words
from reports.document import Column, Row, Section, roman

# Room to write on by hand where nothing is recorded.
DOTS = "……"
PROGRAMME = "Chương trình Mỗi xã một sản phẩm"
TEMPLATE_VERSION = "1"
# Number and day of the paper in the reference of its annex, written or left open.
_REFERENCE = re.compile(rf"số \s*\S+ ngày .+? năm (\d{{4}}|{DOTS})")


def legal_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Căn cứ, one a line: each ends with ";", the last with "." (NĐ 30/2020, Phụ lục I, mục II.6)."""
    plain = [line.rstrip(" .;") for line in lines]
    return (*(f"{line};" for line in plain[:-1]), *(f"{line}." for line in plain[-1:]))


def criteria_basis(day: dt.date) -> str:
    """The decision of the Prime Minister on criteria and procedure that was in force on the day."""
    number = proposed_for(day)
    basis = next((basis for basis in LEGAL_BASES if basis.number == number), LEGAL_BASES[0])
    return (
        f"Căn cứ Quyết định số {basis.number} {words.formal_date(basis.since)} của Thủ tướng Chính phủ về Bộ "
        f"tiêu chí và quy trình đánh giá, phân hạng sản phẩm {PROGRAMME}"
    )


def cited(number: str, day: dt.date | None) -> str:
    """ "số 41/TTr-SNNMT ngày 30 tháng 6 năm 2026", or with room to write."""
    when = words.formal_date(day) if day else f"ngày {DOTS} tháng {DOTS} năm {DOTS}"
    return f"số {number or DOTS} {when}"


def referring(reference: str, number: str, day: dt.date) -> str:
    """The line below an annex's title once the paper it comes with has its number and day."""
    return _REFERENCE.sub(f"số {number} {words.formal_date(day)}", reference, count=1)


def moment(at: dt.datetime | None) -> str:
    """ "07 giờ 30 phút, ngày 24 tháng 6 năm 2026", or with room to write."""
    if at is None:
        return f"{DOTS} giờ {DOTS} phút, ngày {DOTS} tháng {DOTS} năm {DOTS}"
    return f"{at:%H} giờ {at:%M} phút, {words.formal_date(at)}"


def sections(plain: Iterable[Section]) -> tuple[Section, ...]:
    """Sections as "I. TÊN PHẦN", those without blocks left out; one without a title is not counted."""
    found: list[Section] = []
    place = 0
    for section in plain:
        if section.blocks:
            place += bool(section.title)
            title = f"{roman(place)}. {section.title.upper()}" if section.title else ""
            found.append(Section(title, section.blocks))
    return tuple(found)


def columns(*described: tuple[str, int, str]) -> tuple[Column, ...]:
    """Columns from (title, percent, alignment)."""
    return tuple(Column(*column) for column in described)


def counted(rows: Iterable[Sequence[str]]) -> tuple[Row, ...]:
    """Rows with their running number before them."""
    return tuple(Row((str(place), *cells)) for place, cells in enumerate(rows, start=1))


def stars_text(star: int | None) -> str:
    """ "4 sao", or that there is none."""
    return f"{star} sao" if star else "Không xếp hạng"


def day_text(value: str | dt.date | None) -> str:
    """A day of a snapshot (ISO text) or a date as 05/11/2026; nothing stays nothing."""
    if not value:
        return ""
    return format_date(dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value)

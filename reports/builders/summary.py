"""Bảng tổng hợp điểm: members by dossiers of one session, with mean, bounds, spread and what failed."""

from datetime import date

from core.numbers import format_points
from evaluation.models import AgendaItem, Session
from reports import words
from reports.builders import common
from reports.builders.council import Held, held
from reports.document import Document, Head, Layout, Paragraph, Section, Signature, Table

NBSP = "\u00a0"
# What the columns other than the members' take, in percent.
TAKEN = 58


def build(session: Session, *, today: date) -> Document:
    """The table of a session; raises DomainError while one of its results is open."""
    facts = held(session)
    head = facts.letterhead
    return Document(
        head=Head(head.governing_body, head.issuing_body),
        type_name="BẢNG TỔNG HỢP ĐIỂM",
        subject=f"{session.name}, ngày {common.day_text(session.held_on)}",
        sections=(Section("", (_table(facts), *map(Paragraph, _notes(facts)))),),
        signatures=(
            # An empty line beside the place and date, so that both names stand on one line.
            Signature(("THƯ KÝ",), facts.course.secretary, place_date=NBSP),
            Signature(
                ("CHỦ TỌA",),
                facts.course.chair,
                place_date=head.place_date(today),
            ),
        ),
        layout=Layout.FORM,
        landscape=True,
    )


def _members(facts: Held) -> dict[int, str]:
    """Everybody whose sheet counted somewhere, by seat, in the order of the sheets."""
    found: dict[int, str] = {}
    for item in facts.items:
        for member in item.result.detail["members"]:
            found.setdefault(member["seat"], f"{member['name']} ({member['role']})")
    return found


def _table(facts: Held) -> Table:
    members = _members(facts)
    width = max(3, (100 - TAKEN) // max(len(members), 1))
    titles = common.columns(
        ("TT", 4, "center"), ("Sản phẩm, chủ thể", 100 - 4 - 35 - width * len(members), "left"),
        *((f"TV{place}", width, "right") for place in range(1, len(members) + 1)),
        ("Trung bình", 7, "right"), ("Chênh lệch", 6, "right"), ("Sao theo điểm", 6, "center"),
        ("Hạng sao", 6, "center"), ("Ghi chú", 10, "left"),
    )  # fmt: skip
    return Table("", titles, common.counted(_row(item, list(members)) for item in facts.items))


def _row(item: AgendaItem, seats: list[int]) -> tuple[str, ...]:
    result, product = item.result, item.version.dossier.product
    totals = {member["seat"]: str(member["total"]) for member in result.detail["members"]}
    return (
        f"{product.name} - {product.entity.name}",
        *(totals.get(seat, "-") for seat in seats),
        format_points(result.detail["total"]["shown"]),
        str(result.detail["spread"]),
        str(result.star_by_score),
        str(result.star or "-"),
        _note(item),
    )


def _note(item: AgendaItem) -> str:
    if item.result.excluded:
        return "Bị loại"
    return "Thiếu điều kiện" if item.result.star != item.result.star_by_score else ""


def _notes(facts: Held) -> list[str]:
    """Who the columns are, and every condition that cost a star."""
    names = (f"TV{place}: {name}" for place, name in enumerate(_members(facts).values(), start=1))
    lines = [
        f"Thành viên chấm điểm: {'; '.join(names)}.",
        'Dấu "-" là phiếu không có hoặc không tính. Điểm trung bình lấy hai chữ số, luôn làm tròn xuống.',
    ]
    return [*lines, *(line for item in facts.items if (line := _failed(item)))]


def _failed(item: AgendaItem) -> str:
    detail, name = item.result.detail, item.version.dossier.product.name
    if item.result.excluded:
        return f"{name}: bị loại, {words.lower_first(detail['exclusion']['ground']).rstrip(' .;')}."
    if item.result.star == item.result.star_by_score:
        return ""
    unmet = {(row["star"], row["criterion"]): row["title"] for row in detail["unmet"]}
    listed = "; ".join(f"{star} sao: {code} {title}" for (star, code), title in sorted(unmet.items()))
    return f"{name}: điều kiện chưa đạt cho hạng {listed}."

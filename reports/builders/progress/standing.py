"""Products in force, certificates about to end, persons trained, money: as the dashboard counts them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.numbers import format_number
from core.text import sort_key
from reports import words
from reports.builders.progress.facts import VALID_BY_COMMUNE, Facts
from reports.dashboard.in_force import MONTHS_AHEAD, Valid, months_later
from reports.dashboard.work import TRAINED
from reports.document import Block, Column, Heading, Paragraph, Row, Table
from reports.queries import STARS
from training.enums import FundSource
from training.indicators import Counted
from training.models import FigureSet
from training.queries import Budget
from training.queries.budget import FundSum


def as_frozen(facts: Facts, figure_set: FigureSet) -> Facts:
    """The same with what was frozen beside the targets; an older version that kept none is counted anew."""
    kept = figure_set.summary.get("standing")
    if not kept:
        return facts
    value, of = kept["counted"].get(TRAINED, (0, 0))
    return replace(
        facts, valid=_valid(kept, figure_set.as_of), trained=Counted(value, of), budget=_money(kept)
    )


def _valid(kept: Mapping[str, Any], day: date) -> Valid:
    valid = Valid()
    for family, stars in kept["families"]:
        valid.families[family].update(_by_star(stars))
    for commune, name, stars in kept["communes"]:
        valid.by_commune[commune].update(_by_star(stars))
        valid.names[commune] = name
    valid.total = sum(sum(stars.values()) for stars in valid.families.values())
    months = {date.fromisoformat(f"{month}-01"): number for month, number in kept["expiring"].items()}
    end = months_later(day.replace(day=1), MONTHS_AHEAD)
    valid.expiring.update({month: number for month, number in months.items() if month < end})
    return valid


def _by_star(stars: Mapping[str, int]) -> dict[int, int]:
    return {int(star): number for star, number in stars.items()}


def _money(kept: Mapping[str, Any]) -> Budget:
    """By source: the single lines may have been corrected since."""
    funds = tuple(
        FundSum(label, Decimal(str(planned)), Decimal(str(spent))) for label, planned, spent in kept["funds"]
    )
    return Budget(
        lines=(),
        funds=funds,
        planned=sum((fund.planned for fund in funds), Decimal(0)),
        spent=sum((fund.spent for fund in funds), Decimal(0)),
    )


def valid_blocks(facts: Facts, names: dict[str, str]) -> tuple[Block, ...]:
    """Products in force by family and star on the day, and the certificates that end in the coming months."""
    if facts.valid is None or not facts.valid.total:
        return ()
    told = (
        f"Số liệu theo xã, phường tại {names[VALID_BY_COMMUNE]} kèm theo."
        if VALID_BY_COMMUNE in names
        else ""
    )
    texts = [text for text in (told, expiring_sentence(facts)) if text]
    return (Heading("Sản phẩm còn hiệu lực"), families_table(facts), *map(Paragraph, texts))


def families_table(facts: Facts) -> Table:
    """Products in force by family and star, the largest family first."""
    families = facts.valid.families if facts.valid else {}
    ranked = sorted(families.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows = [Row((name, *star_cells(stars))) for name, stars in ranked]
    totals = {star: sum(stars.get(star, 0) for _, stars in ranked) for star in STARS}
    columns = (Column("Ngành sản phẩm", 52), *star_columns(48))
    caption = f"Sản phẩm còn hiệu lực đến hết ngày {words.short_date(facts.as_of)}"
    return Table(caption, columns, (*rows, Row(("Tổng cộng", *star_cells(totals)), "total")))


def star_columns(width: int) -> tuple[Column, ...]:
    titles = (*(f"{star} sao" for star in STARS), "Cộng")
    return tuple(Column(title, width // len(titles), "center", "number") for title in titles)


def star_cells(stars: dict[int, int]) -> tuple[str, ...]:
    numbers = [stars.get(star, 0) for star in STARS]
    return tuple(format_number(number) for number in (*numbers, sum(numbers)))


def expiring_sentence(facts: Facts) -> str:
    """ "Trong 12 tháng tới có 3 giấy chứng nhận hết hạn: tháng 12/2026 1 giấy và tháng 02/2027 2 giấy."."""
    months = sorted(facts.valid.expiring.items()) if facts.valid else []
    if not months:
        return ""
    total = format_number(sum(number for _, number in months))
    counted = [f"tháng {month:%m/%Y} {format_number(number)} giấy" for month, number in months]
    return f"Trong 12 tháng tới có {total} giấy chứng nhận hết hạn: {words.listing(counted)}."


def valid_annex(facts: Facts) -> Table:
    """Products in force of every commune that has any, most first, equals in Vietnamese order."""
    valid = facts.valid
    found = valid.by_commune.items() if valid else ()
    names = valid.names if valid else {}
    ranked = sorted(found, key=lambda item: (-sum(item[1].values()), sort_key(names[item[0]])))
    rows = [
        Row((str(place), names[commune], *star_cells(stars)))
        for place, (commune, stars) in enumerate(ranked, start=1)
    ]
    return Table(
        "", (Column("TT", 6, "center", "number"), Column("Xã, phường", 46), *star_columns(48)), tuple(rows)
    )


def trained_sentence(facts: Facts) -> str:
    """How many of the persons on the register attended a class in full."""
    trained = facts.trained
    if trained is None or not trained.of:
        return ""
    number = trained.number
    share = f" ({words.percent(number / 100)})" if number is not None else ""
    return (
        f"Trong {format_number(trained.of)} người thuộc diện phải tập huấn, "
        f"{format_number(trained.value)} người đã dự đủ ít nhất một lớp{share}."
    )


def money_blocks(facts: Facts) -> tuple[Block, ...]:
    """The plan's money by line, or by source when it was frozen: planned, and spent up to the day."""
    budget = facts.budget
    if budget is None or not (budget.lines or budget.funds):
        return ()
    spent = f", bằng {words.percent(budget.spent / budget.planned)} dự toán" if budget.planned else ""
    return (
        Paragraph(
            f"Đến hết ngày {words.short_date(facts.as_of)} đã chi "
            f"{format_number(budget.spent, 0)} đồng trên {format_number(budget.planned, 0)} đồng{spent}."
        ),
        _lines_table(budget) if budget.lines else _funds_table(budget),
    )


def _lines_table(budget: Budget) -> Table:
    columns = (
        Column("TT", 6, "center", "number"),
        Column("Nội dung chi", 36),
        Column("Nguồn vốn", 20),
        Column("Dự toán (đồng)", 19, "right", "number"),
        Column("Đã chi (đồng)", 19, "right", "number"),
    )
    rows = [
        Row(
            (
                str(place),
                line.purpose,
                str(FundSource(line.fund).label),
                format_number(line.planned, 0),
                "" if line.spent is None else format_number(line.spent, 0),
            )
        )
        for place, line in enumerate(budget.lines, start=1)
    ]
    total = Row(("", "Tổng cộng", "", *_sums(budget)), "total")
    return Table("Kinh phí thực hiện kế hoạch", columns, (*rows, total))


def _funds_table(budget: Budget) -> Table:
    columns = (
        Column("TT", 6, "center"),
        Column("Nguồn vốn", 50),
        Column("Dự toán (đồng)", 22, "right"),
        Column("Đã chi (đồng)", 22, "right"),
    )
    rows = [
        Row((str(place), fund.label, format_number(fund.planned, 0), format_number(fund.spent, 0)))
        for place, fund in enumerate(budget.funds, start=1)
    ]
    return Table("Kinh phí theo nguồn", columns, (*rows, Row(("", "Tổng cộng", *_sums(budget)), "total")))


def _sums(budget: Budget) -> tuple[str, str]:
    return format_number(budget.planned, 0), format_number(budget.spent, 0)

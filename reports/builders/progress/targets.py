"""II. The targets against the plan: sentences, table, chart."""

from collections.abc import Iterable, Mapping

from core.numbers import format_number
from reports import words
from reports.builders.progress.facts import GIVEN, TARGETS, Facts, main_target
from reports.document import Block, Column, Figure, Heading, Paragraph, Points, Row, Table
from training.enums import TargetStatus
from training.queries import TargetProgress


def target_blocks(facts: Facts, names: dict[str, str]) -> tuple[Block, ...]:
    """The comparison with the plan: a sentence a target, the table, and the chart."""
    targets = facts.progress.targets
    if not targets:
        return ()
    points = target_points(targets, facts.earlier)
    return (
        Heading("Kết quả so với kế hoạch"),
        Paragraph(f"Kết quả như sau (nguồn, ngày của từng số liệu tại {names[TARGETS]} kèm theo):"),
        targets_table(targets),
        *points,
        *given_sentence(facts, names),
        *growth_figure(facts),
    )


def given_sentence(facts: Facts, names: dict[str, str]) -> list[Paragraph]:
    """How what was given to single communes stands in all; each of them has its line in the annex."""
    if not facts.given:
        return []
    units = len({target.scope_text for target in facts.given})
    reached = sum(target.status == TargetStatus.DONE for target in facts.given)
    return [
        Paragraph(
            f"Đã giao {len(facts.given)} chỉ tiêu cho {units} xã, phường, trong đó {reached} chỉ tiêu đạt "
            f"(chi tiết tại {names[GIVEN]} kèm theo)."
        )
    ]


def target_points(targets: Iterable[TargetProgress], earlier: Mapping[str, int]) -> list[Points | Paragraph]:
    """A sentence for every target that has a value: totals as a), b) …, their parts with a dash below.

    A single one is a paragraph: there is no a) without b).
    """
    told = [target for target in targets if target.status != TargetStatus.NO_DATA]
    if len(told) < 2:
        return [Paragraph(target_sentence(target, earlier)) for target in told]
    lettered = iter(Points.lettered(["" for target in told if not target.is_part]).items)
    marks = ("-" if target.is_part else next(lettered)[0] for target in told)
    texts = [target_sentence(target, earlier) for target in told]
    return [Points(tuple(zip(marks, texts, strict=True)))]


def target_sentence(target: TargetProgress, earlier: Mapping[str, int]) -> str:
    """One target against its plan, the time passed and the year before, and where it is heading."""
    planned = _with_unit(_in_words(target.planned_text), target)
    parts = [f"{row_name(target)}: {_with_unit(target.actual_text, target)}, kế hoạch {planned}"]
    if target.share is not None and not is_percent(target):
        parts[0] += f", bằng {words.percent(target.share)} kế hoạch"
        if target.status != TargetStatus.DONE and target.time_share < 1:
            parts[0] += f", {words.compared(target.share, target.time_share)} thời gian đã qua"
    parts.append(against_last_year(target, earlier))
    parts.append(words.lower_first(target.note))
    if forecast := forecast_text(target):
        parts.append(f"nếu giữ nhịp độ này thì hết kỳ đạt {_with_unit(forecast, target)}")
    return words.sentence("; ".join(text for part in parts if (text := part.rstrip(" .;"))))


def is_number_of_the_area(target: TargetProgress) -> bool:
    """Counted over the whole area, and no share or number of units that reach something."""
    is_plain = target.whole_plan and not target.planned_for_one_unit and not is_percent(target)
    return bool(target.computed and target.computed_by) and is_plain


def against_last_year(target: TargetProgress, earlier: Mapping[str, int]) -> str:
    """ "tăng 5 sản phẩm so với cùng kỳ năm trước (12 sản phẩm)".

    Nothing when the year before has no records: whether there was nothing or nobody wrote it down is unknown.
    """
    before = earlier.get(target.computed_by, 0) if is_number_of_the_area(target) else 0
    if not before or target.actual is None:
        return ""
    more = target.actual - before
    if not more:
        return f"bằng cùng kỳ năm trước ({_with_unit(format_number(before), target)})"
    difference = _with_unit(format_number(abs(more)), target)
    before_words = _with_unit(format_number(before), target)
    return f"{'tăng' if more > 0 else 'giảm'} {difference} so với cùng kỳ năm trước ({before_words})"


def row_name(target: TargetProgress) -> str:
    """The indicator, with whom it is for when that is not the whole area."""
    scope = "" if target.whole_plan else f" ({words.lower_first(target.scope_text)})"
    return f"{target.label}{scope}"


def _in_words(planned: str) -> str:
    """ "≥ 25" as "ít nhất 25"."""
    return planned.replace("≥ ", "ít nhất ").replace("> ", "trên ")


def is_percent(target: TargetProgress) -> bool:
    return "%" in target.planned_text


def forecast_text(target: TargetProgress) -> str:
    """Where the value is heading at the end of the plan; nothing without a forecast or a beginning."""
    if not target.has_forecast or not target.actual or target.time_share == 1:
        return ""
    return f"{format_number(target.forecast)}{'%' if is_percent(target) else ''}"


def _with_unit(text: str, target: TargetProgress) -> str:
    """ "17" as "17 sản phẩm"; words, dates, ratios and percentages stand alone."""
    text = percent_sign(text)
    is_number = text[-1:].isdigit() and "/" not in text
    return f"{text} {target.unit_name}" if is_number and target.unit_name not in ("", "%") else text


def percent_sign(text: str) -> str:
    return text.replace(" %", "%")


def targets_table(targets: Iterable[TargetProgress]) -> Table:
    """Planned and actual of every target."""
    columns = (
        Column("TT", 6, "center"),
        Column("Chỉ tiêu", 29),
        Column("Đơn vị tính", 12, "center"),
        Column("Kế hoạch", 14, "center", "number"),
        Column("Thực hiện", 14, "center", "number"),
        Column("Tỷ lệ", 10, "center", "percent"),
        Column("Đánh giá", 15, "center"),
    )
    rows = [
        Row(
            (
                number,
                row_name(target),
                target.unit_name,
                percent_sign(target.planned_text),
                percent_sign(target.actual_text),
                words.percent(target.share),
                target.status_text,
            ),
            "part" if target.is_part else "",
        )
        for number, target in in_order(targets)
    ]
    return Table("Kết quả thực hiện các chỉ tiêu", columns, tuple(rows))


def in_order(targets: Iterable[TargetProgress]) -> Iterable[tuple[str, TargetProgress]]:
    """ "1", "2" for totals and "2.1", "2.2" for the parts that follow them."""
    whole = part = 0
    for target in targets:
        whole, part = (whole, part + 1) if target.is_part and whole else (whole + 1, 0)
        yield f"{whole}.{part}" if part else str(whole), target


def growth_figure(facts: Facts) -> list[Figure]:
    """The running total of the main target against the straight line of the plan."""
    target = main_target(facts.progress)
    if target is None or not facts.growth:
        return []
    values = {
        "planned": str(target.planned),
        "forecast": str(target.forecast) if target.has_forecast else None,
        "points": [[day.isoformat(), value] for day, value in facts.growth],
        "start": facts.plan.starts_on.isoformat(),
        "end": facts.plan.ends_on.isoformat(),
        "as_of": facts.as_of.isoformat(),
    }
    return [Figure(f"{target.label} so với kế hoạch", "growth", values)]

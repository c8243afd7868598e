"""Annexes: the targets in detail, the products recognised, the communes."""

from reports import words
from reports.builders.progress.facts import COMMUNES, GIVEN, PRODUCTS, TARGETS, VALID_BY_COMMUNE, Facts
from reports.builders.progress.results import tally_cells, tally_columns, total_row
from reports.builders.progress.standing import valid_annex
from reports.builders.progress.targets import forecast_text, in_order, percent_sign
from reports.document import Annex, Column, Row, Table
from reports.queries import place_of
from training.models import Plan
from training.queries import TargetProgress


def annexes(facts: Facts, names: dict[str, str]) -> tuple[Annex, ...]:
    """The annexes in the order of their numbers."""
    titles = {
        TARGETS: ("CHI TIẾT THỰC HIỆN CHỈ TIÊU", targets_annex),
        GIVEN: ("CHỈ TIÊU GIAO CHO XÃ, PHƯỜNG", given_annex),
        PRODUCTS: ("DANH MỤC SẢN PHẨM ĐƯỢC CÔNG NHẬN TRONG KỲ", products_annex),
        COMMUNES: ("HỒ SƠ VÀ SẢN PHẨM ĐƯỢC CÔNG NHẬN THEO XÃ, PHƯỜNG", communes_annex),
        VALID_BY_COMMUNE: ("SẢN PHẨM CÒN HIỆU LỰC THEO XÃ, PHƯỜNG", valid_annex),
    }
    reference = (
        f"(Kèm theo Báo cáo số         /{facts.symbol} {words.formal_date(facts.dated)} "
        f"của {facts.letterhead.issuer_name})"
    )
    return tuple(
        Annex(name, titles[kind][0], reference, (titles[kind][1](facts),)) for kind, name in names.items()
    )


def targets_annex(facts: Facts) -> Table:
    """Every target with its scope, due date, forecast, and the source and day of its value."""
    columns = (
        Column("TT", 4, "center"),
        Column("Chỉ tiêu", 18),
        Column("Phạm vi", 8),
        Column("Đơn vị tính", 8, "center"),
        Column("Kế hoạch", 9, "center", "number"),
        Column("Hạn", 9, "center", "date"),
        Column("Thực hiện", 9, "center", "number"),
        Column("Tỷ lệ", 7, "center", "percent"),
        Column("Dự báo hết kỳ", 7, "center", "number"),
        Column("Đánh giá", 8, "center"),
        Column("Nguồn, ngày", 13),
    )
    rows = [
        Row(_target_cells(number, target, facts.plan), "part" if target.is_part else "")
        for number, target in in_order(facts.progress.targets)
    ]
    return Table("", columns, tuple(rows))


def _target_cells(number: str, target: TargetProgress, plan: Plan) -> tuple[str, ...]:
    return (
        number,
        target.label,
        target.scope_text,
        target.unit_name,
        percent_sign(target.planned_text),
        words.short_date(target.due_on or plan.ends_on),
        percent_sign(target.actual_text),
        words.percent(target.share),
        forecast_text(target),
        target.status_text,
        ", ".join(part for part in (target.value_source, words.short_date(target.as_of)) if part),
    )


def given_annex(facts: Facts) -> Table:
    """What each commune was given and reached, target by target."""
    columns = (
        Column("TT", 6, "center", "number"),
        Column("Xã, phường", 34),
        Column("Kế hoạch", 14, "center", "number"),
        Column("Thực hiện", 16, "center", "number"),
        Column("Tỷ lệ", 10, "center", "percent"),
        Column("Đánh giá", 20, "center"),
    )
    rows: list[Row] = []
    label, place = "", 0
    for target in facts.given:
        if target.label != label:
            label, place = target.label, 0
            rows.append(Row((f"{label} ({target.unit_name})",), "group"))
        place += 1
        cells = (
            str(place),
            target.scope_text,
            percent_sign(target.planned_text),
            percent_sign(target.actual_text),
            words.percent(target.share),
            target.status_text,
        )
        rows.append(Row(cells))
    return Table("", columns, tuple(rows), groups="Chỉ tiêu")


def products_annex(facts: Facts) -> Table:
    """The products recognised in the period, commune of today by commune."""
    columns = (
        Column("TT", 5, "center", "number"),
        Column("Sản phẩm", 25),
        Column("Chủ thể", 25),
        Column("Bộ sản phẩm", 15),
        Column("Hạng sao", 7, "center"),
        Column("Số quyết định", 14, "center"),
        Column("Ngày", 9, "center", "date"),
    )
    rows: list[Row] = []
    commune = None
    for place, recognition in enumerate(facts.results.recognitions, start=1):
        product = recognition.product
        if place_of(product) != commune:
            commune = place_of(product)
            rows.append(Row((commune.name,), "group"))
        cells = (
            str(place),
            product.name,
            product.entity.name,
            product.product_set.name,
            f"{recognition.star} sao",
            recognition.decision_number,
            words.short_date(recognition.decided_on),
        )
        rows.append(Row(cells))
    return Table("", columns, tuple(rows), groups="Xã, phường")


def communes_annex(facts: Facts) -> Table:
    """Dossiers and recognised products of every commune that has any, most recognised first."""
    columns = (Column("TT", 6, "center", "number"), Column("Xã, phường", 40), *tally_columns(54))
    tallies = facts.results.by_commune()
    rows = [
        Row((str(place), tally.label, *tally_cells(tally))) for place, tally in enumerate(tallies, start=1)
    ]
    return Table("", columns, (*rows, total_row(tallies, ("",))))

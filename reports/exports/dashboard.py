"""The dashboard as a workbook: what was chosen, a sheet for each block of the page."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import IO, Any

from django.db.models import QuerySet

from core import workbooks
from core.numbers import to_decimal
from core.text import sort_key
from core.workbooks import Sheet
from reports import charts
from reports.comparisons.figures import EXPIRING, FIGURES, cut
from reports.dashboard import Dashboard
from reports.dashboard.in_force import valid_products
from reports.dashboard.road import Road, Step
from reports.dashboard.work import Coverage, Promotion
from reports.exports.sheets import cover, plan_words, table
from training import indicators, lists
from training.enums import FundSource
from training.queries import TargetProgress, TaskLine, period_of

TARGET_HEADS = (
    ("Chỉ tiêu", 44), ("Phạm vi", 20), ("Đơn vị tính", 14), ("Kế hoạch", 16), ("Số kế hoạch", 12),
    ("Thực hiện", 18), ("Số thực hiện", 12), ("Tỷ lệ (%)", 10), ("Thời gian đã qua (%)", 12),
    ("Đánh giá", 18), ("Dự báo cuối kỳ", 12), ("Hạn", 12), ("Nguồn số liệu", 24), ("Số liệu đến ngày", 14),
)  # fmt: skip
STAR_HEADS = (("5 sao", 10), ("4 sao", 10), ("3 sao", 10), ("Cộng", 10))
STARS = (5, 4, 3)
# Values are cut at the second decimal, as on the page.
CENT = Decimal("0.01")


def dashboard_book(board: Dashboard, *, by: Any) -> IO[bytes]:
    """Every table and figure of the page as it was chosen."""
    sheets = [
        cover("Bảng điều hành", _facts(board), by=by),
        targets_sheet(card_targets(board.cards)),
        *_growth(board),
        *(() if board.plan.is_reference else _records(board)),
        *_tasks(board),
        *_money(board),
    ]
    return workbooks.write_book(sheets)


def _facts(board: Dashboard) -> list[tuple[str, Any]]:
    choice, progress = board.choice, board.progress
    return [
        ("Đơn vị", str(choice.commune or board.plan.unit)),
        ("Kế hoạch", plan_words(board.plan)),
        ("Số liệu đến ngày", progress.as_of),
        ("Nhóm sản phẩm", choice.group_words or "tất cả"),
        ("Thời gian đã qua (%)", round(100 * progress.time_share)),
    ]


def card_targets(cards: Iterable[Any]) -> Iterator[TargetProgress]:
    """The targets of the cards, each followed by those below it."""
    for card in cards:
        yield card.target
        yield from (below.target for below in card.below)


def targets_sheet(targets: Iterable[TargetProgress]) -> Sheet:
    return table("Chỉ tiêu", TARGET_HEADS, (_target_row(target) for target in targets))


def _target_row(target: TargetProgress) -> tuple:
    return (
        f"- {target.label}" if target.is_part else target.label,
        target.scope_text,
        target.unit_name,
        target.planned_text,
        target.planned,
        target.actual_text,
        None if target.actual is None else target.actual.quantize(CENT, rounding=ROUND_DOWN),
        percent(target.share),
        percent(target.time_share),
        target.status_text,
        target.forecast,
        target.due_on,
        target.value_source,
        target.as_of,
    )


def percent(share: Fraction | None) -> Decimal | None:
    """A share as per cent, cut at one decimal as on the page."""
    return None if share is None else cut(to_decimal(share * 100))


def stars_row(label: str, stars: Any) -> tuple:
    """A label, numbers by star, and their sum."""
    numbers = [stars.get(star, 0) for star in STARS]
    return (label, *numbers, sum(numbers))


def _growth(board: Dashboard) -> list[Sheet]:
    """The running total that is drawn."""
    target, plan = board.burn_target, board.plan
    if target is None or board.burn_chart is None:
        return []
    area = plan.unit if board.burn_of_whole or not board.choice.commune else board.choice.commune
    day = board.progress.as_of
    by_month = indicators.by_month(target.computed_by, area, period_of(plan, day))
    points = charts.cumulate(by_month, plan.starts_on, day)
    notes = [f"{target.label}, {area}; kế hoạch {target.planned_text}"]
    return [table("Lũy kế theo tháng", (("Đến ngày", 16), ("Lũy kế", 12)), points, notes)]


def _records(board: Dashboard) -> Iterator[Sheet]:
    """What rests on the system's records: products in force, dossiers, certificates, training, promotion."""
    valid = valid_products(board.choice, board.progress.as_of)
    families = (
        stars_row(name, stars)
        for name, stars in sorted(valid.families.items(), key=lambda item: sort_key(item[0]))
    )
    yield table("Sao theo nhóm", (("Ngành", 44), *STAR_HEADS), families)
    communes = (stars_row(row.name, row.stars) for row in board.communes)
    notes = [f"{row.name} gồm xã cũ: {', '.join(row.former)}" for row in board.communes if row.former]
    yield table("Xã, phường", (("Xã, phường", 30), *STAR_HEADS), communes, notes)
    if board.road:
        yield road_sheet(board.road)
    months = ((f"{month.month:%m/%Y}", month.number, month.window) for month in board.expiring)
    heads = (("Tháng hết hạn", 16), ("Giấy chứng nhận", 16), ("Nộp hồ sơ đánh giá lại", 26))
    yield table("Hết hạn theo tháng", heads, months)
    yield _expiring(board)
    if board.coverage:
        yield _training(board.coverage)
    if board.promotion:
        yield promotion_sheet(board.promotion)


def road_sheet(road: Road) -> Sheet:
    heads = (
        ("Bước", 40), ("Hồ sơ đang ở bước", 14), ("Đang chờ, trung vị", 18), ("Đã qua bước, trung vị", 18),
        ("Số lần qua bước", 14), ("Hạn theo quy định", 20), ("Quá hạn", 10),
    )  # fmt: skip
    steps = [*road.steps, *([road.re_ranking] if road.re_ranking else []), *road.ends]
    return table("Hồ sơ theo bước", heads, map(_step_row, steps), [f"Hồ sơ của năm {road.years}"])


def _step_row(step: Step) -> tuple:
    return (
        step.label,
        step.number,
        step.waiting.words if step.waiting else None,
        step.taken.words if step.taken else None,
        step.taken_by or None,
        step.limit,
        step.over or None,
    )


def _expiring(board: Dashboard) -> Sheet:
    """The products themselves whose recognition ends within 180 days, those first that end first."""
    heads = (
        ("Sản phẩm", 40), ("Chủ thể", 36), ("Xã, phường", 24), ("Hạng sao", 10), ("Số quyết định", 18),
        ("Ngày quyết định", 14), ("Hết hạn", 14),
    )  # fmt: skip
    rows = (
        (
            row.product.name,
            row.product.entity.name,
            row.product.commune.name,
            row.star,
            row.decision_number,
            row.decided_on,
            row.expires_on,
        )
        for row in _expiring_rows(board)[: workbooks.ROW_LIMIT]
    )
    return table("Sắp hết hạn 180 ngày", heads, rows)


def _expiring_rows(board: Dashboard) -> QuerySet:
    choice, plan = board.choice, board.plan
    area = choice.commune or plan.unit
    found = lists.counted_rows(FIGURES[EXPIRING], area, period_of(plan, board.progress.as_of))
    if choice.product_set:
        found = found.filter(product__product_set=choice.product_set.pk)
    elif choice.family:
        found = found.filter(product__product_set__family=choice.family)
    return found.order_by("expires_on", "product__sort_name", "pk")


def _training(told: Coverage) -> Sheet:
    planned = told.classes_planned
    rows = (
        ("Người trong danh sách", told.total, "người"),
        ("Đã được tập huấn", told.trained, "người"),
        ("Chưa được tập huấn", told.missing, "người"),
        ("Tỷ lệ đã tập huấn", percent(told.share), "%"),
        ("Lớp đã tổ chức", told.held, "lớp"),
        ("Lớp theo kế hoạch", planned.planned if planned else None, "lớp"),
        ("Lượt học viên", told.trainees, "lượt"),
    )
    return table("Tập huấn", (("Nội dung", 32), ("Số", 12), ("Đơn vị tính", 12)), rows)


def promotion_sheet(told: Promotion) -> Sheet:
    rows = [(row.label, row.number, percent(row.share)) for row in told.channels]
    rows += [
        (f"{target.label}: {target.actual_text} / {target.planned_text}", target.actual, None)
        for target in card_targets(told.targets)
    ]
    notes = [f"{told.told} trong {told.total} sản phẩm còn hiệu lực có khai kênh tiêu thụ"]
    heads = (("Kênh tiêu thụ, chỉ tiêu xúc tiến", 50), ("Số", 12), ("Tỷ lệ (%)", 12))
    return table("Xúc tiến thương mại", heads, rows, notes)


def _tasks(board: Dashboard) -> Iterator[Sheet]:
    """Late tasks by lead unit and those due soon; of a reference plan all it gave."""
    if board.plan.is_reference:
        yield tasks_sheet("Nhiệm vụ giao", board.tasks)
        return
    yield tasks_sheet("Nhiệm vụ quá hạn", (task for task in board.tasks if task.is_overdue))
    yield tasks_sheet("Đến hạn trong 30 ngày", board.soon)


def tasks_sheet(title: str, tasks: Iterable[TaskLine]) -> Sheet:
    heads = (("Đơn vị chủ trì", 36), ("Nhiệm vụ", 60), ("Hạn", 14), ("Tình trạng", 24))
    ranked = sorted(tasks, key=lambda task: (sort_key(task.lead_unit), sort_key(task.title)))
    return table(title, heads, ((t.lead_unit, t.title, t.due_on, t.status_text) for t in ranked))


def _money(board: Dashboard) -> list[Sheet]:
    if board.money is None:
        return []
    heads = (("Nội dung chi", 50), ("Nguồn vốn", 26), ("Kế hoạch (đồng)", 18), ("Đã chi (đồng)", 18),
             ("Đã chi tính đến ngày", 16))  # fmt: skip
    budget = board.money.budget
    rows = [
        (line.purpose, str(FundSource(line.fund).label), line.planned, line.spent, line.spent_on)
        for line in budget.lines
    ]
    return [table("Kinh phí", heads, [*rows, ("Tổng cộng", None, budget.planned, budget.spent, None)])]

"""A stay of a dossier at a step in words: its row in a list, its days, and what the law allows."""

from datetime import date
from decimal import Decimal

from core.numbers import format_date, format_number
from products.enums import DossierState
from products.models import Dossier
from products.queries.steps import LIMITS, RE_RANKING

# No number of days: a round is over by then (Đ5 QĐ 26/2026).
ROUNDS_END = "đợt xong trước 30/6, 30/12"
# So many days are told without a decimal.
WHOLE_FROM = 10
HEADS = ("Sản phẩm", "Chủ thể", "Xã, phường", "Hình thức", "Vào bước", "Ra khỏi bước", "Số ngày")


def step_label(step: str) -> str:
    """A state of the road, or re-ranking from its acceptance to the decision."""
    return "Đánh giá lại: tiếp nhận đến quyết định" if step == RE_RANKING else str(DossierState(step).label)


def days_words(days: float, step: str) -> str:
    """ "4,5 ngày làm việc"; in the days the law counts in."""
    limit, exact = LIMITS.get(step), Decimal(str(days)).quantize(Decimal("0.1"))
    unit = limit.unit if limit else "ngày"
    number = format_number(exact, 0) if exact >= WHOLE_FROM else format_number(exact)
    return f"dưới 1 {unit}" if exact < 1 else f"{number} {unit}"


def limit_words(step: str) -> str:
    """What the law allows for a step; empty where it says nothing."""
    limit = LIMITS.get(step)
    if limit is None:
        return ROUNDS_END if step == DossierState.ACCEPTED else ""
    return f"{limit.days} {limit.unit}"


def dossier_cells(dossier: Dossier) -> tuple[str, str, str]:
    """Under the first of `HEADS` after the product's name."""
    return (dossier.product.entity.name, dossier.commune.name, dossier.get_kind_display())


def stay_cells(
    step: str, since: date, until: date | None, days: float, is_over: bool
) -> tuple[str, str, str]:
    """Under the last three of `HEADS`."""
    over = ", quá hạn luật" if is_over else ""
    return format_date(since), format_date(until) if until else "", f"{days_words(days, step)}{over}"

"""What stands beside the targets when figures are frozen, so that the dashboard can be shown as of that day.

Plain JSON: it is kept with the version and never counted again.
"""

from collections import defaultdict
from typing import Any

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Cast, TruncMonth

from products.enums import SalesChannel
from training import indicators
from training.queries.budget import budget_of
from training.queries.plans import PlanProgress
from training.queries.targets import period_of, sum_of

VALID = "products_recognised_cumulative"


def standing_of(shown: PlanProgress) -> dict[str, Any]:
    """Products in force by family, commune and month of expiry; every counted indicator; late tasks; money.

    Seven queries. The road of the dossiers is added by who keeps the lists (`training.queries.keeping`).
    """
    plan, day = shown.plan, shown.as_of
    counted = indicators.count(sorted(indicators.REGISTRY), plan.unit, period_of(plan, day))
    totals = {name: sum_of(name, by_unit.values()) for name, by_unit in counted.items()}
    return {
        **_in_force(shown),
        "counted": {name: [total.value, total.of] for name, total in totals.items()},
        "late": [
            [task.lead_unit, task.title, task.due_on, task.task_id] for task in shown.tasks if task.is_overdue
        ],
        "funds": [[fund.label, fund.planned, fund.spent] for fund in budget_of(plan, day).funds],
    }


def _in_force(shown: PlanProgress) -> dict[str, Any]:
    """One query: products in force on the day in four ways."""
    sold = {
        channel: Count("pk", filter=Q(product__sales_channels__contains=[channel]))
        for channel in SalesChannel.values
    }
    groups = (
        indicators.rows(VALID, shown.plan.unit, period_of(shown.plan, shown.as_of))
        .order_by()
        .values(
            "star",
            family=F("product__product_set__family"),
            commune=F("product__commune__counts_for"),
            name=F("product__commune__counts_for__name"),
            order=F("product__commune__counts_for__sort_name"),
            month=Cast(TruncMonth("expires_on"), DateField()),
        )
        .annotate(number=Count("pk"), told=Count("pk", filter=~Q(product__sales_channels=[])), **sold)
    )
    channels: dict[str, int] = defaultdict(int)
    told = 0
    families: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    communes: dict[tuple[str, int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    months: dict[str, int] = defaultdict(int)
    for group in groups:
        families[group["family"]][group["star"]] += group["number"]
        communes[group["order"], group["commune"], group["name"]][group["star"]] += group["number"]
        told += group["told"]
        for channel in SalesChannel.values:
            channels[channel] += group[channel]
        if group["month"]:
            months[f"{group['month']:%Y-%m}"] += group["number"]
    ranked = sorted(communes.items(), key=lambda item: (-sum(item[1].values()), item[0][0]))
    return {
        "families": [[name, _by_star(families[name])] for name in sorted(families)],
        "communes": [[pk, name, _by_star(stars)] for (_, pk, name), stars in ranked],
        "expiring": dict(sorted(months.items())),
        "channels": {channel: number for channel, number in channels.items() if number},
        "told": told,
    }


def _by_star(stars: dict[int, int]) -> dict[str, int]:
    return {str(star): number for star, number in sorted(stars.items())}

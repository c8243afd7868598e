"""The whole page of one plan as of a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.dashboard.cards import Card, cards_of
from reports.dashboard.growth import burn_chart, can_be_drawn, first_to_draw
from reports.dashboard.in_force import (
    RANKED_COMMUNES,
    VALID,
    MonthOfExpiry,
    Valid,
    commune_bars,
    communes_chart,
    expiring,
    star_rows,
    stars_chart,
    valid_products,
)
from reports.dashboard.road import Step, funnel
from reports.dashboard.work import TRAINED, Coverage, LateUnit, coverage, late_units
from training.models import Plan
from training.queries import PlanProgress, TargetProgress, default_as_of, indicator_url, plan_progress


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    plan: Plan
    plans: tuple[Plan, ...]
    progress: PlanProgress
    cards: tuple[Card, ...]
    burn_target: TargetProgress | None
    burn_choices: tuple[TargetProgress, ...]
    burn_chart: SafeString | None
    stars_chart: SafeString | None
    communes_chart: SafeString | None
    communes_more: int
    valid_total: int
    valid_url: str
    funnel: tuple[Step, ...]
    expiring: tuple[MonthOfExpiry, ...]
    late: tuple[LateUnit, ...]
    coverage: Coverage | None

    @property
    def card_columns(self) -> int:
        """Columns of the cards on a wide screen: the count that leaves fewest places empty, then the most."""
        return min((6, 5, 4), key=lambda columns: (-len(self.cards) % columns, -columns))


def dashboard_of(plan: Plan, plans: Iterable[Plan], *, burn_target_id: int | None = None) -> Dashboard:
    """The page of one plan as of today, or of its last day when it is over.

    `burn_target_id`: the target whose growth is drawn; else the first that can be.
    """
    day = default_as_of(plan)
    records = not plan.is_reference
    progress = plan_progress(plan, as_of=day, with_classes=False, also=[TRAINED] if records else [])
    drawable = tuple(target for target in progress.targets if can_be_drawn(target))
    chosen = next((target for target in drawable if target.target_id == burn_target_id), None)
    burn_target = chosen or first_to_draw(drawable)
    valid = valid_products(plan, day) if records else Valid()
    return Dashboard(
        plan=plan,
        plans=tuple(plans),
        progress=progress,
        cards=cards_of(progress.targets),
        burn_target=burn_target,
        burn_choices=drawable,
        burn_chart=burn_chart(plan, burn_target, day) if burn_target else None,
        stars_chart=stars_chart(star_rows(valid.families, plan, day)),
        communes_chart=communes_chart(commune_bars(valid.communes, plan, day)),
        communes_more=max(len(valid.communes) - RANKED_COMMUNES, 0),
        valid_total=valid.total,
        valid_url=indicator_url(VALID, plan, day),
        funnel=funnel(plan) if records else (),
        expiring=expiring(plan, day, valid.expiring) if records else (),
        late=late_units(progress.tasks),
        coverage=coverage(plan, day, progress.totals[TRAINED]) if records else None,
    )

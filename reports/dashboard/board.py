"""The whole page of what was chosen, as of a day."""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from reports.dashboard import growth, in_force, work
from reports.dashboard.cards import Card, StatusCount, cards_in_commune, cards_of, status_counts
from reports.dashboard.choice import Choice
from reports.dashboard.in_force import CommuneRow, MonthOfExpiry, Valid
from reports.dashboard.road import Road, road_of
from reports.dashboard.work import Coverage, LateUnit, Money, Promotion
from training.models import Plan
from training.queries import PlanProgress, TargetProgress, TaskLine, default_as_of, plan_progress

# Counted even when no target asks for them.
ALSO = (work.TRAINED, work.HELD, work.TRAINEES)


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page.

    `left_out`: targets known only for the whole province, when a commune is chosen.
    """

    choice: Choice
    plan: Plan
    progress: PlanProgress
    cards: tuple[Card, ...]
    statuses: tuple[StatusCount, ...]
    left_out: int
    burn_target: TargetProgress | None
    burn_choices: tuple[TargetProgress, ...]
    burn_of_whole: bool
    burn_chart: SafeString | None
    stars_chart: SafeString | None
    valid_total: int
    valid_url: str
    communes: tuple[CommuneRow, ...]
    chosen_place: int | None
    road: Road | None
    expiring: tuple[MonthOfExpiry, ...]
    tasks: tuple[TaskLine, ...]
    late: tuple[LateUnit, ...]
    soon: tuple[TaskLine, ...]
    coverage: Coverage | None
    promotion: Promotion | None
    money: Money | None

    @property
    def card_columns(self) -> int:
        """Columns of the cards on a wide screen: the count that leaves fewest places empty, then the most."""
        return min((6, 5, 4), key=lambda columns: (-len(self.cards) % columns, -columns))

    @property
    def tasks_done(self) -> int:
        return sum(task.status == "done" for task in self.tasks)

    @property
    def expiring_total(self) -> int:
        return sum(month.number for month in self.expiring)


def dashboard_of(choice: Choice) -> Dashboard:
    """The page of one plan as of today, or of its last day when it is over."""
    plan = choice.plan
    day, records = default_as_of(plan), not plan.is_reference
    # Read with the rest of the choice: nobody has to ask again.
    plan.unit.communes_today = frozenset(unit.pk for unit in choice.beside.current_communes)
    progress = plan_progress(
        plan, as_of=day, with_classes=False, also=ALSO if records else (), commune=choice.commune
    )
    cards = cards_in_commune(progress.in_commune) if choice.commune else cards_of(progress.targets)
    valid = in_force.valid_products(choice, day) if records else Valid()
    communes = in_force.commune_rows(choice, valid, day) if records else ()
    tasks = work.tasks_of(choice, progress)
    burn_choices, burn_of_whole = _growth_choices(choice, progress)
    burn_target = growth.to_draw(burn_choices, choice.target_id)
    area = None if burn_of_whole else choice.commune
    return Dashboard(
        choice=choice,
        plan=plan,
        progress=progress,
        cards=cards,
        statuses=status_counts(cards),
        left_out=_left_out(progress),
        burn_target=burn_target,
        burn_choices=burn_choices,
        burn_of_whole=burn_of_whole,
        burn_chart=growth.burn_chart(plan, burn_target, day, area=area) if burn_target else None,
        stars_chart=in_force.stars_chart(choice, valid, day),
        valid_total=valid.total,
        valid_url=in_force.list_url(choice, day),
        communes=communes,
        chosen_place=in_force.chosen_place(communes),
        road=road_of(choice, day) if records else None,
        expiring=in_force.expiring_months(choice, valid, day) if records else (),
        tasks=tasks,
        late=work.late_units(tasks, plan),
        soon=() if plan.is_reference else work.due_soon(tasks, day),
        coverage=work.coverage(choice, progress) if records else None,
        promotion=_promotion(choice, progress, valid, day) if records else None,
        money=work.money_of(choice, progress),
    )


def _growth_choices(choice: Choice, progress: PlanProgress) -> tuple[tuple[TargetProgress, ...], bool]:
    """Targets whose growth can be drawn: of the chosen commune when it was given one, else of the whole."""
    if choice.commune:
        given = growth.drawable(line.given for line in progress.in_commune if line.given)
        if given:
            return given, False
    return growth.drawable(target for target in progress.targets if target.whole_plan), bool(choice.commune)


def _left_out(progress: PlanProgress) -> int:
    return sum(line.given is None and line.contributed is None for line in progress.in_commune)


def _promotion(choice: Choice, progress: PlanProgress, valid: Valid, day: date) -> Promotion:
    return Promotion(
        channels=in_force.channel_rows(choice, valid, day),
        told=valid.told,
        total=valid.total,
        targets=cards_of(work.promotion_targets(progress.targets)),
    )

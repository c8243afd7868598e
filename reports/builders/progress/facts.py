"""What the progress report rests on, and the names of its annexes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from core.text import sort_key
from reports.builders.progress.entered import Entered
from reports.dashboard.in_force import Valid
from reports.document import roman
from reports.letterhead import Letterhead
from reports.queries import Results
from training.indicators import Counted
from training.models import LegalBasis, Plan
from training.queries import Budget, PlanProgress, TargetProgress

MAIN_INDICATOR = "products_recognised"
TARGETS, PRODUCTS, COMMUNES, VALID_BY_COMMUNE = "targets", "products", "communes", "valid"

GIVEN = "given"
# Figures given to single communes that the body still holds; more stand in an annex of their own.
FEW = 6


@dataclass(frozen=True)
class Facts:
    """All the report rests on."""

    plan: Plan
    progress: PlanProgress
    results: Results
    letterhead: Letterhead
    legal_bases: tuple[LegalBasis, ...]
    dated: date
    # The running total of the main target at the end of each month.
    growth: tuple[tuple[date, int], ...] = ()
    # Counted indicators over the same days a year before.
    earlier: Mapping[str, int] = field(default_factory=dict)
    entered: Entered = field(default_factory=Entered)
    # As the dashboard counts them; None for a plan kept for reference only.
    valid: Valid | None = None
    trained: Counted | None = None
    budget: Budget | None = None

    # What single communes were given, when the body does not hold it.
    given: tuple[TargetProgress, ...] = ()

    def folded(self) -> "Facts":
        """The same with many figures of single communes laid apart, by target and in Vietnamese order."""
        single = [target for target in self.progress.targets if target.planned_for_one_unit]
        if len(single) <= FEW:
            return self
        labels = list(dict.fromkeys(target.label for target in single))
        given = tuple(sorted(single, key=lambda t: (labels.index(t.label), sort_key(t.scope_text))))
        rest = tuple(target for target in self.progress.targets if not target.planned_for_one_unit)
        return replace(self, given=given, progress=replace(self.progress, targets=rest))

    @property
    def as_of(self) -> date:
        return self.progress.as_of

    @property
    def symbol(self) -> str:
        """ký hiệu of the paper: kind and issuer."""
        return f"BC-{self.letterhead.symbol}"

    @property
    def has_ended(self) -> bool:
        return self.as_of >= self.plan.ends_on


def main_target(progress: PlanProgress) -> TargetProgress | None:
    """The target the programme is judged by: products recognised in the whole area, when it is computed."""
    found = (t for t in progress.targets if t.computed_by == MAIN_INDICATOR and t.whole_plan and t.planned)
    return next(found, None)


def annex_names(facts: Facts) -> dict[str, str]:
    """ "Phụ lục I", "Phụ lục II" …; a single annex has no number (NĐ 30/2020, Phụ lục I, mục III.1)."""
    kinds = _annex_kinds(facts)
    if len(kinds) == 1:
        return {kinds[0]: "Phụ lục"}
    return {kind: f"Phụ lục {roman(place)}" for place, kind in enumerate(kinds, start=1)}


def _annex_kinds(facts: Facts) -> list[str]:
    """The annexes that have rows: an empty one would lie unmentioned behind the paper."""
    results = facts.results
    told = {
        TARGETS: bool(facts.progress.targets),
        GIVEN: bool(facts.given),
        PRODUCTS: not facts.plan.is_reference and bool(results.recognitions),
        COMMUNES: not facts.plan.is_reference and bool(results.dossiers or results.recognitions),
        VALID_BY_COMMUNE: facts.valid is not None and facts.valid.total > 0,
    }
    return [kind for kind, has_rows in told.items() if has_rows]

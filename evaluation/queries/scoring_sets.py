"""Criteria sets of the database in the form the scoring engine works on."""

from dataclasses import dataclass
from functools import lru_cache

from evaluation.models import CriteriaSet, Criterion, Section
from evaluation.models import Option as OptionRow
from evaluation.scoring import Leaf, Option, ScoringSet
from evaluation.scoring import Section as ScoringSection


@dataclass(frozen=True)
class StoredSet:
    """A scoring set with the ids of its rows, so that choices (ids) and positions translate both ways."""

    scoring: ScoringSet
    code_of_criterion: dict[int, str]
    criterion_of_code: dict[str, int]
    position_of_option: dict[int, int]
    option_at: dict[tuple[str, int], int]


def scoring_set(criteria_set_id: int) -> ScoringSet:
    """The table for the engine; three queries the first time, none later."""
    return stored_set(criteria_set_id).scoring


# Published tables never change, so a process may keep them; 34 provinces share the same 26.
@lru_cache(maxsize=128)
def stored_set(criteria_set_id: int) -> StoredSet:
    """The table with its row ids. Raises CriteriaSet.DoesNotExist for an unknown id."""
    row = CriteriaSet.objects.get(pk=criteria_set_id)
    leaves = list(
        Criterion.objects.filter(criteria_set=row, is_leaf=True)
        .select_related("section")
        .prefetch_related("options")
        .order_by("position")
    )
    sections = Section.objects.filter(criteria_set=row).order_by("code")
    scoring = ScoringSet(
        code=row.code,
        name=row.name,
        leaves=tuple(_leaf(leaf) for leaf in leaves),
        sections=tuple(ScoringSection(s.code, s.title, s.max_points) for s in sections),
    )
    options = [(leaf, option) for leaf in leaves for option in leaf.options.all()]
    return StoredSet(
        scoring=scoring,
        code_of_criterion={leaf.pk: leaf.code for leaf in leaves},
        criterion_of_code={leaf.code: leaf.pk for leaf in leaves},
        position_of_option={option.pk: option.position for _, option in options},
        option_at={(leaf.code, option.position): option.pk for leaf, option in options},
    )


def _leaf(row: Criterion) -> Leaf:
    return Leaf(
        code=row.code,
        title=row.title,
        max_points=row.max_points,
        options=tuple(_option(option) for option in row.options.all()),
        section=row.section.code,
        stop=tuple(row.stop),
        applies_if=_applies_if(row.applies_if),
        guidance=row.guidance or None,
        requirement=tuple(row.requirement),
        disqualifier=tuple(row.disqualifier),
    )


def _option(row: OptionRow) -> Option:
    return Option(row.position, row.points, row.label, row.min_star, row.case or None)


def _applies_if(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    code, _, least = text.partition(" > ")
    return code, int(least)

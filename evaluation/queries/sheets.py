"""What a member sees of the own sheets: the list, and the figures of one sheet (its page: sheet_page)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from evaluation.enums import ItemState, SessionState, SheetState
from evaluation.models import Choice, Criterion, Sheet
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.scoring import (
    BEST_STAR,
    Leaf,
    SheetInput,
    SheetScore,
    StarGaps,
    missing_leaves,
    next_star_gaps,
    score_sheet,
    star_by_score,
)

# The option a table does not print: the sheet offers it where no printed option has 0 points.
NONE_LABEL = "Không đạt mức nào"


def my_sheets(user: Any) -> QuerySet[Sheet]:
    """The member's own sheets, those of open sessions first, with `answered` and `leaves` counts."""
    is_leaf = Q(criteria_set__criteria__is_leaf=True)
    return (
        Sheet.objects.visible_to(user)
        .select_related(
            "item__session", "item__version__dossier__product__entity", "item__criteria_set__product_set"
        )
        .annotate(
            answered=Count("choices", distinct=True),
            leaves=Count("criteria_set__criteria", filter=is_leaf, distinct=True),
        )
        .order_by("-item__session__held_on", "-item__session_id", "item__position")
    )


def waiting_sheets(user: Any) -> QuerySet[Sheet]:
    """The member's sheets that can and should be scored now."""
    return Sheet.objects.visible_to(user).filter(
        state=SheetState.DRAFT,
        seat__left_on=None,
        item__state=ItemState.SCORING,
        item__session__state=SessionState.OPEN,
    )


def sheet_inputs(sheets: Sequence[Sheet]) -> list[SheetInput]:
    """The sheets as the scoring engine takes them, in the same order; the member is the sheet's id."""
    choices: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Choice.objects.filter(sheet__in=sheets).values_list(
        "sheet_id", "criterion__code", "option__position"
    )
    for sheet_id, code, position in rows:
        choices[sheet_id][code] = position or 0
    return [
        SheetInput(str(sheet.pk), choices[sheet.pk], sheet.stopped_at.code if sheet.stopped_at else None)
        for sheet in sheets
    ]


@dataclass(frozen=True)
class LeafLine:
    """A line of the criteria list. `state`: done, todo, stopped (after a stop) or off (applies-if fails)."""

    code: str
    title: str
    max_points: int
    points: int
    state: str
    is_stop: bool


@dataclass(frozen=True)
class Heading:
    """A parent criterion with its leaves; a leaf of the first level stands alone without a title."""

    title: str
    leaves: list[LeafLine]


@dataclass(frozen=True)
class SectionLines:
    code: str
    title: str
    points: int
    max_points: int
    headings: list[Heading]

    @property
    def done(self) -> bool:
        return all(leaf.state != "todo" for heading in self.headings for leaf in heading.leaves)


@dataclass(frozen=True)
class Figures:
    """What changes with every choice: sums, stars, what is lacking and what is still unanswered."""

    total: int
    sections: Mapping[str, int]
    star_by_score: int
    star: int
    gaps: StarGaps | None
    missing: tuple[str, ...]
    states: Mapping[str, str]
    points: Mapping[str, int]

    @property
    def leaves(self) -> int:
        return len(self.states)

    @property
    def answered(self) -> int:
        return sum(state == "done" for state in self.states.values())

    @property
    def todo(self) -> int:
        """Leaves still to come, those included whose condition is not answered yet."""
        return sum(state == "todo" for state in self.states.values())

    @property
    def target(self) -> int:
        """The star whose conditions are looked at: the next one, at five stars the fifth."""
        return self.gaps.target if self.gaps else BEST_STAR

    @property
    def unmet(self) -> tuple[str, ...]:
        """Leaves whose condition for the target fails, each once, in table order."""
        failing = {item.criterion for item in self.gaps.unmet} if self.gaps else set()
        return tuple(code for code in self.states if code in failing)

    @property
    def gaps_text(self) -> str:
        """What is lacking for the next star: "còn thiếu 5 điểm và 2 điều kiện để đạt 4 sao"."""
        if self.gaps is None:
            return "đủ điều kiện 5 sao"
        parts = [f"{self.gaps.points} điểm"] if self.gaps.points else []
        parts += [f"{len(self.unmet)} điều kiện"] if self.unmet else []
        return f"còn thiếu {' và '.join(parts)} để đạt {self.gaps.target} sao"


@dataclass(frozen=True)
class Progress(Figures):
    """The figures with the criteria list."""

    parts: list[SectionLines]


def figures(table: StoredSet, sheet_input: SheetInput) -> Figures:
    """The figures of a sheet as it stands; no query."""
    score = score_sheet(table.scoring, sheet_input)
    gaps = next_star_gaps(table.scoring, score.positions)
    return Figures(
        total=score.total,
        sections=score.sections,
        star_by_score=star_by_score(score.total),
        star=gaps.star if gaps else BEST_STAR,
        gaps=gaps,
        missing=missing_leaves(table.scoring, sheet_input),
        states=_leaf_states(table, sheet_input, score),
        points=score.points,
    )


def progress(sheet: Sheet) -> Progress:
    """The figures of a sheet with its criteria list; two queries."""
    table = stored_set(sheet.criteria_set_id)
    [sheet_input] = sheet_inputs([sheet])
    found = figures(table, sheet_input)
    return Progress(**vars(found), parts=_sections(sheet, table, found))


def _leaf_states(table: StoredSet, sheet_input: SheetInput, score: SheetScore) -> dict[str, str]:
    states, stopped = {}, False
    for leaf in table.scoring.leaves:
        if stopped:
            states[leaf.code] = "stopped"
        elif _is_off(leaf, sheet_input, score):
            states[leaf.code] = "off"
        else:
            states[leaf.code] = "done" if leaf.code in sheet_input.choices else "todo"
        stopped = stopped or leaf.code == sheet_input.stopped_at
    return states


def _is_off(leaf: Leaf, sheet_input: SheetInput, score: SheetScore) -> bool:
    """The condition of the leaf is answered, and fails; unanswered, the leaf is simply still to come."""
    if leaf.applies_if is None:
        return False
    code, least = leaf.applies_if
    return code in sheet_input.choices and score.points[code] <= least


def _sections(sheet: Sheet, table: StoredSet, found: Figures) -> list[SectionLines]:
    parents = Criterion.objects.filter(criteria_set_id=sheet.criteria_set_id, is_leaf=False)
    titles = dict(parents.values_list("code", "title"))
    sections = []
    for section in table.scoring.sections:
        headings: list[Heading] = []
        for leaf in table.scoring.leaves:
            if leaf.section == section.code:
                _add_leaf(headings, _parent_title(leaf.code, titles), _leaf_line(leaf, found))
        points = found.sections[section.code]
        sections.append(SectionLines(section.code, section.title, points, section.max_points, headings))
    return sections


def _parent_title(code: str, titles: dict[str, str]) -> str:
    parent = code.rpartition(".")[0]
    return f"{parent}. {titles[parent]}" if parent in titles else ""


def _add_leaf(headings: list[Heading], title: str, line: LeafLine) -> None:
    if not headings or headings[-1].title != title:
        headings.append(Heading(title, []))
    headings[-1].leaves.append(line)


def _leaf_line(leaf: Leaf, found: Figures) -> LeafLine:
    state, points = found.states[leaf.code], found.points[leaf.code]
    return LeafLine(leaf.code, leaf.title, leaf.max_points, points, state, bool(leaf.stop))


def unmet_lines(sheet: Sheet, found: Figures) -> list[Leaf]:
    """The leaves whose condition this sheet does not meet for the next star, in table order."""
    table = stored_set(sheet.criteria_set_id)
    return [table.scoring.leaf(code) for code in found.unmet]


def first_open(found: Figures) -> str:
    """The code of the first unanswered leaf; of the first leaf when all are answered."""
    return found.missing[0] if found.missing else next(iter(found.states))

"""What a member sees of the own sheets: the list, and one sheet at one criterion."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from evaluation.enums import ItemState, SessionState, SheetState
from evaluation.models import Choice, Criterion, SelfChoice, Sheet
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.scoring import (
    Leaf,
    Option,
    SheetInput,
    SheetScore,
    StarGaps,
    missing_leaves,
    next_star_gaps,
    score_sheet,
    star_by_score,
)
from products.models import DossierVersion

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
class Progress:
    """What changes with every choice: the criteria list, sums, stars and what is still unanswered."""

    sections: list[SectionLines]
    total: int
    star_by_score: int
    star: int
    gaps: StarGaps | None
    missing: tuple[str, ...]
    answered: int
    leaves: int

    @property
    def gaps_text(self) -> str:
        """What is lacking for the next star: "còn thiếu 5 điểm và 2 điều kiện của 4 sao"."""
        if self.gaps is None:
            return "đủ điều kiện 5 sao"
        parts = [f"{self.gaps.points} điểm"] if self.gaps.points else []
        conditions = len({item.criterion for item in self.gaps.unmet})
        parts += [f"{conditions} điều kiện"] if conditions else []
        return f"còn thiếu {' và '.join(parts)} để đạt {self.gaps.target} sao"


@dataclass(frozen=True)
class OptionLine:
    """One button of the criterion. Ids are text: a template would write 2579 as 2.579."""

    value: str
    key: str
    points: int
    label: str
    min_star: int | None
    case: str
    starts_case: bool
    chosen: bool
    self_chosen: bool


@dataclass(frozen=True)
class CriterionPanel:
    """The criterion on the screen with its options and what the entity said about it."""

    id: str
    leaf: Leaf
    options: list[OptionLine]
    state: str
    answered: bool
    self_answer: str
    self_points: int | None
    self_note: str
    place: int
    previous: str | None
    next: str | None


def progress(sheet: Sheet) -> Progress:
    """Sums and marks of a sheet as it stands; three queries."""
    table = stored_set(sheet.criteria_set_id)
    [sheet_input] = sheet_inputs([sheet])
    score = score_sheet(table.scoring, sheet_input)
    missing = missing_leaves(table.scoring, sheet_input)
    gaps = next_star_gaps(table.scoring, score.positions)
    states = _leaf_states(table, sheet_input, score)
    return Progress(
        sections=_sections(sheet, table, score, states),
        total=score.total,
        star_by_score=star_by_score(score.total),
        star=gaps.star if gaps else 5,
        gaps=gaps,
        missing=missing,
        answered=sum(state == "done" for state in states.values()),
        leaves=len(states),
    )


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


def _sections(
    sheet: Sheet, table: StoredSet, score: SheetScore, states: dict[str, str]
) -> list[SectionLines]:
    parents = Criterion.objects.filter(criteria_set_id=sheet.criteria_set_id, is_leaf=False)
    titles = dict(parents.values_list("code", "title"))
    sections = []
    for section in table.scoring.sections:
        headings: list[Heading] = []
        for leaf in table.scoring.leaves:
            if leaf.section == section.code:
                _add_leaf(headings, _parent_title(leaf.code, titles), _leaf_line(leaf, score, states))
        points = score.sections[section.code]
        sections.append(SectionLines(section.code, section.title, points, section.max_points, headings))
    return sections


def _parent_title(code: str, titles: dict[str, str]) -> str:
    parent = code.rpartition(".")[0]
    return f"{parent}. {titles[parent]}" if parent in titles else ""


def _add_leaf(headings: list[Heading], title: str, line: LeafLine) -> None:
    if not headings or headings[-1].title != title:
        headings.append(Heading(title, []))
    headings[-1].leaves.append(line)


def _leaf_line(leaf: Leaf, score: SheetScore, states: dict[str, str]) -> LeafLine:
    return LeafLine(
        leaf.code, leaf.title, leaf.max_points, score.points[leaf.code], states[leaf.code], bool(leaf.stop)
    )


def unmet_lines(sheet: Sheet, sheet_progress: Progress) -> list[Leaf]:
    """The leaves whose condition this sheet does not meet for the next star, in table order."""
    table = stored_set(sheet.criteria_set_id)
    codes = {unmet.criterion for unmet in sheet_progress.gaps.unmet} if sheet_progress.gaps else set()
    return [leaf for leaf in table.scoring.leaves if leaf.code in codes]


def first_open(sheet_progress: Progress) -> str:
    """The code of the first unanswered leaf; of the first leaf when all are answered."""
    if sheet_progress.missing:
        return sheet_progress.missing[0]
    return sheet_progress.sections[0].headings[0].leaves[0].code


def panel(sheet: Sheet, code: str, sheet_progress: Progress) -> CriterionPanel:
    """The criterion `code` as the member sees it; raises ScoringError for a code the table lacks."""
    table = stored_set(sheet.criteria_set_id)
    leaf = table.scoring.leaf(code)
    codes = [other.code for other in table.scoring.leaves]
    place = codes.index(code)
    choice = Choice.objects.filter(sheet=sheet, criterion_id=table.criterion_of_code[code]).first()
    own = _self_choice(sheet, table.criterion_of_code[code])
    self_option = _option_at(table, leaf, own.option_id) if own else None
    return CriterionPanel(
        id=str(table.criterion_of_code[code]),
        leaf=leaf,
        options=_options(table, leaf, choice, own),
        state=_state_of(sheet_progress, code),
        answered=choice is not None,
        self_answer=self_option.label if self_option else NONE_LABEL if own else "",
        self_points=(self_option.points if self_option else 0) if own else None,
        self_note=own.note if own else "",
        place=place + 1,
        previous=codes[place - 1] if place else None,
        next=codes[place + 1] if place + 1 < len(codes) else None,
    )


def _self_choice(sheet: Sheet, criterion_id: int) -> SelfChoice | None:
    return SelfChoice.objects.filter(
        assessment__version__agenda_items=sheet.item_id,
        criterion_id=criterion_id,
    ).first()


def _option_at(table: StoredSet, leaf: Leaf, option_id: int | None) -> Option | None:
    position = table.position_of_option.get(option_id) if option_id else None
    return leaf.options[position - 1] if position else None


def _state_of(sheet_progress: Progress, code: str) -> str:
    return next(
        leaf.state
        for section in sheet_progress.sections
        for heading in section.headings
        for leaf in heading.leaves
        if leaf.code == code
    )


def _options(table: StoredSet, leaf: Leaf, choice: Choice | None, own: SelfChoice | None) -> list[OptionLine]:
    lines = []
    case = ""
    for option in leaf.options:
        option_id = table.option_at[leaf.code, option.position]
        lines.append(
            OptionLine(
                value=str(option_id),
                key=str(option.position),
                points=option.points,
                label=option.label,
                min_star=option.min_star,
                case=option.case or "",
                starts_case=bool(option.case) and option.case != case,
                chosen=choice is not None and choice.option_id == option_id,
                self_chosen=own is not None and own.option_id == option_id,
            )
        )
        case = option.case or ""
    if all(option.points for option in leaf.options):
        lines.append(_none_line(choice, own))
    return lines


def _none_line(choice: Choice | None, own: SelfChoice | None) -> OptionLine:
    return OptionLine(
        value="",
        key="0",
        points=0,
        label=NONE_LABEL,
        min_star=None,
        case="",
        starts_case=False,
        chosen=choice is not None and choice.option_id is None,
        self_chosen=own is not None and own.option_id is None,
    )


DOSSIER_PARTS = ("changes_since", "story", "materials", "production", "market", "results", "plan_ahead")


def dossier_parts(version: DossierVersion) -> list[tuple[str, str]]:
    """What the entity wrote in the filed version, as (label, text); empty parts are left out."""
    labels = {field.name: str(field.verbose_name).capitalize() for field in DossierVersion._meta.fields}
    parts = [(labels[name], getattr(version, name)) for name in DOSSIER_PARTS]
    return [(label, text) for label, text in parts if text.strip()]

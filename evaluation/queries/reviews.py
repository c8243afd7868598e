"""The advisers' reviews: what an adviser is writing, and what the council reads of those sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evaluation.enums import ReviewState
from evaluation.models import AdvisoryAssignment, AdvisoryNote, AdvisoryReview, AgendaItem, CriteriaSet
from evaluation.queries.conflicts import is_recused
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.queries.sheets import NONE_LABEL
from evaluation.scoring import Leaf


@dataclass(frozen=True)
class Level:
    """A level an adviser may suggest. The value is text: a template would write 2579 as 2.579."""

    value: str
    label: str
    points: int
    min_star: int | None
    case: str
    chosen: bool


@dataclass(frozen=True)
class NoteLine:
    """One criterion of the form: its levels, what is suggested and said of it."""

    id: str
    leaf: Leaf
    levels: list[Level]
    comment: str
    self_points: int | None
    self_label: str


@dataclass(frozen=True)
class Sums:
    """Points suggested so far: the total, and on how many criteria."""

    total: int
    suggested: int
    leaves: int

    @property
    def is_whole(self) -> bool:
        return self.suggested == self.leaves


NONE = "none"


def review_of(assignment: AdvisoryAssignment) -> AdvisoryReview | None:
    return AdvisoryReview.objects.filter(assignment=assignment).first()


def sums_of(table: StoredSet, notes: Iterable[AdvisoryNote]) -> Sums:
    """The sum of the suggested points; criteria without a suggestion are left out."""
    points = [_points(table, note) for note in notes if note.suggests]
    return Sums(sum(points), len(points), len(table.scoring.leaves))


def _points(table: StoredSet, note: AdvisoryNote) -> int:
    leaf = table.scoring.leaf(table.code_of_criterion[note.criterion_id])
    return leaf.points_at(table.position_of_option[note.option_id] if note.option_id else 0)


def note_lines(
    criteria_set: CriteriaSet, notes: Iterable[AdvisoryNote], assessment: dict[str, Any] | None
) -> list[NoteLine]:
    """The form's criteria in table order; `assessment`: the entity's own, from the frozen snapshot."""
    table = stored_set(criteria_set.pk)
    by_id = {note.criterion_id: note for note in notes}
    own = {choice["criterion"]: choice for choice in (assessment or {}).get("choices", ())}
    return [_line(table, leaf, by_id, own.get(leaf.code)) for leaf in table.scoring.leaves]


def _line(
    table: StoredSet, leaf: Leaf, notes: dict[int, AdvisoryNote], own: dict[str, Any] | None
) -> NoteLine:
    pk = table.criterion_of_code[leaf.code]
    note = notes.get(pk)
    levels = [
        Level(
            value=str(table.option_at[leaf.code, option.position]),
            label=option.label,
            points=option.points,
            min_star=option.min_star,
            case=option.case or "",
            chosen=note is not None and note.option_id == table.option_at[leaf.code, option.position],
        )
        for option in leaf.options
    ]
    if all(option.points for option in leaf.options):
        none = note is not None and note.suggests and note.option_id is None
        levels.append(Level(NONE, NONE_LABEL, 0, None, "", none))
    return NoteLine(
        id=str(pk),
        leaf=leaf,
        levels=levels,
        comment=note.comment if note else "",
        self_points=own["points"] if own else None,
        self_label=(own["label"] or NONE_LABEL) if own else "",
    )


@dataclass(frozen=True)
class SentReview:
    """A review the council reads."""

    review: AdvisoryReview
    name: str
    position: str
    sums: Sums


def sent_reviews(item: AgendaItem, user: Any) -> list[SentReview]:
    """The reviews of the item's version that were sent; none for who is recused on it. Three queries."""
    if is_recused(user, item):
        return []
    table = stored_set(item.criteria_set_id)
    rows = AdvisoryReview.objects.filter(
        version=item.version_id, criteria_set=item.criteria_set_id, state=ReviewState.SUBMITTED
    )
    reviews = rows.select_related("assignment__member").prefetch_related("notes").order_by("submitted_at")
    return [
        SentReview(
            review,
            str(review.assignment.member),
            review.assignment.member.position,
            sums_of(table, review.notes.all()),
        )
        for review in reviews
    ]


@dataclass(frozen=True)
class AdviceCell:
    """What one adviser says of one criterion."""

    suggests: bool
    points: int
    label: str
    comment: str


@dataclass(frozen=True)
class AdviceRow:
    leaf: Leaf
    cells: list[AdviceCell | None]


def advice_table(item: AgendaItem, reviews: Iterable[SentReview]) -> list[AdviceRow]:
    """Criterion x adviser, for criteria somebody said something of; no query beyond the reviews."""
    table = stored_set(item.criteria_set_id)
    columns = [{note.criterion_id: note for note in sent.review.notes.all()} for sent in reviews]
    rows = []
    for leaf in table.scoring.leaves:
        pk = table.criterion_of_code[leaf.code]
        cells = [_cell(table, leaf, column.get(pk)) for column in columns]
        if any(cells):
            rows.append(AdviceRow(leaf, cells))
    return rows


def _cell(table: StoredSet, leaf: Leaf, note: AdvisoryNote | None) -> AdviceCell | None:
    if note is None:
        return None
    position = table.position_of_option[note.option_id] if note.option_id else 0
    label = leaf.options[position - 1].label if position else NONE_LABEL
    return AdviceCell(note.suggests, leaf.points_at(position), label if note.suggests else "", note.comment)

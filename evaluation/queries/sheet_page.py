"""The whole sheet of a member for one page: every criterion with what stands beside it, and the way on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from evaluation.enums import ItemState, ReviewState, SheetState
from evaluation.models import AdvisoryNote, AdvisoryReview, Choice, ReScoring, SelfChoice, Sheet
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.queries.self_assessment import papers_by_criterion
from evaluation.queries.sheets import NONE_LABEL, Figures
from evaluation.scoring import FIRST_RECOGNISED_STAR, Leaf, Option, ScoringError
from products.evidence_pictures import has_pictures
from products.models import DossierVersion, Evidence

STARS_WITH_CONDITIONS = (3, 4, 5)


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
class PaperLine:
    """A paper of the criterion; `has_picture`: its first page can be shown small."""

    evidence: Evidence
    has_picture: bool


@dataclass(frozen=True)
class Advice:
    """What an adviser wrote on a criterion; `answer` is the suggested level, empty without one."""

    by: str
    comment: str
    answer: str
    points: int | None


@dataclass(frozen=True)
class CriterionPanel:
    """A criterion with its options, what the entity said of it, its papers and the advisers' notes."""

    id: str
    leaf: Leaf
    section: str
    options: list[OptionLine]
    state: str
    revision: str
    self_answer: str
    self_points: int | None
    self_note: str
    papers: list[PaperLine]
    advice: list[Advice]
    place: int
    previous: str | None
    next: str | None

    @property
    def answered(self) -> bool:
        return self.revision != "0"


@dataclass(frozen=True)
class ConditionLine:
    """A leaf with minimum conditions: `needed` has the least level for 3, 4 and 5 stars (star, its words)."""

    code: str
    title: str
    needed: list[tuple[int, str]]
    shown: bool
    met: bool


@dataclass(frozen=True)
class Way:
    """Where the dossier stands among those of the session, and the next one the member has not submitted."""

    place: int
    count: int
    next: Sheet | None
    begun: bool


def panels(sheet: Sheet, found: Figures, *, with_advice: bool) -> list[CriterionPanel]:
    """Every criterion of the sheet in table order; four queries whatever the table, three without advice."""
    table = stored_set(sheet.criteria_set_id)
    choices = {choice.criterion_id: choice for choice in Choice.objects.filter(sheet=sheet)}
    own = {
        choice.criterion_id: choice
        for choice in SelfChoice.objects.filter(
            assessment__version=sheet.item.version_id, criteria_set=sheet.criteria_set_id
        )
    }
    papers = papers_by_criterion(sheet.item.version)
    advice = _advice(sheet, table) if with_advice else {}
    codes = [leaf.code for leaf in table.scoring.leaves]
    lines = []
    for place, leaf in enumerate(table.scoring.leaves):
        pk = table.criterion_of_code[leaf.code]
        choice, self_choice = choices.get(pk), own.get(pk)
        answer, points = _in_words(table, leaf, self_choice) if self_choice else ("", None)
        lines.append(
            CriterionPanel(
                id=str(pk),
                leaf=leaf,
                section=leaf.section,
                options=_options(table, leaf, choice, self_choice),
                state=found.states[leaf.code],
                revision=str(choice.revision) if choice else "0",
                self_answer=answer,
                self_points=points,
                self_note=self_choice.note if self_choice else "",
                papers=[PaperLine(row, has_pictures(row.stored)) for row in papers.get(pk, [])],
                advice=advice.get(pk, []),
                place=place + 1,
                previous=codes[place - 1] if place else None,
                next=codes[place + 1] if place + 1 < len(codes) else None,
            )
        )
    return lines


def current_of(lines: list[CriterionPanel], code: str) -> CriterionPanel:
    """The panel of a code; raises ScoringError for one the table lacks."""
    found = next((line for line in lines if line.leaf.code == code), None)
    if found is None:
        raise ScoringError(f"Bộ tiêu chí không có tiêu chí {code[:20]}.")
    return found


def _advice(sheet: Sheet, table: StoredSet) -> dict[int, list[Advice]]:
    notes = AdvisoryNote.objects.filter(
        review__version=sheet.item.version_id,
        review__state=ReviewState.SUBMITTED,
        criteria_set=sheet.criteria_set_id,
    ).select_related("review__assignment__member")
    found: dict[int, list[Advice]] = defaultdict(list)
    for note in notes.order_by("review__submitted_at", "pk"):
        leaf = table.scoring.leaf(table.code_of_criterion[note.criterion_id])
        answer, points = _in_words(table, leaf, note) if note.suggests else ("", None)
        by = str(note.review.assignment.member)
        found[note.criterion_id].append(Advice(by, note.comment, answer, points))
    return found


def reviews_of(sheet: Sheet) -> list[AdvisoryReview]:
    """The advisers' reviews the council was sent, in the order they came."""
    reviews = AdvisoryReview.objects.filter(version=sheet.item.version_id, state=ReviewState.SUBMITTED)
    return list(reviews.select_related("assignment__member").order_by("submitted_at", "pk"))


def _in_words(table: StoredSet, leaf: Leaf, choice: SelfChoice | AdvisoryNote) -> tuple[str, int]:
    option = option_at(table, leaf, choice.option_id)
    return (option.label, option.points) if option else (NONE_LABEL, 0)


def option_at(table: StoredSet, leaf: Leaf, option_id: int | None) -> Option | None:
    """The option of a leaf by its row id; None for "không đạt mức nào"."""
    position = table.position_of_option.get(option_id) if option_id else None
    return leaf.options[position - 1] if position else None


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


def conditions(table: StoredSet, found: Figures) -> list[ConditionLine]:
    """Leaves with minimum conditions, in table order; `shown` those of the star the sheet looks at."""
    lines = []
    for leaf in table.scoring.leaves:
        needed = _needed(leaf)
        if needed:
            shown = found.target in needed
            met = leaf.code not in found.unmet
            lines.append(ConditionLine(leaf.code, leaf.title, list(needed.items()), shown, met))
    return lines


def _needed(leaf: Leaf) -> Mapping[int, str]:
    """For each star the words of the marked option with the highest mark up to it (law: Đ3, dấu sao)."""
    marked = sorted((option.min_star, option.label) for option in leaf.options if option.min_star)
    found = {}
    for star in range(FIRST_RECOGNISED_STAR, STARS_WITH_CONDITIONS[-1] + 1):
        up_to = [label for mark, label in marked if mark <= star]
        if up_to:
            found[star] = up_to[-1]
    return found


def way_of(sheet: Sheet) -> Way:
    """The member's sheets of the same session; one query."""
    rows = list(
        Sheet.objects.filter(seat=sheet.seat_id, item__session=sheet.item.session_id)
        .exclude(state=SheetState.SET_ASIDE)
        .select_related("item__version__dossier__product")
        .annotate(begun=Exists(Choice.objects.filter(sheet=OuterRef("pk"))))
        .order_by("item__position", "item_id", "number")
    )
    items = list(dict.fromkeys(row.item_id for row in rows))
    place = items.index(sheet.item_id) if sheet.item_id in items else 0
    ahead = [*items[place + 1 :], *items[:place]]
    waiting = {
        row.item_id: row
        for row in rows
        if row.state == SheetState.DRAFT and row.item.state == ItemState.SCORING
    }
    following = next((waiting[item] for item in ahead if item in waiting), None)
    return Way(place + 1, len(items), following, any(row.begun for row in rows))


def rescoring_of(sheet: Sheet) -> ReScoring | None:
    """Why the member scores again, when this is not the first sheet on the dossier."""
    if sheet.number == 1:
        return None
    return ReScoring.objects.filter(new_sheet=sheet).select_related("requested_by").first()


DOSSIER_PARTS = ("changes_since", "story", "materials", "production", "market", "results", "plan_ahead")


def dossier_parts(version: DossierVersion) -> list[tuple[str, str]]:
    """What the entity wrote in the filed version, as (label, text); empty parts are left out."""
    labels = {field.name: str(field.verbose_name).capitalize() for field in DossierVersion._meta.fields}
    parts = [(labels[name], getattr(version, name)) for name in DOSSIER_PARTS]
    return [(label, text) for label, text in parts if text.strip()]

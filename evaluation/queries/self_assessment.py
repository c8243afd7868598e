"""What a self-assessment gives and still lacks, for its page, for submitting and for the frozen snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evaluation.models import CriterionEvidence, SelfAssessment, SelfChoice
from evaluation.models import Section as DbSection
from evaluation.queries.criteria import Case, Line, Part
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.scoring import (
    BEST_STAR,
    FIRST_RECOGNISED_STAR,
    Leaf,
    Option,
    Section,
    SheetInput,
    SheetScore,
    StarGaps,
    missing_leaves,
    next_star_gaps,
    score_sheet,
    star_by_score,
)
from products.models import DossierVersion, Evidence

NAMED_BLOCKERS = 10


@dataclass(frozen=True)
class SectionPoints:
    """Points of a section so far, and how many of the leaves asked for are answered."""

    section: Section
    points: int
    answered: int
    leaves: int

    @property
    def share(self) -> float:
        return self.points / self.section.max_points


@dataclass(frozen=True)
class Lack:
    """A minimum condition that the assessment does not meet."""

    leaf: Leaf
    star: int
    needed: Option


@dataclass(frozen=True)
class Road:
    """What is missing for one star: points and minimum conditions."""

    target: int
    points: int
    lacks: tuple[Lack, ...]


@dataclass(frozen=True)
class Panel:
    """An assessment, worked out by the scoring engine; leaves not answered count 0."""

    table: StoredSet
    choices: Mapping[str, int]

    @cached_property
    def score(self) -> SheetScore:
        return score_sheet(self.table.scoring, SheetInput("", self.choices))

    @cached_property
    def missing(self) -> list[Leaf]:
        """Leaves to answer yet, in table order."""
        codes = missing_leaves(self.table.scoring, SheetInput("", self.choices))
        return [self.table.scoring.leaf(code) for code in codes]

    @cached_property
    def not_applying(self) -> frozenset[str]:
        """Leaves whose condition fails: no need to answer, 0 points."""
        conditional = {leaf.code for leaf in self.table.scoring.leaves if leaf.applies_if}
        others = {code: position for code, position in self.choices.items() if code not in conditional}
        # The engine does not miss a leaf that does not apply.
        return frozenset(conditional.difference(missing_leaves(self.table.scoring, SheetInput("", others))))

    @property
    def total(self) -> int:
        return self.score.total

    @property
    def star_by_score(self) -> int:
        return star_by_score(self.total)

    @cached_property
    def star(self) -> int:
        """The star with minimum conditions."""
        gaps = next_star_gaps(self.table.scoring, self.choices)
        return gaps.star if gaps else BEST_STAR

    @property
    def sections(self) -> list[SectionPoints]:
        return [self._section(section) for section in self.table.scoring.sections]

    @property
    def roads(self) -> list[Road]:
        """What is missing for every star that can be recognised and is not reached, nearest first."""
        targets = range(max(self.star + 1, FIRST_RECOGNISED_STAR), BEST_STAR + 1)
        found = [next_star_gaps(self.table.scoring, self.choices, target=star) for star in targets]
        return [self._road(gaps) for gaps in found if gaps]

    @property
    def blocking_conditions(self) -> int:
        """How many minimum conditions keep the star below the star of the score."""
        if self.star >= self.star_by_score or self.star_by_score < FIRST_RECOGNISED_STAR:
            return 0
        gaps = next_star_gaps(self.table.scoring, self.choices, target=self.star_by_score)
        return len(gaps.unmet) if gaps else 0

    @property
    def asked(self) -> list[Leaf]:
        """Leaves that want an answer as things stand."""
        return [leaf for leaf in self.table.scoring.leaves if leaf.code not in self.not_applying]

    @property
    def mixed_cases(self) -> list[tuple[Leaf, str]]:
        """Leaves with their chosen case, when not all of them are in the same case (set 26)."""
        return self._cases if len({case_number(case) for _, case in self._cases}) > 1 else []

    @property
    def chosen_case(self) -> str:
        """The number of the case chosen first in the table ("Trường hợp 1"), "" before any choice."""
        return case_number(self._cases[0][1]) if self._cases else ""

    @cached_property
    def _cases(self) -> list[tuple[Leaf, str]]:
        chosen = [(leaf, self.option(leaf.code)) for leaf in self.table.scoring.leaves]
        return [(leaf, option.case) for leaf, option in chosen if option and option.case]

    def option(self, code: str) -> Option | None:
        """The option chosen on a leaf; None when not answered or none of them."""
        position = self.choices.get(code, 0)
        return self.table.scoring.leaf(code).options[position - 1] if position else None

    def _section(self, section: Section) -> SectionPoints:
        asked = [leaf for leaf in self.asked if leaf.section == section.code]
        missing = sum(leaf.section == section.code for leaf in self.missing)
        return SectionPoints(section, self.score.sections[section.code], len(asked) - missing, len(asked))

    def _road(self, gaps: StarGaps) -> Road:
        lacks = (
            Lack(leaf, item.star, leaf.options[item.needed - 1])
            for item in gaps.unmet
            for leaf in [self.table.scoring.leaf(item.criterion)]
        )
        return Road(gaps.target, gaps.points, tuple(lacks))


def case_number(case: str) -> str:
    """The number that names a case whatever its wording: "Trường hợp 1" of "Trường hợp 1: dịch vụ …"."""
    return case.partition(":")[0]


@dataclass(frozen=True)
class LeafMark:
    """What stands beside a leaf: its points so far, or that it is open, or why it does not apply."""

    criterion_id: int
    leaf: Leaf
    points: int
    answered: bool
    condition: Leaf | None

    @property
    def applies(self) -> bool:
        return self.condition is None


@dataclass(frozen=True)
class Row:
    """A line of the table with what is chosen on it; headings have no mark, open leaves no answer."""

    line: Line
    answer: SelfChoice | None
    mark: LeafMark | None
    shown_case: str
    papers: Sequence[Evidence] = ()

    @property
    def is_none(self) -> bool:
        """Was "none of the options" chosen?"""
        return self.answer is not None and self.answer.option_id is None

    @property
    def cases(self) -> list[tuple[Case, bool]]:
        """The cases, each with whether it is the one to show."""
        return [(case, case_number(case.name) == self.shown_case) for case in self.line.cases]


@dataclass(frozen=True)
class RowPart:
    """A section with its rows."""

    section: DbSection
    rows: list[Row]


def rows_of(
    parts: list[Part],
    panel: Panel,
    chosen: Mapping[int, SelfChoice],
    papers: Mapping[int, Sequence[Evidence]],
) -> list[RowPart]:
    """The whole table with the choices and the papers beside the printed options."""
    return [
        RowPart(part.section, [_row(line, panel, chosen, papers) for line in part.lines]) for part in parts
    ]


def mark_of(panel: Panel, leaf: Leaf) -> LeafMark:
    """What stands beside a leaf now."""
    return LeafMark(
        criterion_id=panel.table.criterion_of_code[leaf.code],
        leaf=leaf,
        points=panel.score.points[leaf.code],
        answered=leaf.code in panel.choices,
        condition=_condition(panel, leaf) if leaf.code in panel.not_applying else None,
    )


def touched_marks(panel: Panel, criterion_id: int) -> list[LeafMark]:
    """Marks that a choice on a criterion may change: its own and those of leaves that depend on it."""
    code = panel.table.code_of_criterion[criterion_id]
    leaves = panel.table.scoring.leaves
    return [mark_of(panel, leaf) for leaf in leaves if code in (leaf.code, *(leaf.applies_if or ())[:1])]


def _condition(panel: Panel, leaf: Leaf) -> Leaf | None:
    return panel.table.scoring.leaf(leaf.applies_if[0]) if leaf.applies_if else None


def _row(
    line: Line,
    panel: Panel,
    chosen: Mapping[int, SelfChoice],
    papers: Mapping[int, Sequence[Evidence]],
) -> Row:
    if not line.criterion.is_leaf:
        return Row(line, None, None, "")
    code = line.criterion.code
    option = panel.option(code)
    case = case_number(option.case) if option and option.case else panel.chosen_case
    pk = line.criterion.pk
    mark = mark_of(panel, panel.table.scoring.leaf(code))
    return Row(line, chosen.get(pk), mark, case, papers.get(pk, ()))


def papers_by_criterion(version: DossierVersion) -> dict[int, list[Evidence]]:
    """The papers of a version under the criteria they prove; one query."""
    links = CriterionEvidence.objects.filter(assessment__version=version).select_related("evidence__stored")
    found: dict[int, list[Evidence]] = {}
    for link in links.order_by("evidence__position", "evidence_id"):
        found.setdefault(link.criterion_id, []).append(link.evidence)
    return found


def criteria_by_paper(version: DossierVersion) -> dict[int, list[str]]:
    """Codes of the criteria each paper of a version proves, in table order."""
    links = CriterionEvidence.objects.filter(assessment__version=version)
    found: dict[int, list[str]] = {}
    rows = links.order_by("criterion__position", "criterion_id").values_list("evidence_id", "criterion__code")
    for evidence_id, code in rows:
        found.setdefault(evidence_id, []).append(code)
    return found


def assessment_of(version: DossierVersion) -> SelfAssessment | None:
    """The assessment of a version with its set, None before the first choice."""
    found = SelfAssessment.objects.filter(version=version)
    return found.select_related("criteria_set__version", "criteria_set__product_set").first()


def panel_of(criteria_set_id: int, chosen: Mapping[int, SelfChoice]) -> Panel:
    """The panel of choices by criterion id."""
    table = stored_set(criteria_set_id)
    positions = {
        table.code_of_criterion[pk]: table.position_of_option[choice.option_id] if choice.option_id else 0
        for pk, choice in chosen.items()
    }
    return Panel(table, positions)


def choices_of(assessment: SelfAssessment | None) -> dict[int, SelfChoice]:
    """Choices by criterion id; one query."""
    return {} if assessment is None else {choice.criterion_id: choice for choice in assessment.choices.all()}


def blockers_of(version: DossierVersion) -> list[str]:
    """Why the version cannot be submitted yet, as sentences; empty when the assessment is complete."""
    assessment = assessment_of(version)
    if assessment is None:
        return ["Chưa tự đánh giá: mở phần Tự đánh giá và chọn mức cho từng tiêu chí."]
    if is_of_another_set(assessment, version):
        new_set = version.dossier.product.product_set
        return [f"Sản phẩm đã chuyển sang {new_set}: cần tự đánh giá lại theo bộ mới."]
    missing = panel_of(assessment.criteria_set_id, choices_of(assessment)).missing
    return [_missing_sentence([leaf.code for leaf in missing])] if missing else []


def is_of_another_set(assessment: SelfAssessment, version: DossierVersion) -> bool:
    """Was the product moved to another product set after the assessment was begun?"""
    return assessment.criteria_set.product_set_id != version.dossier.product.product_set_id


def snapshot_of(version: DossierVersion) -> dict:
    """What is frozen with a submitted version: every choice in words and numbers, and what they add up to."""
    assessment = assessment_of(version)
    if assessment is None:
        return {}
    chosen = choices_of(assessment)
    panel = panel_of(assessment.criteria_set_id, chosen)
    papers = papers_by_criterion(version)
    return {
        "self_assessment": {
            "criteria_set": assessment.criteria_set.code,
            "criteria_version": assessment.criteria_set.version.code,
            "choices": [
                {
                    **_choice_in_words(panel, leaf, chosen.get(panel.table.criterion_of_code[leaf.code])),
                    "evidence": _hashes(papers.get(panel.table.criterion_of_code[leaf.code], [])),
                }
                for leaf in panel.table.scoring.leaves
            ],
            "sections": dict(panel.score.sections),
            "total": panel.total,
            "star_by_score": panel.star_by_score,
            "star": panel.star,
        }
    }


def _hashes(papers: list[Evidence]) -> list[str]:
    """The papers by their bytes: the snapshot's own list of evidence describes them."""
    return [paper.stored.sha256 for paper in papers]


def _choice_in_words(panel: Panel, leaf: Leaf, choice: SelfChoice | None) -> dict:
    option = panel.option(leaf.code)
    return {
        "criterion": leaf.code,
        "title": leaf.title,
        "position": panel.choices.get(leaf.code),
        "label": option.label if option else "",
        "points": panel.score.points[leaf.code],
        "max_points": leaf.max_points,
        "note": choice.note if choice else "",
    }


def _missing_sentence(codes: list[str]) -> str:
    named = ", ".join(codes[:NAMED_BLOCKERS])
    rest = len(codes) - NAMED_BLOCKERS
    more = f" và {rest} tiêu chí khác" if rest > 0 else ""
    return f"Tự đánh giá còn {len(codes)} tiêu chí chưa chọn: {named}{more}."

"""A scoring table as plain data: sections, criterion tree, options; nothing of the files is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluation.scoring import Leaf, Option, ScoringSet, Section


@dataclass(frozen=True, slots=True)
class OptionData:
    """One printed level; `position` counts from 1 over the whole list, cases included."""

    position: int
    points: int
    label: str
    min_star: int | None
    case: str | None
    line: int


@dataclass(frozen=True, slots=True)
class CriterionData:
    """A criterion of the tree: a parent has `children`, a leaf has `options`."""

    code: str
    title: str
    max_points: int
    guidance: str | None
    requirement: tuple[str, ...]
    disqualifier: tuple[str, ...]
    stop: tuple[str, ...]
    applies_if: tuple[str, int] | None
    children: tuple[CriterionData, ...]
    options: tuple[OptionData, ...]
    line: int

    @property
    def is_leaf(self) -> bool:
        """Tell whether this criterion is scored itself."""
        return not self.children

    def walk(self) -> Iterator[CriterionData]:
        """Give this criterion and everything below it, in table order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class SectionData:
    """Part A, B or C with its criteria."""

    code: str
    title: str
    max_points: int
    criteria: tuple[CriterionData, ...]
    line: int

    def walk(self) -> Iterator[CriterionData]:
        """Give every criterion of the section, parents before children, in table order."""
        for criterion in self.criteria:
            yield from criterion.walk()


@dataclass(frozen=True, slots=True)
class CriteriaSetData:
    """One scoring table as its file has it."""

    code: str
    name: str
    family: str
    group: str
    managing_agency: str
    legal_basis: str
    appendix: str
    valid_from: date
    samples_required: int
    excluded_if: tuple[str, ...]
    sections: tuple[SectionData, ...]
    file: str
    line: int

    def walk(self) -> Iterator[tuple[SectionData, CriterionData]]:
        """Give every criterion with its section, parents before children, in table order."""
        for section in self.sections:
            for criterion in section.walk():
                yield section, criterion

    def leaves(self) -> Iterator[CriterionData]:
        """Give the scored criteria in table order."""
        return (criterion for _, criterion in self.walk() if criterion.is_leaf)

    def to_scoring_set(self) -> ScoringSet:
        """Return the flat form the scoring engine works on."""
        return ScoringSet(
            code=self.code,
            name=self.name,
            leaves=tuple(
                _leaf(section, criterion) for section, criterion in self.walk() if criterion.is_leaf
            ),
            sections=tuple(Section(s.code, s.title, s.max_points) for s in self.sections),
        )


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip of the printed tables: what is printed, what is used and why; `kept` = used as printed."""

    set_code: str
    criterion: str
    printed: str
    used: str | None
    kept: bool
    why: str
    line: int


def _leaf(section: SectionData, criterion: CriterionData) -> Leaf:
    return Leaf(
        code=criterion.code,
        title=criterion.title,
        max_points=criterion.max_points,
        options=tuple(
            Option(option.position, option.points, option.label, option.min_star, option.case)
            for option in criterion.options
        ),
        section=section.code,
        stop=criterion.stop,
        applies_if=criterion.applies_if,
        guidance=criterion.guidance,
        requirement=criterion.requirement,
        disqualifier=criterion.disqualifier,
    )

"""The criteria pages: versions, one table as a tree, and search over the printed words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Count, Prefetch, Q, QuerySet

from evaluation.enums import VersionStatus
from evaluation.models import CriteriaSet, CriteriaVersion, Criterion, Option, Section
from evaluation.search_text import folded

SHOWN_FINDS = 100


@dataclass(frozen=True)
class Case:
    """Options to choose from in one case; a criterion without cases has one, without a name."""

    name: str
    options: list[Option]


@dataclass(frozen=True)
class Line:
    """A line of the table: a heading, or a leaf with its options by case."""

    criterion: Criterion
    depth: int
    cases: list[Case]

    @property
    def has_cases(self) -> bool:
        return len(self.cases) > 1

    @property
    def prints_zero(self) -> bool:
        """Does the table itself print an option of 0 points?"""
        return any(option.points == 0 for case in self.cases for option in case.options)

    @property
    def condition_code(self) -> str:
        """The criterion that must score before this one counts ("5.1" of "5.1 > 0")."""
        return self.criterion.applies_if.partition(" > ")[0]

    @property
    def marks(self) -> list[int]:
        """The stars for which this criterion holds a minimum condition."""
        return [option.min_star for case in self.cases for option in case.options if option.min_star]

    def texts(self) -> Iterator[str]:
        """Everything printed on the line."""
        criterion = self.criterion
        yield f"{criterion.code} {criterion.title}"
        yield criterion.guidance
        yield from (*criterion.requirement, *criterion.disqualifier, *criterion.stop)
        yield from (option.label for case in self.cases for option in case.options)


@dataclass(frozen=True)
class Part:
    """Section A, B or C with its lines in table order."""

    section: Section
    lines: list[Line]


@dataclass(frozen=True)
class Find:
    """A leaf in which the words searched for stand, with the text that holds them."""

    criteria_set: CriteriaSet
    criterion: Criterion
    excerpt: str


def versions_with_sets() -> list[CriteriaVersion]:
    """Published versions, the one in force first, each with its sets and their counts."""
    counted = (
        CriteriaSet.objects.select_related("product_set")
        .annotate(
            leaf_count=Count("criteria", filter=Q(criteria__is_leaf=True), distinct=True),
            **{
                f"mark_count_{star}": Count("criteria__options", filter=Q(criteria__options__min_star=star))
                for star in (3, 4, 5)
            },
        )
        .order_by("product_set__number")
    )
    versions = published().prefetch_related(Prefetch("sets", counted))
    return sorted(versions, key=lambda version: version.status != VersionStatus.IN_FORCE)


def published() -> QuerySet[CriteriaVersion]:
    """Versions that apply or have applied; drafts are nobody's law yet."""
    return CriteriaVersion.objects.filter(status__in=VersionStatus.published)


def published_sets() -> QuerySet[CriteriaSet]:
    """Sets of published versions with what their page names."""
    return CriteriaSet.objects.filter(version__status__in=VersionStatus.published).select_related(
        "version", "product_set"
    )


def parts_of(criteria_set_id: int) -> list[Part]:
    """The whole table of a set in printed order; three queries."""
    criteria = Criterion.objects.order_by("position").prefetch_related("options")
    sections = Section.objects.filter(criteria_set=criteria_set_id).prefetch_related(
        Prefetch("criteria", criteria)
    )
    return [Part(section, _lines(section.criteria.all())) for section in sections]


def narrowed(parts: list[Part], query: str) -> list[Part]:
    """The parts cut down to the lines that hold the words, with the headings above them."""
    found = [replace(part, lines=_narrowed_lines(part.lines, folded(query))) for part in parts]
    return [part for part in found if part.lines]


def find_everywhere(query: str) -> list[Find]:
    """Leaves of the versions in force that hold the words, in order of sets."""
    words = folded(query)
    in_force = CriteriaVersion.objects.filter(status=VersionStatus.IN_FORCE)
    versions = in_force.values_list("pk", "source_digest") if words else ()
    entries = [entry for pk, digest in versions for entry in _search_index(pk, digest)]
    return [
        Find(criteria_set, line.criterion, excerpt)
        for criteria_set, line, texts in entries
        if (excerpt := _excerpt(texts, words)) is not None
    ]


def _lines(criteria: Iterable[Criterion]) -> list[Line]:
    depths: dict[int | None, int] = {None: 0}
    lines = []
    for criterion in criteria:
        depths[criterion.pk] = depths[criterion.parent_id] + 1
        lines.append(Line(criterion, depths[criterion.pk], _cases(criterion.options.all())))
    return lines


def _cases(options: Iterable[Option]) -> list[Case]:
    groups: dict[str, list[Option]] = {}
    for option in options:
        groups.setdefault(option.case, []).append(option)
    return [Case(name, group) for name, group in groups.items()]


def _narrowed_lines(lines: list[Line], words: str) -> list[Line]:
    kept: set[int | None] = set()
    # Downwards: what stands under a heading that holds the words is found with it.
    for line in lines:
        if line.criterion.parent_id in kept or any(words in folded(text) for text in line.texts()):
            kept.add(line.criterion.pk)
    # Upwards: a line is shown under its headings.
    for line in reversed(lines):
        if line.criterion.pk in kept:
            kept.add(line.criterion.parent_id)
    return [line for line in lines if line.criterion.pk in kept]


# Published tables never change; the digest guards against a version loaded anew under the same id.
@lru_cache(maxsize=8)
def _search_index(version_id: int, digest: str) -> list[tuple[CriteriaSet, Line, dict[str, str]]]:
    """Every leaf of a version with its texts and their search forms."""
    leaves = (
        Criterion.objects.filter(criteria_set__version=version_id, is_leaf=True)
        .select_related("criteria_set__product_set", "parent")
        .prefetch_related("options")
        .order_by("criteria_set__product_set__number", "position")
    )
    lines = [Line(leaf, 1, _cases(leaf.options.all())) for leaf in leaves]
    return [(line.criterion.criteria_set, line, _keys(line)) for line in lines]


def _keys(line: Line) -> dict[str, str]:
    """Texts of a leaf and of the heading above it, with their search forms."""
    heading = line.criterion.parent
    texts = [*line.texts(), *([f"{heading.code} {heading.title}"] if heading else [])]
    return {text: folded(text) for text in texts if text}


def _excerpt(texts: dict[str, str], words: str) -> str | None:
    """The first text that holds the words, "" when that is the title itself, None when no text does."""
    for place, (text, key) in enumerate(texts.items()):
        if words in key:
            return text if place else ""
    return None

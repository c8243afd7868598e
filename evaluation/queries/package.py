"""The file of a potential five-star product for the Ministry: what it needs, what is there (Đ5, Đ6 k3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from evaluation.enums import ItemState, PackagePaperKind, ReviewState
from evaluation.models import AdvisoryReview, AgendaItem, PackagePaper
from products.enums import DossierState

# Đ5: files that reach the Ministry before the first day are answered before the second.
WINDOWS = (((1, 30), (3, 30)), ((7, 30), (9, 30)))


@dataclass(frozen=True)
class MinistryWindow:
    """One of the Ministry's two spans a year: files until, answer until."""

    files_until: date
    answer_until: date


def ministry_window(day: date) -> MinistryWindow:
    """The span a file sent on a day belongs to: 30/7 is still in time for 30/9, 31/7 waits for 30/1."""
    for year in (day.year, day.year + 1):
        for (month, last), (answer_month, answer_day) in WINDOWS:
            if day <= date(year, month, last):
                return MinistryWindow(date(year, month, last), date(year, answer_month, answer_day))
    raise AssertionError("every year has its first window")


def packages(user: Any) -> QuerySet[AgendaItem]:
    """Potential five-star results the user may see, waiting for the letter or sent already."""
    return AgendaItem.objects.visible_to(user).filter(
        state=ItemState.CLOSED,
        result__potential_five=True,
        version__dossier__state__in=(*DossierState.awaiting_decision, *DossierState.decided),
    ).select_related(
        "session__council__unit",
        "result",
        "criteria_set",
        "version__dossier__product__entity",
        "version__dossier__product__product_set",
        "version__dossier__commune__parent",
    )  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """A kind of paper the file needs, why, and what is there."""

    kind: PackagePaperKind
    why: str
    papers: list[PackagePaper]

    @property
    def is_met(self) -> bool:
        return bool(self.papers)


def papers_of(item: AgendaItem) -> list[PackagePaper]:
    """The province's papers in the order of their kinds, as they stand in the file."""
    order = list(PackagePaperKind)
    papers = item.package_papers.select_related("stored", "added_by")
    return sorted(papers, key=lambda paper: (order.index(PackagePaperKind(paper.kind)), paper.pk))


def checklist(item: AgendaItem) -> list[Demand]:
    """What Đ6 k3 asks of the province; extra tests only where an adviser asked for them. Two queries."""
    papers = papers_of(item)
    asked = AdvisoryReview.objects.filter(version=item.version_id, state=ReviewState.SUBMITTED)
    tests = asked.exclude(extra_tests="").values_list("extra_tests", flat=True)
    demands = [(kind, "") for kind in PackagePaperKind if kind in PackagePaperKind.required]
    if words := "; ".join(tests):
        demands.append((PackagePaperKind.EXTRA_TEST, f"Tổ tư vấn đề nghị: {words}"))
    return [Demand(kind, why, [paper for paper in papers if paper.kind == kind]) for kind, why in demands]


def missing(item: AgendaItem) -> list[Demand]:
    """The papers still to be added before the file goes to the Ministry."""
    return [demand for demand in checklist(item) if not demand.is_met]

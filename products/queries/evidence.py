"""What is said of the evidence of a version: papers, how much, what is missing, what expires."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from products import signals
from products.enums import EvidenceGroup
from products.evidence_rules import Rule, missing_groups, required_of
from products.models import DossierVersion, Evidence

MB = 1024 * 1024


@dataclass(frozen=True)
class GroupLine:
    """A group of Mẫu 02 with how many papers it holds; `rule` when the product set demands it."""

    group: EvidenceGroup
    count: int
    rule: Rule | None

    @property
    def is_missing(self) -> bool:
        return self.rule is not None and self.count == 0


@dataclass(frozen=True)
class Papers:
    """The evidence of a version, worked out from its rows."""

    rows: list[Evidence]
    set_number: int

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def size(self) -> int:
        return sum(row.stored.size for row in self.rows)

    @property
    def size_share(self) -> float:
        return min(1.0, self.size / (settings.EVIDENCE_MAX_DOSSIER_MB * MB))

    @property
    def expired(self) -> list[Evidence]:
        return [row for row in self.rows if row.is_expired]

    @property
    def expiring(self) -> list[Evidence]:
        return [row for row in self.rows if row.expires_soon]

    @property
    def missing(self) -> list[Rule]:
        """Groups the set demands that hold no paper yet."""
        return missing_groups(self.set_number, (row.group for row in self.rows))

    @property
    def groups(self) -> list[GroupLine]:
        """All groups in the order of Mẫu 02, with what each holds."""
        rules = {rule.group: rule for rule in required_of(self.set_number)}
        counts = {group: sum(row.group == group for row in self.rows) for group in EvidenceGroup}
        return [GroupLine(group, counts[group], rules.get(group)) for group in EvidenceGroup]

    @property
    def by_group(self) -> list[tuple[EvidenceGroup, list[Evidence]]]:
        """The papers under their groups, in the order of Mẫu 02; empty groups left out."""
        found = [(group, [row for row in self.rows if row.group == group]) for group in EvidenceGroup]
        return [(group, rows) for group, rows in found if rows]


def in_order(rows: list[Evidence]) -> list[Evidence]:
    """Papers in the order of Mẫu 02, then as they came."""
    place: dict[str, int] = {group: number for number, group in enumerate(EvidenceGroup)}
    return sorted(rows, key=lambda row: (place.get(row.group, 99), row.position, row.pk))


def papers_of(version: DossierVersion) -> Papers:
    """The evidence of a version; one query."""
    rows = list(version.evidences.with_files())
    for row in rows:
        row.version = version
    return Papers(in_order(rows), version.dossier.product.product_set.number)


def uses_of(version: DossierVersion) -> dict[int, list[str]]:
    """What each paper serves, as higher apps tell: evidence id -> short names (codes of criteria)."""
    found: dict[int, list[str]] = {}
    answers: list[tuple[Any, Any]] = signals.collect_evidence_uses.send(
        sender=DossierVersion, version=version
    )
    for _, uses in answers:
        for pk, names in (uses or {}).items():
            found.setdefault(pk, []).extend(names)
    return found


def neighbours(evidence: Evidence) -> tuple[Evidence | None, Evidence | None]:
    """The papers before and after this one in its version."""
    rows = papers_of(evidence.version).rows
    place = [row.pk for row in rows].index(evidence.pk)
    before = rows[place - 1] if place else None
    after = rows[place + 1] if place + 1 < len(rows) else None
    return before, after

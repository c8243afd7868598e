"""Which sections of a dossier differ from what was filed the time before."""

from typing import Any

from products import completeness, snapshot
from products.models import DossierVersion

# Section -> keys of the snapshot that hold it, beside the texts of its own step.
_KEYS: dict[str, tuple[str, ...]] = {
    completeness.ENTITY_DATA: ("entity",),
    "dang-ky": ("product",),
    completeness.EVIDENCE: ("evidence",),
    completeness.SELF_ASSESSMENT: ("self_assessment",),
}


def changed_sections(before: dict[str, Any], after: dict[str, Any]) -> frozenset[str]:
    """Slugs of `completeness.SECTIONS` that two snapshots tell differently.

    What only one of them tells was not asked in the other's release: nobody knows whether it changed.
    """
    return frozenset(
        section.slug for section in completeness.SECTIONS if _differs(section.slug, before, after)
    )


def _differs(slug: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    step = completeness.STEPS_BY_SLUG.get(slug)
    fields = step.fields if step else ()
    old, new = before["content"], after["content"]
    if any(old[name] != new[name] for name in fields if name in old and name in new):
        return True
    return any(
        _other(before[key], after[key]) for key in _KEYS.get(slug, ()) if key in before and key in after
    )


def _other(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return any(old[key] != new[key] for key in old.keys() & new.keys())
    return old != new


def since_last_filing(version: DossierVersion) -> frozenset[str] | None:
    """Sections changed since the version before; None for a first filing.

    A draft is taken as it would be filed now.
    """
    before = version.dossier.versions.filter(number=version.number - 1).only("snapshot").first()
    if before is None or before.snapshot is None:
        return None
    after = version.snapshot if version.snapshot is not None else snapshot.take(version)
    return changed_sections(before.snapshot, after)

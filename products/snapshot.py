"""The frozen picture of a filed version: plain JSON and its SHA-256."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from products import signals
from products.completeness import DRAFT_FIELDS
from products.models import Dossier, DossierVersion, Entity, Evidence, Product
from products.queries.evidence import papers_of

_ENTITY_COLUMNS = (
    "name", "legal_form", "tax_code", "address", "representative", "representative_position", "phone",
    "email", "founded_on", "registration_number", "registered_on", "registered_by", "workers_total",
    "workers_local", "strengthened_on",
)  # fmt: skip
_PAPER_COLUMNS = ("filename", "group", "title", "number", "issuer", "issued_on", "expires_on")
_PRODUCT_COLUMNS = (
    "name", "code", "is_flagship", "origin", "specification", "description", "story", "price", "price_unit",
    "sales_channels", "status",
)  # fmt: skip


def canonical(snapshot: dict[str, Any]) -> str:
    """The one way to write a snapshot down: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        snapshot,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )


def sha256_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def is_intact(version: DossierVersion) -> bool:
    """Does the stored snapshot still give the stored hash?"""
    return version.snapshot is not None and sha256_of(version.snapshot) == version.sha256


def take(version: DossierVersion) -> dict[str, Any]:
    """Everything the version says today, with the parts of higher apps, as plain JSON data.

    Raises ValueError when two apps answer under one key.
    """
    dossier = version.dossier
    snapshot: dict[str, Any] = {
        "dossier": _dossier(dossier, version),
        "product": _product(dossier.product),
        "entity": _entity(dossier.product.entity),
        "content": {name: getattr(version, name) for name in DRAFT_FIELDS},
        "evidence": [_paper(row) for row in papers_of(version).rows],
    }
    answers: list[tuple[Any, Any]] = signals.collect_snapshot.send(sender=DossierVersion, version=version)
    for part in (answer for _, answer in answers if answer):
        if snapshot.keys() & part.keys():
            raise ValueError("two apps answer under one key of the snapshot")
        snapshot.update(part)
    # What is hashed is what the database gives back: dates as text, keys as strings.
    return json.loads(canonical(snapshot))


def _dossier(dossier: Dossier, version: DossierVersion) -> dict[str, Any]:
    commune = dossier.commune
    return {
        "number": dossier.number,
        "version": version.number,
        "kind": dossier.kind,
        "year": dossier.year,
        "late_reason": dossier.late_reason,
        "commune": {"code": commune.code, "name": commune.name},
        "province": {"code": commune.parent.code, "name": commune.parent.name} if commune.parent else None,
    }


def _paper(row: Evidence) -> dict[str, Any]:
    stored = row.stored
    return {
        **{name: getattr(row, name) for name in _PAPER_COLUMNS},
        "sha256": stored.sha256,
        "size": stored.size,
        "content_type": stored.content_type,
        "pages": stored.pages,
    }


def _product(product: Product) -> dict[str, Any]:
    chosen = product.product_set
    return {
        **{name: getattr(product, name) for name in _PRODUCT_COLUMNS},
        "photos": [{"sha256": photo.sha256, "caption": photo.caption} for photo in product.photos.all()],
        "set": {"number": chosen.number, "name": chosen.name, "group": chosen.group, "family": chosen.family},
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {**{name: getattr(entity, name) for name in _ENTITY_COLUMNS}, "commune": entity.commune.name}

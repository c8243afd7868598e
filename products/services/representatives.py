"""Sensitive data of a representative (N356 Đ4): read on request only, and every reading is written down."""

from typing import Any

from django.db import transaction

from core import audit
from products.models import Entity, RepresentativeProfile
from products.services.common import allow, column_label, save_row
from products.services.entities import require_living

PROFILE_FIELDS = ("gender", "ethnicity", "has_disability", "permanent_address")


@transaction.atomic
def view_representative(entity: Entity, *, by: Any) -> RepresentativeProfile:
    """The sensitive data of the entity's representative; the log says who read them and when.

    An entity without any gives an empty, unsaved profile.
    """
    allow(by, "products.view_representative", entity)
    audit.record(by=by, verb="representative.view", obj=entity)
    found = RepresentativeProfile.objects.filter(entity=entity).first()
    return found or RepresentativeProfile(entity=entity)


@transaction.atomic
def update_representative(entity: Entity, *, by: Any, **fields: Any) -> RepresentativeProfile:
    """Change what is known of the representative; the log names the changed columns, never their values."""
    allow(by, "products.change_representative", entity)
    require_living(entity)
    found = RepresentativeProfile.objects.select_for_update().filter(entity=entity).first()
    profile = found or RepresentativeProfile(entity=entity)
    changed = [name for name in PROFILE_FIELDS if name in fields and getattr(profile, name) != fields[name]]
    if not changed:
        return profile
    for name in changed:
        setattr(profile, name, fields[name])
    save_row(profile)
    labels = [column_label(profile, name) for name in changed]
    audit.record(by=by, verb="representative.update", obj=entity, after={"fields": labels})
    return profile

"""Every change of a row says who made it, from which page, what was before and what came after."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from products.models import Entity

pytestmark = pytest.mark.django_db


def test_a_changed_entity_keeps_both_values_with_the_person_and_the_page(client):
    commune = make_commune()
    officer = make_user("xa", Role.COMMUNE_OFFICER, commune)
    client.force_login(officer)
    form = {"name": "HTX Bánh đa", "legal_form": "cooperative", "commune": commune.pk, "address": "Thôn Một"}
    client.post(reverse("products:entity_create"), form)
    entity = Entity.objects.get()
    edit = reverse("products:entity_edit", args=[entity.pk])
    client.post(edit, {**form, "address": "Thôn Hai"})

    events = entity.events.select_related("pgh_context").order_by("pgh_id")
    assert [event.address for event in events] == ["Thôn Một", "Thôn Hai"]
    last = events.last().pgh_context.metadata
    assert (last["user"], last["url"]) == (officer.pk, edit)

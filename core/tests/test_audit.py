"""Acts and refusals leave a trace that nobody can change."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core import audit
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_an_act_records_who_what_before_and_after():
    user, unit = make_user("vanphong", Role.PROVINCIAL_OFFICER), make_commune()
    audit.record(
        by=user, verb="renamed", obj=unit, before={"name": "A"}, after={"name": "B"}, reason="sáp nhập"
    )
    entry = audit.history_of(unit).get()
    assert (entry.actor, entry.verb) == (user, "renamed")
    assert (entry.before, entry.after) == ({"name": "A"}, {"name": "B"})
    assert entry.reason == "sáp nhập"


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditentry SET verb = 'x'", "DELETE FROM core_auditentry"]
)
def test_the_log_cannot_be_changed_even_in_the_database(statement):
    audit.record(by=None, verb="seen")
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def test_deleting_an_entry_through_the_model_is_refused():
    with pytest.raises(TypeError):
        audit.record(by=None, verb="seen").delete()


def test_a_refused_write_is_recorded_with_its_address_and_person(client):
    user = make_user("xa", Role.COMMUNE_OFFICER, make_commune())
    client.force_login(user)
    path = reverse("core:job_cancel", kwargs={"pk": "00000000-0000-0000-0000-000000000000"})
    assert client.post(path).status_code == 404
    entry = AuditEntry.objects.get(verb="refused")
    assert (entry.actor, entry.path, entry.after, entry.ip) == (user, path, {"status": 404}, "127.0.0.1")


def test_looking_at_a_missing_page_writes_nothing(client):
    client.force_login(make_user("xa", Role.COMMUNE_OFFICER, make_commune()))
    assert client.get("/khong-co/").status_code == 404
    assert not AuditEntry.objects.filter(verb="refused").exists()


def test_every_change_of_a_row_is_kept_with_its_old_values():
    unit = make_commune()
    unit.name = "Xã Cẩm Bình Mới"
    unit.save()
    history = unit.events.order_by("pgh_id")
    assert [event.name for event in history] == ["Xã Cẩm Bình", "Xã Cẩm Bình Mới"]


def test_a_refused_write_to_an_address_with_a_nul_is_recorded_and_not_an_error(client):
    client.force_login(make_user("xa", Role.COMMUNE_OFFICER, make_commune()))
    assert client.post("/khong-co\x00/").status_code == 404
    assert AuditEntry.objects.get(verb="refused").path == "/khong-co/"

"""Whose indicator of the catalogue it is: a province's own, or shared by all."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import DomainError
from training import services
from training.tests.factories import BINH, make_indicator, make_plan

pytestmark = pytest.mark.django_db


def test_a_province_keeps_its_own_indicators_and_the_administrator_the_shared_ones(client):
    elsewhere = make_province("40", "Tỉnh Nghệ An")
    officer, admin = make_user("can-bo", Role.PROVINCIAL_OFFICER), make_user("quan-tri", Role.ADMINISTRATOR)
    other = make_user("can-bo-khac", Role.PROVINCIAL_OFFICER, elsewhere)
    shared = make_indicator("hoi-cho", name="Hội chợ")
    named = {"name": "Làng nghề OCOP", "unit_name": "làng"}
    own = services.indicator_named(**named, unit=make_commune(*BINH), by=officer)
    assert own.unit == make_province()
    assert services.indicator_named(**named, unit=elsewhere, by=other) != own
    for indicator, by in ((shared, officer), (own, other), (own, admin)):
        with pytest.raises(PermissionDenied):
            services.update_indicator(indicator=indicator, by=by, name="Tên khác")
    services.update_indicator(indicator=own, by=officer, name="Làng nghề")
    services.update_indicator(indicator=shared, by=admin, name="Hội chợ, tuần hàng")
    theirs = make_plan("khac-2026", elsewhere)
    with pytest.raises(DomainError, match="của tỉnh khác") as refusal:
        services.add_target(plan=theirs, by=other, indicator=own, operator="ge", value=5)
    assert refusal.value.field == "indicator"
    # On the pages: what one may not change is no link, another province's is not there at all.
    edit = {row: f"/ke-hoach/danh-muc/{row.pk}/" for row in (own, shared)}
    for user, shown, statuses in (
        (officer, [own], (200, 403)),
        (admin, [shared], (403, 200)),
        (other, [], (404, 403)),
    ):
        client.force_login(user)
        page = client.get("/ke-hoach/danh-muc/").content.decode()
        assert [row for row in (own, shared) if f'href="{edit[row]}"' in page] == shown
        assert (own.unit.name in page) is (user is not other)
        assert tuple(client.get(edit[row]).status_code for row in (own, shared)) == statuses

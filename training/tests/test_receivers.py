"""What training does when something happens below."""

from datetime import date

import pytest

from accounts.tests.factories import make_province
from products import services
from products.tests.factories import make_entity, provincial_officer
from training.models import RegisterPerson

pytestmark = pytest.mark.django_db


def test_people_of_a_merged_entity_are_listed_for_the_one_that_stays():
    keep, drop = make_entity("HTX Một"), make_entity("HTX Hai")
    person = RegisterPerson.objects.create(
        name="Người Thử", unit=make_province(), group="official", entity=drop, listed_on=date(2026, 1, 1)
    )
    services.merge_entities(keep, drop, by=provincial_officer(), reason="Nhập hai lần.")
    person.refresh_from_db()
    assert person.entity == keep

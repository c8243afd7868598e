"""The same entity entered twice: found by tax code and by name, and a person decides."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from products import queries, services
from products.models import DistinctPair, Entity
from products.queries.duplicates import PossiblePairs
from products.services import LookalikeError
from products.tests.factories import (
    commune_officer_of,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
)

pytestmark = pytest.mark.django_db


def elsewhere():
    """Another commune of the province."""
    return make_commune("Xã Đức Thọ", "18229")


def names(found):
    return [entity.name for entity in found]


def enter(client, **changes):
    commune = make_commune()
    client.force_login(commune_officer_of(commune))
    data = {"name": "Hợp tác xã bánh đa Cẩm Bình", "legal_form": "cooperative", "commune": commune.pk}
    return client.post(reverse("products:entity_create"), data | changes)


def test_likeness_is_told_without_diacritics_and_legal_words():
    make_entity("HTX Bánh đa Cẩm Bình")
    make_entity("HTX Bánh đa Cẩm Bính")  # a slip of the pen
    make_entity("Tổ hợp tác Sông La")
    found = queries.lookalikes("Hợp tác xã bánh đa CẨM BÌNH", make_commune())
    assert names(found) == ["HTX Bánh đa Cẩm Bình", "HTX Bánh đa Cẩm Bính"]
    assert names(queries.lookalikes("Banh da Cam Binh 2", make_commune())) != []
    assert queries.lookalikes("HTX Mật ong Vũ Quang", make_commune()) == []


def test_another_province_is_no_likeness():
    make_entity("HTX Bánh đa Cẩm Bình")
    abroad = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    assert queries.lookalikes("HTX Bánh đa Cẩm Bình", abroad) == []


def test_a_like_name_asks_first_and_nothing_is_stored(client):
    there = make_entity("HTX Bánh đa Cẩm Bình")
    answer = enter(client)
    page = answer.content.decode()
    assert Entity.objects.count() == 1
    assert "Đây là chủ thể khác" in page
    assert reverse("products:entity", args=[there.pk]) in page
    assert 'value="Hợp tác xã bánh đa Cẩm Bình"' in page


def test_ticked_it_goes_on_and_the_log_says_who_told_them_apart(client):
    there = make_entity("HTX Bánh đa Cẩm Bình")
    assert enter(client, is_another="on").status_code == 302
    new = Entity.objects.exclude(pk=there.pk).get()
    entry = AuditEntry.objects.get(verb="entity.tell_apart")
    assert (entry.object_id, entry.after["other_id"]) == (str(new.pk), there.pk)
    assert PossiblePairs([new.commune_id])[0:10] == []  # not asked about again


def test_the_tick_is_kept_when_another_field_is_refused(client):
    make_entity("HTX Bánh đa Cẩm Bình")
    page = enter(client, is_another="on", phone="abc").content.decode()
    assert 'id="id_is_another" checked' in page


def test_an_entity_of_another_commune_is_named_without_a_way_in(client):
    there = make_entity("HTX Bánh đa Cẩm Bình", commune=elsewhere(), tax_code="0100109106")
    page = enter(client).content.decode()
    assert "HTX Bánh đa Cẩm Bình" in page and "Xã Đức Thọ" in page
    assert reverse("products:entity", args=[there.pk]) not in page
    assert "0100109106" not in page


def test_a_taken_tax_code_is_refused_with_the_way_to_the_one_that_has_it(client):
    there = make_entity("HTX Sông La", tax_code="0100109106")
    answer = enter(client, tax_code="0100 109 106", is_another="on")
    assert answer.context["form"].errors["tax_code"] == [
        "Mã số thuế này đã thuộc một chủ thể khác trong hệ thống."
    ]
    assert reverse("products:entity", args=[there.pk]) in answer.content.decode()


def test_the_service_asks_too():
    entity, officer = make_entity(), provincial_officer()
    with pytest.raises(LookalikeError) as refused:
        services.create_entity(
            by=officer, name="htx bánh đa cẩm bình", legal_form="cooperative", commune=entity.commune
        )
    assert refused.value.found == [entity]


def test_a_renamed_entity_is_compared_but_not_with_itself_nor_when_its_name_stays(client):
    make_entity("HTX Bánh đa Cẩm Bình")
    other, officer = make_entity("HTX Sông La"), provincial_officer()
    with pytest.raises(LookalikeError):
        services.update_entity(other, by=officer, name="Tổ hợp tác Bánh đa Cẩm Bình")
    services.update_entity(other, by=officer, name="HTX Sông La", address="Thôn Một")
    services.update_entity(other, by=officer, name="HTX Sông Lam")


def test_an_entitys_own_account_is_shown_no_others():
    make_entity("HTX Bánh đa Cẩm Bình")
    mine = make_entity("HTX Sông La")
    services.update_entity(mine, by=owner_of(mine), name="HTX Bánh đa Cẩm Bình")


def test_the_corner_of_the_form_answers_while_typing(client):
    make_entity("HTX Bánh đa Cẩm Bình")
    commune = make_commune()
    client.force_login(commune_officer_of(commune))
    url = reverse("products:entity_lookalikes")
    assert names(client.get(url, {"name": "Bánh đa Cẩm Bình", "commune": commune.pk}).context["found"])
    for senseless in ({}, {"name": "x", "commune": "abc"}, {"name": "x" * 500, "commune": elsewhere().pk}):
        assert client.get(url, senseless).context["found"] == []


def test_pairs_of_the_area_the_same_names_first(client):
    make_entity("HTX Bánh đa Cẩm Bình")
    make_entity("Tổ hợp tác Bánh đa Cẩm Bình", commune=elsewhere())
    DistinctPair.objects.all().delete()
    client.force_login(provincial_officer())
    (pair,) = client.get(reverse("products:entity_duplicates")).context["pairs"]
    assert {str(side.commune) for side in pair.sides} == {"Xã Cẩm Bình", "Xã Đức Thọ"}
    assert pair.is_same_name
    client.force_login(commune_officer_of(make_commune()))
    assert client.get(reverse("products:entity_duplicates")).context["pairs"] == []


def test_near_names_of_one_commune_are_a_pair_until_told_apart(client):
    first, second = make_entity("HTX Bánh đa Cẩm Bình"), make_entity("HTX Bánh đa Cẩm Bính 2")
    DistinctPair.objects.all().delete()
    client.force_login(commune_officer_of(first.commune))
    url = reverse("products:entity_duplicates")
    assert len(client.get(url).context["pairs"]) == 1
    client.post(reverse("products:entity_distinct", args=[second.pk]), {"voi": first.pk})
    assert client.get(url).context["pairs"] == []
    assert AuditEntry.objects.filter(verb="entity.tell_apart", after__other_id=first.pk).exists()


def test_telling_apart_is_for_officers_of_both():
    mine, there = make_entity(), make_entity("HTX Bánh đa Cẩm Bình", commune=elsewhere())
    with pytest.raises(PermissionDenied):
        services.tell_apart(mine, there, by=commune_officer_of(mine.commune))
    with pytest.raises(DomainError):
        services.tell_apart(mine, mine, by=provincial_officer())


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.ADMINISTRATOR, Role.COUNCIL_MEMBER, Role.ENTITY])
def test_pairs_are_no_business_of_others(client, role):
    client.force_login(make_user("khac", role))
    assert client.get(reverse("products:entity_duplicates")).status_code == 403


def test_queries_of_the_pairs_do_not_grow(client, django_assert_num_queries):
    make_product(entity=make_entity("HTX Bánh đa Cẩm Bình"))
    make_entity("Tổ hợp tác Bánh đa Cẩm Bình")
    DistinctPair.objects.all().delete()
    client.force_login(provincial_officer())
    url = reverse("products:entity_duplicates")
    client.get(url)
    with django_assert_num_queries(8):
        assert len(client.get(url).context["pairs"]) == 1
    make_entity("Cơ sở Bánh đa Cẩm Bình")
    DistinctPair.objects.all().delete()
    with django_assert_num_queries(8):
        assert len(client.get(url).context["pairs"]) == 3

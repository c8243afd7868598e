"""Merging: what moves, what is chosen, what stays as it was filed, what is refused."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_commune
from core.exceptions import DomainError
from core.models import AuditEntry
from products import queries, services
from products.enums import DossierState
from products.models import DossierVersion, Entity, Product, RepresentativeProfile
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
    take_step,
)

pytestmark = pytest.mark.django_db

WHY = "Cùng một hợp tác xã, nhập hai lần."


@pytest.fixture
def keep():
    return make_entity("HTX Bánh đa Cẩm Bình", phone="0912345678")


@pytest.fixture
def drop():
    return make_entity("Hợp tác xã Bánh đa Cẩm Bình", tax_code="0100109106", phone="0987654321")


def merge(keep, drop, *, by=None, taken=(), reason=WHY):
    return services.merge_entities(keep, drop, by=by or provincial_officer(), reason=reason, taken=taken)


def merge_url(keep, drop):
    return f"{reverse('products:entity_merge', args=[keep.pk])}?voi={drop.pk}"


def test_products_accounts_and_years_move_over(keep, drop):
    product, person = make_product("Bánh đa vừng", entity=drop), owner_of(drop)
    recognise(product)
    make_dossier(product, kind="upgrade")
    officer = provincial_officer()
    services.update_entity(keep, by=officer, years={2025: (Decimal(10), None)})
    services.update_entity(drop, by=officer, years={2025: (Decimal(99), None), 2024: (Decimal(5), None)})
    merge(keep, drop)
    assert list(keep.products.all()) == [product]
    assert list(person.entity_accounts.values_list("entity", flat=True)) == [keep.pk]
    assert {row.year: row.revenue for row in keep.years.all()} == {2025: Decimal(10), 2024: Decimal(5)}
    drop.refresh_from_db()
    assert drop.merged_into == keep and drop.merged_at


def test_the_merged_one_leaves_the_lists_and_points_to_the_other(keep, drop, client):
    merge(keep, drop)
    officer = provincial_officer()
    assert list(queries.entities_for(officer)) == [keep]
    client.force_login(officer)
    page = client.get(reverse("products:entity", args=[drop.pk])).content.decode()
    assert "đã được gộp vào chủ thể khác" in page
    assert reverse("products:entity", args=[keep.pk]) in page
    assert reverse("products:entity_edit", args=[drop.pk]) not in page


def test_chosen_values_come_over_also_the_tax_code(keep, drop):
    merge(keep, drop, taken=["tax_code", "phone"])
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert (keep.name, keep.tax_code, keep.phone) == ("HTX Bánh đa Cẩm Bình", "0100109106", "0987654321")
    assert drop.tax_code == ""


def test_what_is_not_chosen_stays(keep, drop):
    merge(keep, drop)
    keep.refresh_from_db()
    assert (keep.tax_code, keep.phone) == ("", "0912345678")


def test_the_log_keeps_both_sides_and_the_reason(keep, drop):
    make_product("Bánh đa vừng", entity=drop)
    merge(keep, drop, taken=["tax_code"])
    entry = AuditEntry.objects.get(verb="entity.merge")
    assert entry.object_id == str(keep.pk) and entry.reason == WHY
    assert entry.before["drop"]["mã số thuế"] == "0100109106" and entry.before["keep"]["mã số thuế"] == ""
    assert entry.after["keep"]["mã số thuế"] == "0100109106"
    assert entry.after["moved"]["products"] == ["Bánh đa vừng"]
    assert AuditEntry.objects.get(verb="entity.merged_away").object_id == str(drop.pk)


def test_filed_versions_stay_as_they_were_filed(keep, drop):
    dossier = make_dossier(make_product("Kẹo lạc", entity=drop), DossierState.RETURNED)
    filed = DossierVersion.objects.filter(dossier=dossier, submitted_at__isnull=False).get()
    merge(keep, drop)
    again = DossierVersion.objects.get(pk=filed.pk)
    assert (again.snapshot, again.sha256) == (filed.snapshot, filed.sha256)
    assert again.snapshot["entity"]["name"] == "Hợp tác xã Bánh đa Cẩm Bình"


def test_a_product_name_that_would_stand_twice_is_named(keep, drop):
    for entity in (keep, drop):
        make_product("Bánh đa vừng", entity=entity)
    with pytest.raises(DomainError, match="Bánh đa vừng"):
        merge(keep, drop)
    drop.refresh_from_db()
    assert drop.merged_into is None and drop.products.count() == 1


def test_a_filed_dossier_keeps_its_entity_but_the_other_way_round_is_free(keep, drop):
    make_dossier(make_product("Kẹo lạc", entity=drop), DossierState.SUBMITTED)
    with pytest.raises(DomainError, match="đang có hồ sơ đã nộp"):
        merge(keep, drop)
    merge(drop, keep)
    keep.refresh_from_db()
    assert keep.merged_into == drop


def test_a_legal_form_for_tourism_does_not_take_other_products(keep, drop):
    Entity.objects.filter(pk=drop.pk).update(legal_form="association")
    make_product("Bánh đa vừng", entity=keep)
    with pytest.raises(DomainError, match="bộ 26"):
        merge(keep, drop, taken=["legal_form"])


def test_merging_twice_or_with_itself_is_refused(keep, drop):
    with pytest.raises(DomainError):
        merge(keep, keep)
    merge(keep, drop)
    for first, second in ((keep, drop), (drop, keep)):
        with pytest.raises(DomainError, match="đã được gộp"):
            merge(first, second)


def test_a_merged_entity_takes_nothing_new(keep, drop):
    person = owner_of(keep)
    merge(keep, drop)
    officer = provincial_officer()
    with pytest.raises(DomainError, match="đã được gộp"):
        services.update_entity(drop, by=officer, phone="0911111111")
    with pytest.raises(DomainError, match="đã được gộp"):
        services.give_account(drop, user=person, by=officer)
    with pytest.raises(DomainError, match="đã được gộp"):
        services.create_product(
            entity=drop, product_set=make_product("X", entity=keep).product_set, by=officer, name="Mới"
        )


def test_a_commune_merges_only_inside_itself(keep, drop):
    there = make_entity("HTX Bánh đa", commune=make_commune("Xã Đức Thọ", "18229"))
    officer = commune_officer_of(keep.commune)
    with pytest.raises(PermissionDenied):
        merge(keep, there, by=officer)
    merge(keep, drop, by=officer)


def test_an_entity_merges_nothing(keep, drop, client):
    with pytest.raises(PermissionDenied):
        merge(keep, drop, by=owner_of(keep))
    client.force_login(owner_of(keep))
    assert client.get(merge_url(keep, drop)).status_code == 403


# Sensitive data describe a person: they go where that person's name goes.


def profile(entity, ethnicity):
    return RepresentativeProfile.objects.create(entity=entity, ethnicity=ethnicity)


def kept_ethnicity(keep):
    found = RepresentativeProfile.objects.filter(entity=keep).first()
    return found.ethnicity if found else None


def test_a_profile_comes_over_when_it_is_the_same_person(keep, drop):
    profile(drop, "Mường")
    merge(keep, drop)
    assert kept_ethnicity(keep) == "Mường"


def test_another_persons_profile_stays_behind(keep, drop):
    Entity.objects.filter(pk=drop.pk).update(representative="Người Khác")
    profile(drop, "Mường")
    merge(keep, drop)
    assert kept_ethnicity(keep) is None


def test_with_the_other_representative_comes_the_other_profile(keep, drop):
    Entity.objects.filter(pk=drop.pk).update(representative="Người Khác")
    profile(keep, "Kinh")
    profile(drop, "Mường")
    merge(keep, drop, taken=["representative"])
    assert kept_ethnicity(keep) == "Mường"


def test_with_the_other_representative_goes_a_profile_that_is_not_his(keep, drop):
    Entity.objects.filter(pk=drop.pk).update(representative="Người Khác")
    profile(keep, "Kinh")
    merge(keep, drop, taken=["representative"])
    assert kept_ethnicity(keep) is None


# The page.


def test_the_page_shows_both_sides_and_what_moves(keep, drop, client):
    make_product("Bánh đa vừng", entity=drop)
    client.force_login(provincial_officer())
    answer = client.get(merge_url(keep, drop))
    page = answer.content.decode()
    chosen = {row["label"]: row["chosen"] for row in answer.context["form"].choices()}
    assert chosen == {"Tên": "keep", "Mã số thuế": "drop", "Điện thoại": "keep"}
    assert "Bánh đa vừng" in page and "0987654321" in page


def test_merging_on_the_page(keep, drop, client):
    client.force_login(provincial_officer())
    data = {"take_name": "drop", "take_tax_code": "drop", "take_phone": "keep"}
    refused = client.post(merge_url(keep, drop), data)
    assert "reason" in refused.context["form"].errors
    done = client.post(merge_url(keep, drop), {**data, "reason": WHY})
    assert done.url == reverse("products:entity", args=[keep.pk])
    keep.refresh_from_db()
    assert (keep.name, keep.tax_code) == ("Hợp tác xã Bánh đa Cẩm Bình", "0100109106")


def test_the_other_one_is_looked_for_by_likeness_or_words(keep, drop, client):
    far = make_entity("HTX Mật ong Vũ Quang")
    client.force_login(provincial_officer())
    url = reverse("products:entity_merge", args=[keep.pk])
    assert list(client.get(url).context["partners"]) == [drop]
    assert list(client.get(url, {"q": "mat ong"}).context["partners"]) == [far]


def test_a_foreign_partner_is_not_found(keep, client):
    there = make_entity("HTX Bánh đa", commune=make_commune("Xã Đức Thọ", "18229"))
    client.force_login(commune_officer_of(keep.commune))
    assert client.get(merge_url(keep, there)).status_code == 404
    assert client.post(merge_url(keep, there), {"reason": WHY}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_officers_merging_the_same_pair_at_once_do_it_once():
    keep, drop = make_entity("HTX Một"), make_entity("HTX Hai")
    officer, start, refusals = provincial_officer(), threading.Barrier(2), []

    def run(first, second):
        start.wait()
        try:
            one, other = Entity.objects.get(pk=first), Entity.objects.get(pk=second)
            services.merge_entities(one, other, by=officer, reason=WHY)
        except DomainError as refusal:
            refusals.append(refusal.message)
        finally:
            connection.close()

    # One keeps the first, the other the second: locked in one order, so no deadlock either.
    pairs = ((keep.pk, drop.pk), (drop.pk, keep.pk))
    threads = [threading.Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refusals) == 1 and "đã được gộp" in refusals[0]
    assert Entity.objects.living().count() == 1


def in_another_hand(act):
    """A thread that does it and keeps what came out."""
    told = []

    def run():
        try:
            told.append(act())
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(1)
    assert thread.is_alive()  # it waits
    return thread, told


@pytest.mark.django_db(transaction=True)
def test_a_dossier_being_filed_at_this_moment_keeps_its_entity():
    keep, drop = make_entity("HTX Một"), make_entity("HTX Hai")
    dossier = make_dossier(make_product("Bánh đa", drop))
    with transaction.atomic():
        take_step(dossier, "submit")
        thread, told = in_another_hand(lambda: merge(keep, drop))
    thread.join(20)
    assert isinstance(told[0], DomainError) and "đang có hồ sơ đã nộp" in told[0].message
    assert DossierVersion.objects.get().snapshot["entity"]["name"] == "HTX Hai"
    assert Product.objects.get().entity == drop


@pytest.mark.django_db(transaction=True)
def test_a_dossier_filed_while_its_entity_is_merged_is_filed_by_the_kept_one():
    keep, drop = make_entity("HTX Một"), make_entity("HTX Hai")
    dossier = make_dossier(make_product("Bánh đa", drop))
    owner = owner_of(drop)
    with transaction.atomic():
        merge(keep, drop)
        thread, told = in_another_hand(lambda: take_step(dossier, "submit", by=owner))
    thread.join(20)
    assert told == [dossier]
    assert DossierVersion.objects.get().snapshot["entity"]["name"] == "HTX Một"

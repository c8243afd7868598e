"""Entities, products and drafts: what is allowed, what is refused, and in which words."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core import audit
from core.exceptions import ConflictError, DomainError
from products import services
from products.enums import DossierKind, DossierState, LegalForm, RecognitionState
from products.models import DossierVersion, Entity, Product
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    make_set,
    owner_of,
    provincial_officer,
    recognise,
    take_step,
)

pytestmark = pytest.mark.django_db


def test_an_officer_adds_entities_only_in_the_own_commune():
    officer, elsewhere = commune_officer_of(make_commune()), make_commune("Xã Đức Thọ", "18229")
    with pytest.raises(PermissionDenied):
        services.create_entity(by=officer, name="HTX Lạ", legal_form="cooperative", commune=elsewhere)
    assert not Entity.objects.exists()


def test_an_entity_cannot_move_itself_to_a_commune_it_does_not_belong_to():
    entity, elsewhere = make_entity(), make_commune("Xã Đức Thọ", "18229")
    with pytest.raises(PermissionDenied):
        services.update_entity(entity, by=commune_officer_of(entity.commune), commune=elsewhere)


def test_names_are_stored_composed():
    entity = make_entity(unicodedata.normalize("NFD", "Hợp tác xã Chè"))
    entity.refresh_from_db()
    assert entity.name == unicodedata.normalize("NFC", "Hợp tác xã Chè")


def test_one_tax_code_one_entity():
    make_entity("HTX Một", tax_code="0100109106")
    with pytest.raises(DomainError) as refused:
        make_entity("HTX Hai", tax_code="0100109106")
    assert refused.value.field == "tax_code" and "chủ thể khác" in refused.value.message


def test_a_wrong_phone_is_named():
    with pytest.raises(DomainError) as refused:
        make_entity(phone="12345")
    assert refused.value.field == "phone"


def test_local_workers_are_part_of_all_workers():
    with pytest.raises(DomainError) as refused:
        make_entity(workers_total=5, workers_local=6)
    assert refused.value.field == "workers_local"


def test_an_association_registers_tourism_only():
    entity = make_entity("Hội Sinh vật cảnh", legal_form=LegalForm.ASSOCIATION)
    with pytest.raises(DomainError) as refused:
        make_product(entity=entity, set_number=6)
    assert refused.value.field == "product_set"
    assert make_product("Vườn cảnh", entity=entity, set_number=26).pk


def test_an_entity_with_goods_does_not_become_an_association():
    product = make_product()
    with pytest.raises(DomainError) as refused:
        services.update_entity(
            product.entity, by=owner_of(product.entity), legal_form=LegalForm.MANAGING_CENTRE
        )
    assert refused.value.field == "legal_form"


def test_a_product_name_is_used_once_by_an_entity():
    product = make_product()
    with pytest.raises(DomainError) as refused:
        make_product(entity=product.entity)
    assert refused.value.field == "name"


def test_the_set_stays_while_a_filed_dossier_rests_on_it():
    dossier = make_dossier(state=DossierState.SUBMITTED)
    with pytest.raises(DomainError) as refused:
        services.update_product(dossier.product, by=provincial_officer(), product_set=make_set(7))
    assert refused.value.field == "product_set"


def test_an_update_logs_only_what_changed():
    entity = make_entity()
    services.update_entity(entity, by=owner_of(entity), name="HTX Mới", address=entity.address)
    entry = audit.history_of(entity)[0]
    assert (entry.before, entry.after) == ({"name": "HTX Bánh đa Cẩm Bình"}, {"name": "HTX Mới"})


def test_one_open_dossier_a_product():
    dossier = make_dossier()
    with pytest.raises(DomainError, match="chưa kết thúc"):
        services.create_dossier(
            product=dossier.product, kind=DossierKind.FIRST, by=owner_of(dossier.product.entity)
        )


def test_a_new_dossier_after_the_last_one_ended():
    dossier = make_dossier(state=DossierState.NOT_RECOGNISED)
    again = services.create_dossier(
        product=dossier.product, kind=DossierKind.FIRST, by=owner_of(dossier.product.entity)
    )
    assert again.state == DossierState.DRAFT


@pytest.mark.parametrize("kind", [DossierKind.UPGRADE, DossierKind.RE_RANKING])
def test_upgrade_and_re_ranking_follow_a_recognition(kind):
    product = make_product()
    with pytest.raises(DomainError) as refused:
        services.create_dossier(product=product, kind=kind, by=owner_of(product.entity))
    assert refused.value.field == "kind"
    recognise(product, expires=timezone.localdate() + timedelta(days=150))
    assert services.create_dossier(product=product, kind=kind, by=owner_of(product.entity)).kind == kind


def test_a_product_still_recognised_is_not_filed_as_first():
    product = make_product()
    recognise(product)
    with pytest.raises(DomainError, match="đang được công nhận 3 sao"):
        services.create_dossier(product=product, kind=DossierKind.FIRST, by=owner_of(product.entity))


def test_a_draft_saves_without_demanding_anything():
    dossier = make_dossier()
    version = dossier.current_version
    saved = services.save_draft(
        version,
        by=owner_of(dossier.product.entity),
        data={"story": "", "samples": 0},
        revision=version.revision,
    )
    assert saved.story == "" and saved.revision == version.revision + 1


def test_saving_the_same_again_is_no_new_revision():
    dossier = make_dossier()
    version = dossier.current_version
    owner = owner_of(dossier.product.entity)
    again = services.save_draft(version, by=owner, data={"samples": 5}, revision=version.revision)
    assert again.revision == version.revision


def test_of_two_writers_the_second_is_told():
    dossier = make_dossier()
    version, owner = dossier.current_version, owner_of(dossier.product.entity)
    services.save_draft(version, by=owner, data={"story": "Người thứ nhất"}, revision=version.revision)
    with pytest.raises(ConflictError):
        services.save_draft(version, by=owner, data={"story": "Người thứ hai"}, revision=version.revision)
    assert DossierVersion.objects.get().story == "Người thứ nhất"


def test_a_commune_reads_but_does_not_write_an_entitys_draft():
    dossier = make_dossier()
    officer, version = commune_officer_of(dossier.commune), dossier.current_version
    assert officer.has_perm("products.view_dossier", dossier)
    with pytest.raises(PermissionDenied):
        services.save_draft(version, by=officer, data={"story": "khác"}, revision=version.revision)


def test_a_colleague_goes_on_with_what_the_commune_entered():
    commune = make_commune()
    dossier = make_dossier(by=commune_officer_of(commune))
    colleague = make_user("dong-nghiep", Role.COMMUNE_OFFICER, commune)
    version = dossier.current_version
    saved = services.save_draft(version, by=colleague, data={"story": "Viết tiếp"}, revision=version.revision)
    assert saved.story == "Viết tiếp"


def test_kind_and_year_are_fixed_by_filing():
    dossier = make_dossier()
    owner = owner_of(dossier.product.entity)
    services.update_registration(dossier, by=owner, kind=DossierKind.FIRST, year=2027)
    assert dossier.year == 2027
    take_step(dossier, "submit")
    with pytest.raises(DomainError):
        services.update_registration(dossier, by=owner, kind=DossierKind.FIRST, year=2026)


def test_an_account_is_given_by_officers_only():
    entity = make_entity()
    user = make_user("moi", Role.ENTITY, entity.commune)
    with pytest.raises(PermissionDenied):
        services.give_account(entity, user=user, by=owner_of(entity))
    services.give_account(entity, user=user, by=commune_officer_of(entity.commune))
    assert user.entity_accounts.get().entity == entity


def test_a_change_of_a_product_does_not_undo_the_code_given_meanwhile():
    """Read before filing, saved after: only what the form changed is written."""
    stale = make_product()
    make_dossier(type(stale).objects.get(pk=stale.pk), DossierState.SUBMITTED)
    services.update_product(stale, by=provincial_officer(), specification="hộp 200 g")
    stored = type(stale).objects.get(pk=stale.pk)
    assert stored.code and stored.specification == "hộp 200 g"


def test_a_change_of_an_entity_writes_only_what_changed():
    entity = make_entity()
    stale = Entity.objects.get(pk=entity.pk)
    services.update_entity(entity, by=provincial_officer(), phone="0987654321")
    services.update_entity(stale, by=provincial_officer(), address="Thôn Đông")
    assert Entity.objects.get(pk=entity.pk).phone == "0987654321"


def test_the_name_of_a_product_stays_while_its_dossier_is_under_assessment():
    dossier = make_dossier(state=DossierState.SUBMITTED)
    with pytest.raises(DomainError, match="chưa đổi được tên") as refused:
        services.update_product(dossier.product, by=provincial_officer(), name="Giò lụa")
    assert refused.value.field == "name"


def test_a_returned_dossier_may_move_to_the_right_product_set():
    dossier = make_dossier(state=DossierState.RETURNED)
    product = services.update_product(
        dossier.product, by=owner_of(dossier.product.entity), product_set=make_set(7)
    )
    assert product.product_set.number == 7


def expect_refusal(product, field, *, by, **change):
    with pytest.raises(DomainError, match="Giấy chứng nhận còn hiệu lực") as refused:
        services.update_product(product, by=by, **change)
    assert refused.value.field == field
    assert not Product.objects.filter(pk=product.pk, **change).exists()


def test_what_the_certificate_names_is_changed_by_the_province_only():
    product = make_product()
    recognise(product)
    for person in (owner_of(product.entity), commune_officer_of(product.commune)):
        expect_refusal(product, "name", by=person, name="Giò lụa")
        expect_refusal(product, "product_set", by=person, product_set=make_set(7))
    officer = provincial_officer()
    changed = services.update_product(product, by=officer, name="Giò lụa", product_set=make_set(7))
    assert (changed.name, changed.product_set.number) == ("Giò lụa", 7)


def test_the_rest_of_a_recognised_product_stays_open_to_its_entity():
    product = make_product()
    recognise(product)
    changed = services.update_product(
        product,
        by=owner_of(product.entity),
        name=product.name,
        product_set=product.product_set,
        specification="hộp 200 g",
    )
    assert changed.specification == "hộp 200 g"


@pytest.mark.parametrize(
    "ended",
    [
        {"expires": date(2025, 6, 1)},
        {"state": RecognitionState.REVOKED},
        {"state": RecognitionState.REPLACED},
    ],
)
def test_a_product_whose_recognition_ended_is_named_by_its_entity_again(ended):
    product = make_product()
    recognise(product, **ended)
    assert services.update_product(product, by=owner_of(product.entity), name="Giò lụa").name == "Giò lụa"


def test_the_officer_of_another_province_changes_no_product():
    product = make_product()
    elsewhere = make_user("tinh-khac", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    with pytest.raises(PermissionDenied):
        services.update_product(product, by=elsewhere, name="Giò lụa")

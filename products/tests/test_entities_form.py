"""The form of an entity: codes brought to one form, figures by year, a guessed legal form confirmed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_commune
from core.models import AuditEntry
from products import services
from products.models import Entity
from products.tests.factories import commune_officer_of, make_entity, make_product, owner_of
from products.validators import normal_phone, normal_tax_code, validate_phone, validate_tax_code

pytestmark = pytest.mark.django_db

LAST = timezone.localdate().year - 1


def form_of(entity, **changes):
    """What the form of the entity would send."""
    return {"name": entity.name, "legal_form": entity.legal_form, "commune": entity.commune_id, **changes}


def edit(client, entity, **changes):
    client.force_login(commune_officer_of(entity.commune))
    return client.post(reverse("products:entity_edit", args=[entity.pk]), form_of(entity, **changes))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0100 109 106", "0100109106"),
        ("0100.109.106", "0100109106"),
        ("0100109106001", "0100109106-001"),
        ("0100109106 - 001", "0100109106-001"),
        ("042 085 001 234", "042085001234"),
        (" abc ", "abc"),
        ("", ""),
    ],
)
def test_a_tax_code_has_one_form(typed, kept):
    assert normal_tax_code(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+84 912 345 678", "0912345678"),
        ("(+84) 912.345.678", "0912345678"),
        ("0912-345-678", "0912345678"),
        ("0239 3851 234", "02393851234"),
        ("+84 239 3851 234", "02393851234"),
        ("12", "12"),
    ],
)
def test_a_phone_number_has_one_form(typed, kept):
    assert normal_phone(typed) == kept


def test_households_write_the_owners_personal_number_as_tax_code():
    validate_tax_code("042085001234")
    validate_phone("02393851234")
    for wrong in ("0100109107", "999999999999", "12"):
        with pytest.raises(ValidationError):
            validate_tax_code(wrong)


def test_codes_are_tidied_on_entering_and_on_editing(client):
    entity = make_entity()
    edit(client, entity, tax_code="0100 109 106", phone="(+84) 912.345.678")
    entity.refresh_from_db()
    assert (entity.tax_code, entity.phone) == ("0100109106", "0912345678")
    by_service = make_entity("HTX Khác", tax_code="0100109106 001", phone="+84987654321")
    assert (by_service.tax_code, by_service.phone) == ("0100109106-001", "0987654321")


def test_figures_of_the_last_three_years_are_typed_in_vietnamese(client):
    entity = make_entity()
    edit(
        client,
        entity,
        **{f"revenue_{LAST}": "1.234,5", f"profit_{LAST}": "-12,25", f"revenue_{LAST - 2}": "90"},
    )
    rows = {row.year: (row.revenue, row.profit) for row in entity.years.all()}
    assert rows == {LAST: (Decimal("1234.5"), Decimal("-12.25")), LAST - 2: (Decimal(90), None)}
    page = client.get(reverse("products:entity", args=[entity.pk])).content.decode()
    assert "1.234,5" in page and "−12,25" in page
    form = client.get(reverse("products:entity_edit", args=[entity.pk])).content.decode()
    assert 'value="1.234,5"' in form and 'value="-12,25"' in form


def test_emptied_figures_are_taken_away_and_the_log_keeps_them(client):
    entity = make_entity()
    officer = commune_officer_of(entity.commune)
    services.update_entity(entity, by=officer, years={LAST: (Decimal(10), Decimal(1))})
    edit(client, entity)
    assert not entity.years.exists()
    entry = AuditEntry.objects.filter(verb="entity.years").first()
    assert entry.before == {str(LAST): {"revenue": "10.000", "profit": "1.000"}}


@pytest.mark.parametrize("wrong", ["12.5", "abc", "1,2,3"])
def test_a_number_that_could_mean_two_things_is_not_guessed(client, wrong):
    entity = make_entity()
    answer = edit(client, entity, **{f"revenue_{LAST}": wrong})
    assert answer.context["form"].errors[f"revenue_{LAST}"] == ["Hãy nhập một số, ví dụ 1.234,5."]
    assert f'value="{wrong}"' in answer.content.decode()


def test_revenue_is_never_negative(client):
    entity = make_entity()
    assert f"revenue_{LAST}" in edit(client, entity, **{f"revenue_{LAST}": "-5"}).context["form"].errors


def test_a_persons_save_confirms_a_guessed_legal_form(client):
    entity = make_entity(legal_form_guessed=True)
    client.force_login(commune_officer_of(entity.commune))
    page = client.get(reverse("products:entity", args=[entity.pk])).content.decode()
    assert "do hệ thống đoán, cần xác nhận" in page
    services.update_entity(entity, by=commune_officer_of(entity.commune), phone="0987654321")
    assert Entity.objects.get().legal_form_guessed  # the form was not looked at
    edit(client, entity)
    assert not Entity.objects.get().legal_form_guessed


def test_registration_is_shown_in_one_line(client):
    entity = make_entity()
    edit(client, entity, registration_number="28A8-001", registered_on="05/11/2020", registered_by="UBND xã")
    page = client.get(reverse("products:entity", args=[entity.pk])).content.decode()
    assert "Số 28A8-001, ngày 05/11/2020, UBND xã" in page


def test_the_entitys_own_account_edits_its_own_and_no_other(client):
    mine, other = make_entity(), make_entity("HTX Sông La")
    client.force_login(owner_of(mine))
    assert client.post(reverse("products:entity_edit", args=[mine.pk]), form_of(mine, address="Thôn Hai")).url
    assert client.get(reverse("products:entity", args=[other.pk])).status_code == 404
    assert client.post(reverse("products:entity_edit", args=[other.pk]), form_of(other)).status_code == 404
    mine.refresh_from_db()
    assert mine.address == "Thôn Hai"


# The page: entity, years, products with stars, accounts (officer), and what each permission asks.
def test_queries_of_the_page_do_not_grow(client, django_assert_num_queries):
    entity = make_entity()
    make_product("Một", entity=entity)
    officer = commune_officer_of(entity.commune)
    client.force_login(officer)
    url = reverse("products:entity", args=[entity.pk])
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
    for number, name in enumerate(("Hai", "Ba"), start=1):
        make_product(name, entity=entity)
        services.update_entity(entity, by=officer, years={LAST - number: (Decimal(1), None)})
    with django_assert_num_queries(8):
        client.get(url)


def test_a_commune_of_the_user_is_enough_to_enter_one(client):
    commune = make_commune()
    client.force_login(commune_officer_of(commune))
    data = {"name": "HTX Sông La", "legal_form": "cooperative", "commune": commune.pk}
    assert client.post(reverse("products:entity_create"), data).status_code == 302


def test_the_only_commune_of_an_officer_is_already_chosen(client):
    commune = make_commune()
    client.force_login(commune_officer_of(commune))
    form = client.get(reverse("products:entity_create")).context["form"]
    assert form["commune"].value() == commune.pk

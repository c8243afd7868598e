"""Heads and feet of papers: kept for a unit, checked against the decree, put back."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from core.audit import history_of
from core.exceptions import DomainError
from reports.enums import Issuer
from reports.forms_letterheads import LetterheadForm
from reports.letterhead import letterhead_of
from reports.models import LetterheadSettings
from reports.services import letterheads

TODAY = date(2026, 11, 28)


@pytest.fixture
def officer(db):
    return make_user("can-bo", Role.PROVINCIAL_OFFICER, make_province())


def values(**changes):
    """What the department prints by itself, with changes."""
    return LetterheadForm.initial_of(letterhead_of(make_province(), TODAY)) | changes


def keep(officer, **changes):
    return letterheads.keep(unit=make_province(), issuer=Issuer.DEPARTMENT, by=officer, **values(**changes))


def test_what_a_unit_keeps_is_printed_from_then_on_and_not_on_papers_of_the_old_department(officer):
    keep(officer, symbol="snnmt", signer_position="kt. giám đốc\nphó giám đốc", copies="- Như Điều 2;\n")
    head = letterhead_of(make_province(), TODAY)
    assert head.number("BC", "05/BC-SNNMT") == "Số: 05/BC-SNNMT"
    assert head.signer_position == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert head.recipients == ("Như trên;", "Như Điều 2;", "Lưu: VT, PTNT.")
    assert letterhead_of(make_province(), date(2024, 1, 1)).symbol == "SNNPTNT"
    assert letterhead_of(make_province(), TODAY, Issuer.COUNCIL).symbol == "HĐOCOP"
    assert history_of(LetterheadSettings.objects.get()).get().after["signer_position"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("symbol", "SNN MT"),
        ("issuing_body", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH HÀ TĨNH"),
        ("signer_position", "KT. GIÁM ĐỐC"),
        ("signer_name", "TS. Nguyễn Văn Mẫu"),
        ("archive", "Phòng PTNT"),
        ("place", ""),
    ],
)
def test_what_the_decree_refuses_is_refused_beside_its_field(officer, field, value):
    with pytest.raises(DomainError) as refused:
        keep(officer, **{field: value})
    assert refused.value.field == field
    assert not LetterheadSettings.objects.exists()


def test_another_provinces_office_keeps_nothing_here(officer):
    outsider = make_user("nguoi-ngoai", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    with pytest.raises(PermissionDenied):
        keep(outsider)


def test_the_page_saves_and_goes_back_to_the_usual(client, officer):
    client.force_login(officer)
    address = reverse("reports:letterhead_edit", args=[make_province().pk, "committee"])
    committee = LetterheadForm.initial_of(letterhead_of(make_province(), TODAY, Issuer.COMMITTEE))
    assert client.post(address, committee | {"symbol": "ubnd nn"}).status_code == 200
    assert client.post(address, committee | {"signer_name": "Nguyễn Văn Mẫu"}).status_code == 302
    assert "Nguyễn Văn Mẫu" in client.get(reverse("reports:letterheads")).content.decode()
    client.post(reverse("reports:letterhead_restore", args=[make_province().pk, "committee"]))
    assert not LetterheadSettings.objects.exists()

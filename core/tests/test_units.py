"""Administrative units come from the official list, once."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.tests.factories import make_commune, make_province
from core.models import AdminUnit, UnitAlias
from core.services import load_units, province_codes

pytestmark = pytest.mark.django_db


def test_ha_tinh_has_69_communes_with_official_codes():
    report = load_units("42")
    province = AdminUnit.objects.provinces().get(code="42")
    assert province.name == "Tỉnh Hà Tĩnh"
    assert province.children.count() == 69
    assert report.created == 70
    assert AdminUnit.objects.get(code="18682").parent == province


def test_loading_units_twice_changes_nothing():
    load_units("42")
    report = load_units("42")
    assert (report.created, report.updated, report.unchanged) == (0, 0, 70)


def test_all_34_provinces_can_be_loaded_and_count_3321_communes():
    assert len(province_codes()) == 34
    for code in province_codes():
        load_units(code)
    assert AdminUnit.objects.provinces().count() == 34
    assert AdminUnit.objects.communes().count() == 3321


def test_a_city_keeps_its_kind_and_a_former_province_stays_findable():
    load_units("68")
    load_units("46")
    assert AdminUnit.objects.provinces().get(code="46").name == "Thành phố Huế"
    assert UnitAlias.objects.get(search_name="tinh binh thuan").unit.code == "68"


def test_an_unknown_province_is_refused_with_its_code():
    with pytest.raises(CommandError, match="99"):
        call_command("load_units", "--province", "99")


def test_two_valid_units_cannot_share_a_code():
    load_units("42")
    commune = AdminUnit.objects.communes().first()
    with pytest.raises(IntegrityError), transaction.atomic():
        AdminUnit.objects.create(
            code=commune.code,
            level="commune",
            kind="xa",
            name="Xã Trùng",
            parent=commune.parent,
            valid_from="2025-07-01",
        )


def test_units_stand_in_vietnamese_order():
    province = make_province("42")
    names = ["Xã Đức Thọ", "Xã Ân Phú", "Xã Dương Hòa", "Xã An Lộc", "Xã Đan Hải", "Xã Ea Sô"]
    for number, name in enumerate(names):
        make_commune(name, f"9000{number}", province)
    names = list(AdminUnit.objects.communes().order_by("sort_name").values_list("name", flat=True))
    assert names == ["Xã An Lộc", "Xã Ân Phú", "Xã Dương Hòa", "Xã Đan Hải", "Xã Đức Thọ", "Xã Ea Sô"]

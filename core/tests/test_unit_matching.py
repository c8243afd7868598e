"""Communes as lists name them: today's, yesterday's, misspelled; several are asked about."""

from datetime import date

import pytest

from accounts.tests.factories import make_province
from core.models import AdminUnit, UnitAlias
from core.services import load_units
from core.unit_matching import UnitMatcher, Way, former_communes

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2023, 5, 1), date(2026, 3, 1)


@pytest.fixture
def matcher():
    load_units("42")
    return UnitMatcher(make_province())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("18685",), "Xã Cẩm Bình"),
        (("Xã Cẩm Bình",), "Xã Cẩm Bình"),
        (("cẩm bình",), "Xã Cẩm Bình"),
        (("Xa Cam Binh",), "Xã Cẩm Bình"),
        (("X. Cẩm Bình",), "Xã Cẩm Bình"),
        (("Cẩm Vịnh", "TP. Hà Tĩnh"), "Xã Cẩm Bình"),
        (("Thị trấn Phố Châu", "Huyện Hương Sơn"), "Xã Hương Sơn"),
        (("Hương Trạch, Hương Khê, Hà Tĩnh",), "Xã Phúc Trạch"),
        (("Xã Hoà Hải", "Hương Khê"), "Xã Hương Bình"),
        (("", "", "Số 12, phường Bắc Hồng, TX Hồng Lĩnh"), "Phường Bắc Hồng Lĩnh"),
        (("", "", "Thôn 3, xã Cẩm Vịnh, TP Hà Tĩnh, tỉnh Hà Tĩnh"), "Xã Cẩm Bình"),
    ],
)
def test_names_of_today_and_of_before_are_found(matcher, words, name):
    assert str(matcher.match(*words, on=BEFORE).unit) == name


def test_a_commune_that_was_parted_is_asked(matcher):
    found = matcher.match("Xã Kỳ Lợi", "Thị xã Kỳ Anh", on=BEFORE)
    assert (found.way, found.unit) == (Way.UNSURE, None)
    assert {str(unit) for unit in found.candidates} == {
        "Phường Hoành Sơn",
        "Phường Sông Trí",
        "Phường Vũng Áng",
    }


def test_a_name_that_meant_another_commune_before_is_asked_of_old_lists_only(matcher):
    assert matcher.match("Phường Trần Phú", on=BEFORE).way == Way.UNSURE
    assert str(matcher.match("Phường Trần Phú", on=AFTER).unit) == "Phường Trần Phú"


def test_an_unknown_name_gets_the_nearest_ones(matcher):
    found = matcher.match("Xã Cẩm Bìh", on=BEFORE)
    assert (found.way, found.unit) == (Way.UNKNOWN, None)
    assert str(found.candidates[0]) == "Xã Cẩm Bình"


def test_another_province_is_no_commune_of_ours(matcher):
    assert matcher.match("Xã Nam Đàn, huyện Nam Đàn, Nghệ An", on=BEFORE).way == Way.ELSEWHERE


def test_an_alias_leads_to_its_commune(matcher):
    UnitAlias.objects.create(unit=AdminUnit.objects.get(code="18685"), name="Xã Bình Đông")
    found = UnitMatcher(make_province()).match("bình đông", on=AFTER)
    assert (found.way, str(found.unit)) == (Way.ALIAS, "Xã Cẩm Bình")


def test_a_merged_commune_leads_to_the_one_it_joined(matcher):
    joined = AdminUnit.objects.get(code="18685")
    gone = AdminUnit.objects.get(code="18682")
    gone.valid_to, gone.merged_into = date(2026, 6, 30), joined
    gone.save()
    again = UnitMatcher(make_province())
    assert gone not in again.communes
    assert again.match("18682").unit == joined
    assert again.match(gone.name, on=AFTER).unit == joined


def test_every_former_commune_of_the_province_is_known_or_asked(matcher):
    found = [matcher.match(old.name, old.district, on=BEFORE) for old in former_communes("42")]
    assert len(found) == 209
    assert {one.way for one in found} == {Way.FORMER, Way.UNSURE}
    assert sum(one.way == Way.UNSURE for one in found) == 4


@pytest.mark.parametrize("code", ["42", "40", "01", "79", "68"])
def test_the_table_names_communes_that_exist(code):
    load_units(code)
    here = set(AdminUnit.objects.communes().filter(parent__code=code).values_list("code", flat=True))
    named = {commune for old in former_communes(code) for commune in old.codes}
    assert named <= here

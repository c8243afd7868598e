"""Each computed indicator against a count by hand of the small province (`factories.small_province`)."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.tests.factories import make_commune, make_province
from training import indicators, lists
from training.indicators import REGISTRY, Counted, Period
from training.tests import factories

pytestmark = pytest.mark.django_db
UNTIL_NOVEMBER = Period(date(2026, 1, 1), date(2026, 11, 21))

# Name: the count by hand from 1 January to 21 November 2026, and its split (Cẩm Bình, Cẩm Xuyên).
BY_HAND = {
    "products_joined": (3, (2, 1)),  # Kẹo, Nước mắm (twice, once counted), Cam; not a draft, not returned
    "products_recognised": (3, (2, 1)),  # Kẹo, Nước mắm, Cam
    "products_three_star": (1, (1, 0)),  # Nước mắm
    "products_four_star": (2, (1, 1)),  # Kẹo, Cam
    "products_five_star": (0, (0, 0)),
    "products_recognised_cumulative": (3, (2, 1)),  # Rượu expired, Chè revoked, Kẹo once
    "products_new": (1, (0, 1)),  # Cam
    "products_standardised": (2, (2, 0)),  # Kẹo, Nước mắm
    "products_upgraded": (1, (1, 0)),  # Kẹo, the only flagship
    "products_rank_raised": (1, (1, 0)),  # Kẹo
    "products_re_ranked": (1, (1, 0)),  # Nước mắm
    "entities_new": (1, (0, 1)),
    "entities_strengthened": (1, (1, 0)),
    "persons_trained_share": (2, (1, 1)),  # Lan, Minh, of Lan, Minh, Hải, Quân
    "classes_held": (2, (0, 0)),  # June, September; October was cancelled, December is still to come
    "trainees": (5, (0, 0)),  # Lan and Nga in June; Lan, Minh and, for one half-day, Hải in September
}


def total(name: str, area, period: Period = UNTIL_NOVEMBER) -> Counted:
    counted = indicators.count([name], area, period)[name]
    return sum(counted.values(), Counted(0, 0 if REGISTRY[name].population else None))


@pytest.fixture
def province():
    factories.small_province()
    return make_province()


def test_every_registered_indicator_is_counted_by_hand():
    assert set(BY_HAND) == set(REGISTRY)


@pytest.mark.parametrize("name", BY_HAND)
def test_count_agrees_with_the_hand_count(province, name):
    number, (binh, xuyen) = BY_HAND[name]
    assert total(name, province).value == number
    assert total(name, make_commune(*factories.BINH)).value == binh
    assert total(name, make_commune(*factories.XUYEN)).value == xuyen


@pytest.mark.parametrize("name", BY_HAND)
def test_the_list_has_as_many_rows_as_the_number(province, name):
    rows = lists.rows_behind(name, province, UNTIL_NOVEMBER)
    kind = lists.kind_of(REGISTRY[name])
    assert rows.count() == BY_HAND[name][0]
    assert all(len(kind.line(row).cells) == len(kind.heads) - 1 for row in rows)


def test_share_is_of_persons_on_the_register_on_the_day(province):
    assert total("persons_trained_share", province) == Counted(2, 4)
    assert total("persons_trained_share", province).number == Decimal(50)
    # In February Nga was on it too, and nobody had been trained.
    assert total("persons_trained_share", province, Period(date(2026, 1, 1), date(2026, 2, 10))) == Counted(
        0, 5
    )


def test_rest_lists_those_not_trained(province):
    rest = lists.rows_behind("persons_trained_share", province, UNTIL_NOVEMBER, rest=True)
    assert [person.name for person in rest] == ["Phạm Hải", "Vũ Quân"]


def test_share_of_nobody_is_no_number(db):
    assert Counted(0, 0).number is None


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 5, 4), 2),  # Kẹo (its 3 stars of 2024) and Rượu
        (date(2026, 5, 5), 2),  # the last day of Rượu
        (date(2026, 5, 6), 1),
        (date(2026, 6, 30), 2),  # Kẹo by its new decision, Cam
        (date(2026, 10, 15), 3),
    ],
)
def test_standing_number_is_of_the_day(province, day, number):
    assert total("products_recognised_cumulative", province, Period(date(2026, 1, 1), day)).value == number


def test_by_month_adds_up_to_the_number(province):
    months = indicators.by_month("products_recognised", province, UNTIL_NOVEMBER)
    assert months == {date(2026, 6, 1): 2, date(2026, 10, 1): 1}
    # Nước mắm was filed in January and in May: it joined in January.
    joined = indicators.by_month("products_joined", province, UNTIL_NOVEMBER)
    assert joined == {date(2026, 1, 1): 1, date(2026, 2, 1): 1, date(2026, 3, 1): 1}


def test_filing_after_midnight_counts_on_the_local_day(province):
    product = factories.make_product("Bưởi Phúc Trạch")
    dossier = factories.make_dossier(product, date(2026, 12, 1))
    dossier.submitted_at = factories.noon(date(2026, 11, 21)).replace(hour=23, minute=59)
    dossier.save()
    assert total("products_joined", province).value == 4
    dossier.submitted_at = factories.noon(date(2026, 11, 22)).replace(hour=0, minute=0)
    dossier.save()
    assert total("products_joined", province).value == 3


def test_one_query_for_each_kind_of_record(province, django_assert_num_queries):
    with django_assert_num_queries(5):
        indicators.count(REGISTRY, province, UNTIL_NOVEMBER)


def test_other_provinces_are_not_counted(province):
    elsewhere = make_province("40", "Tỉnh Nghệ An")
    commune = make_commune("Xã Vạn An", "17950", elsewhere)
    factories.recognise(
        factories.make_product("Tương", factories.make_entity("HTX Tương", commune)), date(2026, 6, 1)
    )
    assert total("products_recognised", province).value == 3
    assert total("products_recognised", elsewhere).value == 1

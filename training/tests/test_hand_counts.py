"""Every computed indicator on a fixed province made of traps, against numbers counted by hand.

The year runs from 1 January to 31 December 2026 in Vietnamese time. Each record says why it counts or not;
HAND holds what somebody with paper and pencil arrives at: the province, Cẩm Bình, Cẩm Xuyên. What hangs on
Cẩm Lĩnh counts for Cẩm Xuyên, which it was merged into in July: Tương, with one dossier and three stars, and
its officer Võ Khoa with one class (he came on the register before the merger).
"""

from datetime import date, datetime, timedelta, timezone

import pytest

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from products.enums import DossierKind, DossierState, ProductOrigin
from training import indicators, lists, services
from training.indicators import REGISTRY, Period
from training.models import RegisterPerson
from training.queries import classes_pages
from training.tests import factories
from training.tests.factories import attend, make_class, make_dossier, make_entity, make_person, make_product

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
VIETNAM = timezone(timedelta(hours=7))

# Indicator: (province, Cẩm Bình, Cẩm Xuyên with Cẩm Lĩnh).
HAND = {
    # Miến (twice filed, once counted), Giò (00:00 of 1 January), Chè (23:59 of 31 December), Tương of
    # Cẩm Lĩnh. Not: Bánh returned, Kẹo a draft, Rượu (a minute before the year), Cam (a minute after it).
    "products_joined": (4, 2, 2),  # Cẩm Xuyên: Chè, Tương
    # Miến (3 stars in March, 4 in October: one product), Giò (31 December), Chè (revoked since, yet
    # decided in the year), Tương. Not: Rượu (31 December 2025), Cam (1 January 2027).
    "products_recognised": (4, 2, 2),  # Cẩm Xuyên: Chè, Tương
    "products_three_star": (3, 1, 2),  # Miến in March, Chè, Tương
    "products_four_star": (1, 1, 0),  # Miến in October
    "products_five_star": (1, 1, 0),  # Giò
    # On 31 December: Miến by its last decision, Giò, Tương, Nem (expires that very day) and Rượu.
    # Not: Chè revoked, Mật (expired the day before).
    "products_recognised_cumulative": (5, 2, 3),  # Cẩm Xuyên: Nem, Rượu, Tương
    "products_new": (1, 0, 1),  # Chè
    "products_standardised": (3, 2, 1),  # Miến, Giò; Tương
    "products_upgraded": (1, 1, 0),  # Miến, the flagship; Chè is a flagship too, but new
    "products_rank_raised": (1, 1, 0),  # Miến in October
    "products_re_ranked": (1, 1, 0),  # Giò
    # Founded on 1 January, that of Cẩm Lĩnh in May; another on 31 December 2025; a merged one is none.
    "entities_new": (2, 1, 1),
    "entities_strengthened": (1, 0, 1),  # on 31 December
    # Bảy is trained, listed in two groups; Chi by the account only; Dũng was at a cancelled class,
    # Em half a day of two. Giang left in June, Hùng came on the register after the year.
    # Khoa of Cẩm Lĩnh came to the class of June.
    "persons_trained_share": (3, 1, 1),
    "classes_held": (3, 0, 0),  # 1 January, June, 31 December; cancelled and of next year are none
    # 1 January: Bảy; June: Chi, Em (half a day), Giang and Khoa; 31 December: Bảy again.
    "trainees": (6, 0, 0),
}
PERSONS = 5  # Bảy, Chi, Dũng, Em, Khoa


def filed(product, *moment: int, **fields) -> None:
    dossier = make_dossier(product, date(2026, 6, 1), **fields)
    dossier.submitted_at = datetime(*moment, tzinfo=VIETNAM)
    dossier.save()


@pytest.fixture
def province():
    province, binh, xuyen = (
        make_province(),
        make_commune(*factories.BINH),
        make_commune(*factories.XUYEN),
    )
    linh = make_commune("Xã Cẩm Lĩnh", "18700")
    products(binh, xuyen, linh)
    linh.valid_to, linh.merged_into = date(2026, 6, 30), xuyen
    linh.save()
    people(province, binh, xuyen, linh)
    return province


def products(binh, xuyen, linh) -> None:
    kept = make_entity("HTX Cẩm Bình", binh, founded_on=date(2026, 1, 1))
    other = make_entity(
        "HTX Cẩm Xuyên", xuyen, founded_on=date(2025, 12, 31), strengthened_on=date(2026, 12, 31)
    )
    gone = make_entity("HTX Cẩm Xuyên cũ", xuyen, founded_on=date(2026, 5, 5))
    gone.merged_into, gone.merged_at = other, datetime(2026, 6, 1, tzinfo=VIETNAM)
    gone.save()
    of_linh = make_entity("HTX Cẩm Lĩnh", linh, founded_on=date(2026, 5, 5))
    mien = make_product("Miến", kept, is_flagship=True)
    gio = make_product("Giò", kept)
    che = make_product("Chè", other, is_flagship=True, origin=ProductOrigin.NEW)
    tuong = make_product("Tương", of_linh)
    ruou, cam = make_product("Rượu", other), make_product("Cam", other)
    nem, mat = make_product("Nem", other), make_product("Mật", other)

    filed(mien, 2026, 1, 10, 9, 0, state=DossierState.RECOGNISED)
    filed(gio, 2026, 1, 1, 0, 0, kind=DossierKind.RE_RANKING, state=DossierState.RECOGNISED)
    filed(che, 2026, 12, 31, 23, 59)
    filed(tuong, 2026, 3, 3, 9, 0, state=DossierState.RECOGNISED)
    filed(make_product("Bánh", kept), 2026, 4, 4, 9, 0, state=DossierState.RETURNED)
    make_dossier(make_product("Kẹo", kept), None)
    filed(ruou, 2025, 12, 31, 23, 59, year=2025)
    filed(cam, 2027, 1, 1, 0, 0, year=2027)
    raised = make_dossier(mien, date(2026, 8, 1), kind=DossierKind.UPGRADE, state=DossierState.RECOGNISED)

    factories.recognise(mien, date(2026, 3, 20), 3, state="replaced")
    factories.recognise(mien, date(2026, 10, 20), 4, dossier=raised)
    factories.recognise(gio, date(2026, 12, 31), 5, dossier=gio.dossiers.get())
    factories.recognise(che, date(2026, 2, 2), 3, state="revoked")
    factories.recognise(tuong, date(2026, 6, 1), 3)
    factories.recognise(ruou, date(2025, 12, 31), 3)
    factories.recognise(cam, date(2027, 1, 1), 3)
    factories.recognise(nem, date(2023, 12, 31), 3, expires_on=date(2026, 12, 31))
    factories.recognise(mat, date(2023, 12, 30), 3, expires_on=date(2026, 12, 30))


def people(province, binh, xuyen, linh) -> None:
    account = make_user("chi", Role.COUNCIL_MEMBER)
    # One officer of Cẩm Bình, listed again as the leader of an entity; trained under the second line.
    make_person("Hồ Thị Bảy", binh)
    again = make_person("hồ thị bảy", binh, group="entity_leader", listed_on=date(2026, 2, 1))
    # One account in two units; trained under the first.
    chi = make_person("Lê Chi", province, user=account)
    make_person("Lê Thị Chi", xuyen, group="council", user=account)
    dung, em = make_person("Ngô Dũng", xuyen), make_person("Phan Em", binh)
    giang = make_person("Võ Giang", binh, left_on=date(2026, 7, 1))
    make_person("Đinh Hùng", xuyen, listed_on=date(2027, 1, 1))
    khoa = make_person("Võ Khoa", linh)

    first, june, last = (make_class(day) for day in (date(2026, 1, 1), date(2026, 6, 10), date(2026, 12, 31)))
    attend(first, again)
    attend(june, chi, giang, khoa)
    attend(june, em, halves=1)
    attend(last, again)
    attend(make_class(date(2026, 9, 9), state="cancelled", cancel_reason="Bão"), dung)
    attend(make_class(date(2027, 1, 1)), dung)


def test_every_indicator_agrees_with_paper_and_pencil_and_so_does_its_list(province):
    units = province, make_commune(*factories.BINH), make_commune(*factories.XUYEN)
    counted = indicators.count(REGISTRY, province, YEAR)
    found = {
        name: (
            sum(by_unit.value for by_unit in counted[name].values()),
            *(counted[name][unit.pk].value if unit.pk in counted[name] else 0 for unit in units[1:]),
        )
        for name in REGISTRY
    }
    assert found == HAND
    # Number and list agree for the province and for each commune; the old commune's own list stays its part.
    assert {name: tuple(lists.rows_behind(name, u, YEAR).count() for u in units) for name in REGISTRY} == HAND
    linh = make_commune("Xã Cẩm Lĩnh", "18700")
    assert [row.product.name for row in lists.rows_behind("products_joined", linh, YEAR)] == ["Tương"]


def test_a_person_in_two_groups_is_one_person_everywhere(province):
    name = "persons_trained_share"
    counted = indicators.count([name], province, YEAR)[name]
    assert sum(by_unit.of for by_unit in counted.values()) == PERSONS
    rest = lists.rows_behind(name, province, YEAR, rest=True)
    assert [person.name for person in rest] == ["Ngô Dũng", "Phan Em"]
    officer = factories.writer()
    known = classes_pages.coverage(officer, YEAR.end)
    assert (known.trained, known.on_register) == (3, PERSONS)
    # Before the second line of Hồ Thị Bảy and after the first left, it is the same one person.
    make_person("Hồ Thị Bảy", make_commune(*factories.BINH), group="council", user=make_user("bay-khac"))
    make_person("Hồ Thị Bảy", make_commune(*factories.XUYEN))
    assert classes_pages.coverage(officer, YEAR.end).on_register == PERSONS + 1


def test_a_person_in_two_groups_is_enrolled_once(province):
    persons = RegisterPerson.objects.exclude(name__in=["Võ Giang", "Đinh Hùng"])
    held = make_class(date(2026, 11, 3))
    assert services.enrol(training_class=held, persons=persons, by=None) == PERSONS
    assert services.enrol(training_class=held, persons=persons, by=None) == 0


def test_one_name_in_one_unit_with_two_accounts_is_two_people(province):
    binh = make_commune(*factories.BINH)
    for number, group in enumerate(("official", "entity_leader")):
        make_person("Trần Văn Nam", binh, group=group, user=make_user(f"nam-{number}"))
    both = RegisterPerson.objects.filter(name="Trần Văn Nam")
    assert services.enrol(training_class=make_class(date(2026, 11, 3)), persons=both, by=None) == 2
    assert classes_pages.coverage(factories.writer(), YEAR.end).on_register == PERSONS + 2

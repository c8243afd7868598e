"""After the training: counted by hand on three entities and two classes."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from products.enums import DossierState
from training.queries import effects
from training.tests import factories
from training.tests.factories import BINH, XUYEN, attend, make_class, make_entity, make_person, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user("can-bo", Role.PROVINCIAL_OFFICER)


@pytest.fixture
def classes():
    """An of HTX Một attends both classes, Bình of HTX Hai the second; Chi of HTX Ba leaves halfway."""
    mot, hai = make_entity("HTX Một", make_commune(*BINH)), make_entity("HTX Hai", make_commune(*XUYEN))
    ba = make_entity("HTX Ba", make_commune(*BINH))
    an, binh = make_person("An", entity=mot), make_person("Bình", hai.commune, entity=hai)
    chi = make_person("Chi", entity=ba)
    first, second = make_class(date(2026, 3, 10)), make_class(date(2026, 6, 10))
    attend(first, an)
    attend(second, an, binh)
    attend(second, chi, halves=1)
    keo, mam, che = make_product("Kẹo", mot), make_product("Mắm", hai), make_product("Chè", ba)
    # Một filed before, between and after; Hai on the last day of the class (not after) and a draft; Ba after.
    factories.make_dossier(keo, date(2026, 2, 1), state=DossierState.NOT_RECOGNISED)
    factories.make_dossier(keo, date(2026, 4, 1), state=DossierState.RECOGNISED)
    factories.make_dossier(keo, date(2026, 7, 1))
    factories.make_dossier(mam, date(2026, 6, 10), state=DossierState.NOT_RECOGNISED)
    factories.make_dossier(mam, None)
    factories.make_dossier(che, date(2026, 7, 1))
    # Một: 3 stars between, 4 after; Hai: 3 after but revoked, then 3.
    factories.recognise(keo, date(2026, 5, 1), 3, state="replaced")
    factories.recognise(keo, date(2026, 8, 1), 4)
    factories.recognise(mam, date(2026, 7, 1), 3, state="revoked")
    factories.recognise(mam, date(2026, 8, 1), 3)
    return first, second


BY_HAND = {0: (1, 2, [1, 1, 0]), 1: (2, 1, [1, 1, 0]), None: (2, 2, [2, 1, 0])}


def numbers(effect):
    return effect.entities, effect.dossiers, [star.number for star in effect.stars]


def test_effects_agree_with_the_hand_count_and_their_lists(officer, classes, django_assert_num_queries):
    officer = type(officer).objects.get(pk=officer.pk)
    _ = officer.scope
    with django_assert_num_queries(7):
        lines, total = effects.effects(officer, 2026)
    assert [numbers(line) for line in lines] == [BY_HAND[0], BY_HAND[1]]
    assert numbers(total) == BY_HAND[None]
    for held, effect in (
        (list(classes[:1]), lines[0]),
        (list(classes[1:]), lines[1]),
        (list(classes), total),
    ):
        names = {"chu-the": effect.entities, "ho-so": effect.dossiers}
        names |= {star.name: star.number for star in effect.stars}
        assert {name: effects.rows(name, held, officer).count() for name in names} == names


def test_every_figure_leads_to_its_list(client, officer, classes):
    client.force_login(officer)
    page = client.get(reverse("training:effects")).content.decode()
    for what, _ in effects.TITLES.items():
        for query in (f"?lop={classes[1].pk}", "?nam=2026"):
            assert f"{reverse('training:effect_list', args=[what])}{query}" in page
    rows = client.get(reverse("training:effect_list", args=["ho-so"]), {"lop": classes[1].pk}).context[
        "lines"
    ]
    assert [line.title for line in rows] == ["Kẹo"]
    assert client.get(reverse("training:effect_list", args=["gi-do"]), {"nam": 2026}).status_code == 404

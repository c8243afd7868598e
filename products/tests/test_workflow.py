"""The road as a table: every step x every state x every role."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core import audit
from core.exceptions import DomainError
from products import services
from products.enums import DossierState
from products.models import Dossier, EntityAccount
from products.tests.factories import (
    fill_draft,
    make_dossier,
    make_entity,
    make_product,
    ready_to_propose,
    words_for,
)
from products.workflow import TRANSITIONS, available

pytestmark = pytest.mark.django_db

# Law 4: who takes which step, written by hand and not from the rules.
WHO = {
    "submit": {Role.ENTITY},
    "return_to_entity": {Role.COMMUNE_OFFICER},
    "propose": {Role.COMMUNE_OFFICER},
    "return_from_province": {Role.PROVINCIAL_OFFICER},
    "accept": {Role.PROVINCIAL_OFFICER},
    "close_scoring": {Role.PROVINCIAL_OFFICER},
    "send_back_to_council": {Role.PROVINCIAL_OFFICER},
    "recognise": {Role.PROVINCIAL_OFFICER},
    "send_to_ministry": {Role.PROVINCIAL_OFFICER},
    "reject": {Role.PROVINCIAL_OFFICER},
    "exclude": {Role.PROVINCIAL_OFFICER},
    "ministry_recognise": {Role.PROVINCIAL_OFFICER},
    "ministry_return": {Role.PROVINCIAL_OFFICER},
    "ministry_keep": {Role.PROVINCIAL_OFFICER},
    "withdraw": {Role.ENTITY},
}
FROM_TO = {
    "submit": ({"draft", "returned"}, "submitted"),
    "return_to_entity": ({"submitted"}, "returned"),
    "propose": ({"submitted"}, "proposed"),
    "return_from_province": ({"proposed"}, "returned"),
    "accept": ({"proposed"}, "accepted"),
    "close_scoring": ({"accepted"}, "scored"),
    "send_back_to_council": ({"scored"}, "accepted"),
    "recognise": ({"scored"}, "recognised"),
    "send_to_ministry": ({"scored"}, "sent_to_ministry"),
    "reject": ({"scored"}, "not_recognised"),
    "exclude": ({"scored"}, "excluded"),
    "ministry_recognise": ({"sent_to_ministry"}, "recognised"),
    "ministry_return": ({"sent_to_ministry"}, "recognised"),
    "ministry_keep": ({"sent_to_ministry"}, "not_recognised"),
    "withdraw": ({"draft", "returned", "submitted"}, "withdrawn"),
}


@pytest.fixture
def people():
    """One user of every role in the dossier's area; the entity's user acts for the entity."""
    commune = make_commune()
    entity = make_entity()
    users = {}
    for role in Role.values:
        unit = commune if role in Role.commune_roles else commune.parent
        users[role] = make_user(f"nguoi-{role}", role, unit)
    EntityAccount.objects.create(entity=entity, user=users[Role.ENTITY])
    return users


@pytest.fixture
def dossier(people):
    dossier = make_dossier(make_product(entity=people[Role.ENTITY].entity_accounts.get().entity))
    return dossier


def put_in(dossier: Dossier, state: str) -> Dossier:
    """The state by decree: the matrix is about one step, not about the road before it."""
    Dossier.objects.filter(pk=dossier.pk).update(state=state)
    return Dossier.objects.with_names().get(pk=dossier.pk)


def test_the_table_says_what_the_law_says():
    assert {name: (set(step.source), step.target) for name, step in TRANSITIONS.items()} == FROM_TO


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_only_the_named_role_takes_a_step(name, people, dossier):
    state = min(FROM_TO[name][0])
    for role, user in people.items():
        put_in(dossier, state)
        if name == "propose":
            ready_to_propose(dossier)
        if role in WHO[name]:
            assert services.perform(dossier, name, by=user, **words_for(name)).state == FROM_TO[name][1]
            Dossier.objects.filter(pk=dossier.pk).update(state=state)
            continue
        with pytest.raises(PermissionDenied):
            services.perform(dossier, name, by=user, **words_for(name))
        assert Dossier.objects.get(pk=dossier.pk).state == state


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_a_step_is_refused_from_every_other_state(name, people, dossier):
    user = people[min(WHO[name])]
    for state in set(DossierState.values) - FROM_TO[name][0]:
        put_in(dossier, state)
        refusal = services.AlreadyDoneError if state == FROM_TO[name][1] else services.WrongStateError
        with pytest.raises(refusal):
            services.perform(dossier, name, by=user, **words_for(name))
        assert Dossier.objects.get(pk=dossier.pk).state == state


@pytest.mark.parametrize(
    ("state", "role", "names"),
    [
        ("draft", Role.ENTITY, ["submit", "withdraw"]),
        ("draft", Role.COMMUNE_OFFICER, []),
        ("submitted", Role.ENTITY, ["withdraw"]),
        ("submitted", Role.COMMUNE_OFFICER, ["propose", "return_to_entity"]),
        ("submitted", Role.PROVINCIAL_OFFICER, []),
        ("proposed", Role.PROVINCIAL_OFFICER, ["accept", "return_from_province"]),
        ("proposed", Role.LEADERSHIP, []),
        ("accepted", Role.PROVINCIAL_OFFICER, []),
        ("scored", Role.ADMINISTRATOR, []),
    ],
)
def test_buttons_offered(state, role, names, people, dossier):
    put = put_in(dossier, state)
    assert [step.name for step in available(put, people[role])] == names


def test_buttons_of_every_role_in_every_state(people, dossier):
    """The whole matrix: 11 states x 8 roles; steps taken elsewhere (scoring, decision) have no button."""
    by_hand = {name for name, step in TRANSITIONS.items() if step.by_hand}
    for state in DossierState.values:
        put = put_in(dossier, state)
        for role, user in people.items():
            expected = {name for name in by_hand if state in FROM_TO[name][0] and role in WHO[name]}
            assert {step.name for step in available(put, user)} == expected, (state, role)


def test_an_officer_of_another_commune_takes_no_step(dossier):
    put_in(dossier, "submitted")
    neighbour = make_user("xa-ben", Role.COMMUNE_OFFICER, make_commune("Xã Đức Thọ", "18229"))
    with pytest.raises(PermissionDenied):
        services.perform(dossier, "return_to_entity", by=neighbour, note="Không phải của tôi")


def test_a_commune_files_only_what_it_entered(people):
    officer = people[Role.COMMUNE_OFFICER]
    entered = make_dossier(by=officer)
    assert services.perform(entered, "submit", by=officer).state == "submitted"
    written_by_entity = make_dossier(make_product("Kẹo lạc", entity=entered.product.entity))
    with pytest.raises(PermissionDenied):
        services.perform(written_by_entity, "submit", by=officer)


def test_a_return_needs_a_reason_and_opens_the_next_version(people, dossier):
    officer = people[Role.COMMUNE_OFFICER]
    services.perform(dossier, "submit", by=people[Role.ENTITY])
    with pytest.raises(DomainError) as refused:
        services.perform(dossier, "return_to_entity", by=officer, note="  ")
    assert refused.value.field == "note"
    services.perform(dossier, "return_to_entity", by=officer, note=" Thiếu giấy kiểm nghiệm. ")
    first, second = dossier.versions.all()
    assert dossier.return_reason == "Thiếu giấy kiểm nghiệm."
    assert (first.is_frozen, second.is_frozen) == (True, False)
    assert second.story == first.story and second.number == 2


def test_a_proposal_needs_its_letter(people, dossier):
    services.perform(dossier, "submit", by=people[Role.ENTITY])
    with pytest.raises(DomainError) as refused:
        services.perform(dossier, "propose", by=people[Role.COMMUNE_OFFICER], proposal_number="12/UBND")
    assert refused.value.field == "proposed_on"
    assert dossier.versions.count() == 1


def test_every_step_is_logged_with_before_and_after(people, dossier):
    services.perform(dossier, "submit", by=people[Role.ENTITY])
    services.perform(dossier, "return_to_entity", by=people[Role.COMMUNE_OFFICER], note="Thiếu mẫu")
    entry = audit.history_of(dossier)[0]
    assert (entry.verb, entry.reason) == ("dossier.return_to_entity", "Thiếu mẫu")
    assert entry.before == {"state": "submitted", "return_reason": ""}
    assert entry.after == {"state": "returned", "return_reason": "Thiếu mẫu"}


def test_a_second_click_on_submit_changes_nothing(people, dossier):
    services.perform(dossier, "submit", by=people[Role.ENTITY])
    number = dossier.number
    with pytest.raises(services.AlreadyDoneError, match="không cần làm lại"):
        services.perform(dossier, "submit", by=people[Role.ENTITY])
    assert Dossier.objects.get().number == number and dossier.versions.count() == 1


def test_a_refiled_dossier_keeps_number_code_and_first_filing(people, dossier):
    owner, officer = people[Role.ENTITY], people[Role.COMMUNE_OFFICER]
    services.perform(dossier, "submit", by=owner)
    kept = (dossier.number, dossier.product.code, dossier.submitted_at)
    services.perform(dossier, "return_to_entity", by=officer, note="Bổ sung")
    fill_draft(dossier, by=owner)
    services.perform(dossier, "submit", by=owner)
    assert (dossier.number, dossier.product.code, dossier.submitted_at) == kept
    assert dossier.return_reason == ""

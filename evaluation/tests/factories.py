"""Councils, sessions and sheets for tests; states are reached through the services."""

from collections.abc import Mapping
from datetime import date

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import make_province, make_user
from evaluation.enums import SeatRole
from evaluation.models import AgendaItem, Council, Criterion, Session, Sheet
from evaluation.queries.rounds import open_rounds
from evaluation.queries.scoring_sets import stored_set
from evaluation.services import councils, rounds, sessions, sheets
from evaluation.tests.sheets import SET_1_CHOICES
from products.enums import DossierState
from products.models import Dossier
from products.tests.factories import make_dossier, make_product, provincial_officer

# A day in the past of every test, after the dossiers' proposal letters.
SESSION_DAY = date(2026, 6, 10)
SEATS = (("chu.tich", SeatRole.CHAIR), ("thu.ky", SeatRole.SECRETARY), ("uy.vien", SeatRole.MEMBER))


def make_council(people: tuple = SEATS, **settings) -> Council:
    """A council with a chair, a secretary and a member; `settings` of its regulation."""
    officer = provincial_officer()
    council = councils.create_council(
        unit=make_province(),
        name="Hội đồng OCOP tỉnh năm 2026",
        decision_number="1234/QĐ-UBND",
        decided_on=date(2026, 3, 1),
        by=officer,
        **settings,
    )
    for username, role in people:
        person = member(username)
        councils.add_seat(council=council, user=person, role=role, agency="Sở Thử nghiệm", by=officer)
    return council


def member(username: str) -> User:
    """A person with the council-member role, made once a test."""
    found = User.objects.filter(username=username).first()
    return found or make_user(username, Role.COUNCIL_MEMBER, make_province())


def make_session(council: Council | None = None, name: str = "Phiên 1") -> Session:
    """A planned session of the council in a round that is not over, whatever day the tests run."""
    council = council or make_council()
    coming = open_rounds(council.unit_id)[0]
    return sessions.create_session(
        council=council,
        evaluation_round=rounds.legal_round(unit=council.unit, year=coming.year, number=coming.number),
        name=name,
        held_on=SESSION_DAY,
        by=provincial_officer(),
    )


def accepted_dossier(name: str = "Rau thơm Cẩm Bình", set_number: int = 1) -> Dossier:
    return make_dossier(make_product(name=name, set_number=set_number), DossierState.ACCEPTED)


def open_session_with(*dossiers: Dossier, council: Council | None = None) -> Session:
    """An open session with the dossiers on its agenda (one of set 1 unless given)."""
    session = make_session(council)
    dossiers = dossiers or (accepted_dossier(),)
    sessions.add_dossiers(session=session, dossiers=dossiers, by=provincial_officer())
    return sessions.open_session(session=session, by=provincial_officer())


def open_item(**settings) -> AgendaItem:
    """One item of set 1 being scored by three members; `settings` of the regulation."""
    return open_session_with(council=make_council(**settings)).items.get()


def sheet_of(item: AgendaItem, username: str) -> Sheet:
    return Sheet.objects.select_related("seat__user").get(item=item, seat__user__username=username)


def ids(item: AgendaItem, code: str, position: int) -> tuple[int, int | None]:
    """Row ids of a leaf of the item's table and of its option at a printed position (0: none)."""
    leaf = Criterion.objects.get(criteria_set=item.criteria_set_id, code=code)
    return leaf.pk, leaf.options.get(position=position).pk if position else None


def choose(sheet: Sheet, code: str, position: int) -> None:
    criterion_id, option_id = ids(sheet.item, code, position)
    sheets.save_choice(sheet=sheet, criterion_id=criterion_id, option_id=option_id, by=sheet.seat.user)


def fill(sheet: Sheet, choices: Mapping[str, int]) -> Sheet:
    table = stored_set(sheet.criteria_set_id)
    rows = {table.criterion_of_code[code]: table.option_at.get((code, at)) for code, at in choices.items()}
    sheets.save_choices(sheet=sheet, choices=rows, by=sheet.seat.user)
    return sheet


def submit(sheet: Sheet, choices: Mapping[str, int]) -> Sheet:
    """A filled and submitted sheet."""
    return sheets.submit(sheet=fill(sheet, choices), by=sheet.seat.user)


def scored_item(count: int = 3, **settings) -> AgendaItem:
    """An item whose first `count` members have submitted the sheets of docs/scoring.md."""
    item = open_item(**settings)
    for (username, _), choices in zip(SEATS, SET_1_CHOICES[:count], strict=False):
        submit(sheet_of(item, username), choices)
    return item

"""The council of 2026, its sessions, its members' sheets and what was decided."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from core.models import AdminUnit
from evaluation.enums import SeatRole, SheetState
from evaluation.models import AgendaItem, Council, Criterion, Option, Round, Session, Sheet
from evaluation.queries.distances import distance_of
from evaluation.queries.scoring_sets import stored_set
from evaluation.queries.sight import sight_of
from evaluation.services import councils, minutes, rescoring, results, rounds, sessions, sheets
from reports.demo import choices, data_files, decisions, table
from reports.demo.clock import past, standing_on
from reports.demo.registry import Entry
from reports.demo.road import Dossiers, goal_of


def assemble(province: AdminUnit, users: dict[str, User]) -> Council:
    """The council on its decision, with the seats of the accounts file."""
    data, officer = data_files.read("sessions")["council"], users["vanphong"]
    with standing_on(data["decided_on"], 16):
        council = councils.create_council(
            unit=province,
            name=data["name"],
            decision_number=data["decision_number"],
            decided_on=past(data["decided_on"]),
            by=officer,
        )
        for row in data_files.read("accounts"):
            if "seat" in row:
                user = users[row["username"]]
                councils.add_seat(
                    council=council, user=user, role=row["seat"], agency=row["agency"], by=officer
                )
    return council


def enter_rounds(province: AdminUnit, officer: User) -> dict[str, Round]:
    """The rounds of the file; answered by the sessions held in them, by number for the rest ("1", "2")."""
    data = data_files.read("sessions")
    with standing_on(data["council"]["decided_on"], 15):
        made = {
            row["number"]: rounds.create_round(unit=province, year=2026, by=officer, **row)
            for row in data["rounds"]
        }
    by_session = {row["key"]: made[row["round"]] for row in data["sessions"]}
    return by_session | {str(number): row for number, row in made.items()}


def hold_sessions(council: Council, entries: Sequence[Entry], dossiers: Dossiers, officer: User) -> None:
    """Every session of the file in turn: agenda, sheets, results and decisions as far as it has come."""
    of_year = {row.number: row for row in Round.objects.filter(unit=council.unit, year=2026)}
    for data in data_files.read("sessions")["sessions"]:
        agenda = [entry for entry in entries if entry.dossier.get("session") == data["key"]]
        session = _prepare(council, of_year[data["round"]], data, agenda, dossiers, officer)
        table.call_the_roll(session, data["held_on"], officer)
        if "open" in data:
            table.advise(session, agenda, data["held_on"])
            table.declare_conflict(session, data["held_on"])
            _score_in_part(session, data, agenda)
        else:
            _score(session, data, agenda, officer)


def _prepare(
    council: Council,
    of_round: Round,
    data: dict[str, Any],
    agenda: list[Entry],
    dossiers: Dossiers,
    officer: User,
) -> Session:
    with standing_on(data["held_on"], 7, 30):
        session = sessions.create_session(
            council=council,
            evaluation_round=of_round,
            name=data["name"],
            held_on=past(data["held_on"]),
            place=data["place"],
            by=officer,
        )
        chosen = [dossiers[entry.product.name] for entry in agenda]
        sessions.add_dossiers(session=session, dossiers=chosen, by=officer)
        return sessions.open_session(session=session, by=officer)


def _score(session: Session, data: dict[str, Any], agenda: list[Entry], officer: User) -> None:
    """Everybody scores everything; results are closed in the afternoon and decided later."""
    pairs = list(zip(session.items.order_by("position"), agenda, strict=True))
    for number, (item, entry) in enumerate(pairs):
        with standing_on(data["held_on"], 8 + number // 3, 15 * (number % 3)):
            seats = session.council.seats.count()
            _fill(item, entry, seats, 0)
    for item, entry in pairs:
        with standing_on(data["held_on"], 16):
            _settle(item, entry, officer)
            _conclude(item, entry, officer)
            results.close_item(item=item, by=officer)
    with standing_on(data["held_on"], 17):
        sessions.close_session(session=session, by=officer)
    if "decision" in data:
        decisions.submit_and_approve(pairs, data, officer)


def _score_in_part(session: Session, data: dict[str, Any], agenda: list[Entry]) -> None:
    """A session still going on: of each dossier some sheets are submitted, some begun."""
    for item, entry, (submitted, begun) in zip(
        session.items.order_by("position"), agenda, data["open"], strict=True
    ):
        with standing_on(data["held_on"], 9, 20):
            _fill(item, entry, submitted, begun)


def _fill(item: AgendaItem, entry: Entry, submitted: int, begun: int) -> None:
    """The members' sheets of one dossier in the order of the seats: so many submitted, so many half done."""
    waiting = list(
        item.sheets.filter(state=SheetState.DRAFT).select_related("seat__user").order_by("seat_id")
    )
    scoring = stored_set(item.criteria_set_id).scoring
    views = choices.sheets(scoring, goal_of(entry), len(waiting), entry.chance("council"))
    for place, (sheet, view) in enumerate(zip(waiting, views, strict=True)):
        if place < submitted:
            _choose(sheet, view)
            _submit(sheet, entry)
        elif place < submitted + begun:
            _choose(sheet, choices.first_half(scoring, view))


def _choose(sheet: Sheet, view: choices.Choices) -> None:
    stored = stored_set(sheet.criteria_set_id)
    ids = {
        stored.criterion_of_code[code]: stored.option_at.get((code, position))
        for code, position in view.items()
    }
    sheets.save_choices(sheet=sheet, choices=ids, by=sheet.seat.user)


def _submit(sheet: Sheet, entry: Entry) -> None:
    opinions = data_files.read("sessions")["opinions"][min(goal_of(entry).star, 4)]
    opinion = entry.chance(f"opinion of {sheet.seat.user}").choice(opinions)
    sheets.save_opinion(sheet=sheet, opinion=opinion, by=sheet.seat.user)
    sheets.submit(sheet=sheet, by=sheet.seat.user)


def _settle(item: AgendaItem, entry: Entry, officer: User) -> None:
    """What the council did about sheets too far apart: scored again, discussed, a dissent written down."""
    data = entry.dossier
    if "rescoring" in data:
        _score_again(item, data["rescoring"])
    apart = distance_of(item, sight_of(officer, item))
    if apart or "discussion" in data:
        text = data.get("discussion", data_files.read("sessions")["discussion"])
        minutes.record_discussion(item=item, text=text, by=officer)
    if "dissent" in data:
        seat = item.session.council.seats.get(user__username=data["dissent"]["username"])
        minutes.record_dissent(item=item, seat=seat, text=data["dissent"]["text"], by=seat.user)


def _score_again(item: AgendaItem, data: dict[str, Any]) -> None:
    chair = item.session.council.seats.get(role=SeatRole.CHAIR).user
    sheet = item.sheets.get(seat__user__username=data["username"])
    asked = rescoring.request_rescoring(sheet=sheet, reason=data["reason"], by=chair)
    _choose(asked.new_sheet, data["choices"])
    sheets.submit(sheet=asked.new_sheet, by=sheet.seat.user)


def _conclude(item: AgendaItem, entry: Entry, officer: User) -> None:
    """What the council decided beside the sheets: an exclusion, a conclusion on a criterion."""
    data = entry.dossier
    if data["state"] == "excluded":
        results.exclude(item=item, ground=data["ground"], evidence=data["evidence"], by=officer)
    if "conclusion" in data:
        criterion = Criterion.objects.get(
            criteria_set=item.criteria_set, code=data["conclusion"]["criterion"]
        )
        option = Option.objects.get(criterion=criterion, position=data["conclusion"]["position"])
        reason = data["conclusion"]["reason"]
        results.conclude(item=item, criterion=criterion, option=option, reason=reason, by=officer)

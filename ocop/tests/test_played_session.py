"""A whole session, nine members and twelve dossiers, played over HTTP by all at once on bad lines.

What is frozen at the end must be what `evaluation.tests.by_hand` works out from the choices the members made.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command, get_commands
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import PASSWORD, make_province, make_user
from core.models import AuditEntry
from evaluation.enums import ItemState, SeatRole, SessionState, SheetState
from evaluation.models import AgendaItem, Choice, Criterion, Result, Seat, Session, Sheet
from evaluation.tests.by_hand import HandResult, HandSheet, Line, printed_table, result_of, shown
from evaluation.tests.factories import accepted_dossier, make_council, open_session_with
from ocop.tests.web import Answer, Site, Visitor, site  # noqa: F401
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("criteria")]

SEED = 2026
# Number of the set, and how often a member gives the best level: from one star to five.
DOSSIERS = (
    (25, 1.0), (1, 0.97), (16, 0.93), (24, 0.9), (23, 0.85), (26, 0.8),
    (21, 0.75), (22, 0.65), (19, 0.55), (25, 0.4), (11, 0.2), (14, 0.0),
)  # fmt: skip
SEATS = (
    ("chu.tich", SeatRole.CHAIR),
    ("thu.ky", SeatRole.SECRETARY),
    *((f"uy.vien.{number}", SeatRole.MEMBER) for number in range(1, 8)),
)
# Who is taken off the council, after so many sheets, and how many more this member tries to fill.
LEAVER, LEAVES_AFTER, TRIES_ON = "uy.vien.7", 5, 2
# Of a hundred acts so many lose their line, are sent twice at once, and are thought over once more.
LOST, DOUBLE, CHANGED = 5, 5, 6
JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Act:
    """One choice as a device sends it; `base` is the revision it knew."""

    code: str
    level: int | None
    base: int
    key: UUID
    fault: str


@dataclass
class Part:
    """What one member does on one sheet, and the ids to do it with."""

    sheet: int
    table: list[Line]
    ids: dict[tuple[str, int | None], tuple[int, int | str]]
    acts: list[Act]
    stop: str | None
    opinion: str
    late: Act
    refused: list[int] = field(default_factory=list)
    # By code, as the answers tell it: how often the line was written.
    revisions: dict[str, int] = field(default_factory=dict)

    @property
    def final(self) -> HandSheet:
        return HandSheet({act.code: act.level for act in self.acts}, self.stop)

    def form(self, act: Act) -> dict[str, object]:
        criterion, option = self.ids[act.code, act.level]
        return {
            "criterion": criterion,
            "option": option,
            "base": act.base,
            "key": act.key,
            "c": act.code,
        }


# --- what will be played, drawn beforehand ---


def draw_level(line: Line, best: float, chance: Random) -> int | None:
    """A level of the line; none of them only where the table prints no level of 0 points."""
    if chance.random() < best:
        return line.points.index(max(line.points)) + 1
    levels: list[int | None] = [at + 1 for at in range(len(line.points))]
    return chance.choice(levels if 0 in line.points else [None, *levels])


def draw_part(sheet: Sheet, number: int, best: float, chance: Random) -> Part:
    table = printed_table(number)
    stops = [line.code for line in table if line.may_stop]
    stop = stops[0] if stops and best < 0.95 and chance.random() < 0.15 else None
    codes = [line.code for line in table]
    lines = table[: codes.index(stop) + 1] if stop else table
    if chance.random() < 0.3:  # some begin with what they know best
        lines = chance.sample(lines, len(lines))
    acts: list[Act] = []
    for line in lines:
        acts.append(draw_act(line, 0, best, chance))
        if chance.randrange(100) < CHANGED:
            acts.append(draw_act(line, 1, 0.0, chance, other_than=acts[-1].level))
    late = draw_act(
        lines[0], 9, 0.0, chance, other_than=[a.level for a in acts if a.code == lines[0].code][-1]
    )
    opinion = f"Ý kiến về hồ sơ thứ {sheet.item.position} của {sheet.seat.user}."
    return Part(sheet.pk, table, ids_of(sheet.item), acts, stop, opinion, late)


def draw_act(line: Line, base: int, best: float, chance: Random, *, other_than: int | None | str = "") -> Act:
    level = draw_level(line, best, chance)
    while level == other_than:
        level = draw_level(line, 0.0, chance)
    luck = chance.randrange(100)
    fault = "lost" if luck < LOST else "double" if luck < LOST + DOUBLE else ""
    return Act(line.code, level, base, UUID(int=chance.getrandbits(128), version=4), fault)


def ids_of(item: AgendaItem) -> dict[tuple[str, int | None], tuple[int, int | str]]:
    """Criterion and option to send for a code and level."""
    found: dict[tuple[str, int | None], tuple[int, int | str]] = {}
    leaves = Criterion.objects.filter(criteria_set=item.criteria_set_id, is_leaf=True)
    for leaf in leaves.prefetch_related("options"):
        found[leaf.code, None] = (leaf.pk, "")
        for option in leaf.options.all():
            found[leaf.code, option.position] = (leaf.pk, option.pk)
    return found


def draw_parts(session: Session) -> dict[str, list[Part]]:
    """The parts of every member by user name, each in an order of the member's own."""
    found: dict[str, list[Part]] = {}
    for username, _ in SEATS:
        chance = Random(f"{SEED} {username}")
        sheets = Sheet.objects.filter(item__session=session, seat__user__username=username)
        rows = sheets.select_related("seat__user", "item").order_by("item__position")
        parts = [draw_part(row, *of, chance) for row, of in zip(rows, DOSSIERS, strict=True)]
        found[username] = chance.sample(parts, len(parts))
    return found


# --- a member at the table ---


class Player:
    """A member with a device; several act at the same time and none touches the database."""

    def __init__(self, port: int, username: str, parts: list[Part]) -> None:
        self.visitor = Visitor(port)
        self.username, self.parts = username, parts

    def play(self) -> None:
        self.visitor.sign_in(self.username, PASSWORD)
        for part in self.parts:
            self.score(part)

    def score(self, part: Part) -> None:
        """A sheet from the first look to the button that locks it, and what comes too late."""
        page = self.visitor.get(sheet_url("sheet", part))
        assert (page.status, f'"{choice_url(part)}"' in page.text) == (200, True)
        for act in part.acts:
            answer = self.choose(part, act)
            if "revision" in answer.data:
                part.revisions[act.code] = answer.data["revision"]
        self.overtaken(part)
        if part.stop:
            criterion, _ = part.ids[part.stop, None]
            self.must(302, sheet_url("sheet_stop", part), {"criterion": criterion, "c": part.stop})
        self.must(302, sheet_url("sheet_opinion", part), {"opinion": part.opinion})
        answer = self.must(302, sheet_url("sheet_submit", part), {"opinion": part.opinion})
        assert answer.location == reverse("evaluation:sheets"), f"sheet {part.sheet} was not taken"
        for act in (part.late, part.acts[0]):
            part.refused.append(self.too_late(part, act))

    def choose(self, part: Part, act: Act) -> Answer:
        """Send one act until it is answered as saved: over a line that breaks, or twice at once."""
        address, form = choice_url(part), part.form(act)
        if act.fault == "lost":
            self.visitor.post_and_hang_up(address, form, **JSON)
        if act.fault == "double":
            answer, twin = self.visitor.post_twice(address, form, **JSON)
            assert is_saved(twin), f"{act}: {twin}"
        else:
            answer = self.visitor.post(address, form, **JSON)
        assert is_saved(answer), f"{act}: {answer}"
        return answer

    def overtaken(self, part: Part) -> None:
        """A request that comes in after a later one on the same line does not undo it."""
        for earlier, later in pairwise(part.acts):
            if earlier.code == later.code and part.revisions:
                answer = self.visitor.post(choice_url(part), part.form(earlier), **JSON)
                assert (answer.status, answer.data["reason"]) == (409, "conflict"), answer

    def too_late(self, part: Part, act: Act) -> int:
        return self.visitor.post(choice_url(part), part.form(act), HX_Request="true", **JSON).status

    def must(self, status: int, address: str, data: dict[str, object]) -> Answer:
        answer = self.visitor.post(address, data)
        assert answer.status == status, f"{address}: {answer.status} {answer.text[:500]}"
        return answer


class Leaver(Player):
    """A member who is taken off the council while choosing, and goes on trying."""

    def __init__(self, port: int, username: str, parts: list[Part]) -> None:
        super().__init__(port, username, parts)
        self.half_way = threading.Event()

    def play(self) -> None:
        self.visitor.sign_in(self.username, PASSWORD)
        for part in self.parts[:LEAVES_AFTER]:
            self.score(part)
        self.half_way.set()
        for part in self.parts[LEAVES_AFTER:][:TRIES_ON]:
            self.try_on(part)

    def try_on(self, part: Part) -> None:
        for act in part.acts:
            part.refused.append(self.too_late(part, act))
        self.visitor.post(sheet_url("sheet_submit", part), {"opinion": part.opinion})


def is_saved(answer: Answer) -> bool:
    return answer.status == 302 or (answer.status == 200 and "revision" in answer.data)


def sheet_url(name: str, part: Part) -> str:
    return reverse(f"evaluation:{name}", args=[part.sheet])


def choice_url(part: Part) -> str:
    return sheet_url("choice", part)


# --- the people and the session ---


@pytest.fixture
def session() -> Session:
    """An open session; the spread limit is out of reach, for nobody discusses here."""
    for username, _ in SEATS:
        make_user(username, Role.COUNCIL_MEMBER, make_province())
    make_user("van.phong", Role.PROVINCIAL_OFFICER, make_province())
    dossiers = [
        accepted_dossier(f"Sản phẩm thứ {place}", number)
        for place, (number, _) in enumerate(DOSSIERS, start=1)
    ]
    found = open_session_with(*dossiers, council=make_council(SEATS, spread_limit=100))
    # The server does not know the quick hasher of the tests.
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "muoi-cua-phien"))
    return found


def arrive(site: Site, username: str) -> Visitor:  # noqa: F811
    visitor = Visitor(site.port)
    visitor.sign_in(username, PASSWORD)
    return visitor


def items_of(session: Session) -> list[AgendaItem]:
    return list(session.items.order_by("position"))


def close_url(item: AgendaItem) -> str:
    return reverse("evaluation:item_close", args=[item.pk])


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """All acts begun at the same moment, each in a thread."""
    gate = threading.Barrier(len(acts))

    def wait_and(act: Callable[[], Answer]) -> Answer:
        gate.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(wait_and, acts))


# --- the play ---


def test_a_session_played_by_all_at_once_freezes_what_was_chosen(site, session):  # noqa: F811
    parts, items = draw_parts(session), items_of(session)
    faults = Counter(act.fault for own in parts.values() for part in own for act in part.acts)
    assert min(faults["lost"], faults["double"]) > 100
    officer = arrive(site, provincial_officer().username)
    assert officer.post(close_url(items[0]), {}).status == 302
    assert not Result.objects.exists(), "closed without a single sheet"

    players = play_all(site, parts, officer)
    counted = check_what_is_stored(parts)
    secretary = players["thu.ky"].visitor
    concluded = conclude(secretary, items, counted)
    excluded = exclude(secretary, items[7])
    assert secretary.post(close_url(items[0]), {}).status == 403
    close_all(officer, arrive(site, "van.phong"), items)

    for item in items:
        hand = by_hand(item, counted, concluded)
        check_frozen(item, hand, excluded=item == excluded)
        page = officer.get(reverse("evaluation:result", args=[item.pk])).text
        assert shown(hand.total) in page
    stars = [result.star for result in Result.objects.exclude(item=excluded)]
    assert {1, 2, 3, 4, 5} >= set(stars) and len(set(stars)) >= 4, stars
    end(officer, session, players["chu.tich"])
    if "verify_results" in get_commands():
        call_command("verify_results", session=session.pk)
    assert "Internal Server Error" not in site.log.read_text()


def play_all(site: Site, parts: dict[str, list[Part]], officer: Visitor) -> dict[str, Player]:  # noqa: F811
    """Nine threads score; the office takes one of them off the council meanwhile."""
    leaver = Leaver(site.port, LEAVER, parts[LEAVER])
    players = [Player(site.port, name, own) for name, own in parts.items() if name != LEAVER]
    seat = Seat.objects.get(user__username=LEAVER)
    with ThreadPoolExecutor(len(SEATS)) as pool:
        playing = [pool.submit(player.play) for player in (leaver, *players)]
        leaver.half_way.wait(timeout=300)
        answer = officer.post(reverse("evaluation:seat_leave", args=[seat.pk]), {})
        for played in playing:
            played.result()
    assert answer.status == 302
    seat.refresh_from_db()
    assert seat.left_on is not None
    return {player.username: player for player in players}


def check_what_is_stored(parts: dict[str, list[Part]]) -> dict[int, HandSheet]:
    """Every sheet holds the last choice on each line, no more and no less; the sheets that count, by id."""
    counted: dict[int, HandSheet] = {}
    for username, own in parts.items():
        for place, part in enumerate(own):
            sheet = Sheet.objects.select_related("stopped_at").get(pk=part.sheet)
            left = username == LEAVER and place >= LEAVES_AFTER
            assert (sheet.state == SheetState.SUBMITTED) != left
            if left:
                continue
            assert stored(sheet) == part.final.choices
            # Sent again or twice, an act is written once.
            assert part.revisions == Counter(act.code for act in part.acts)
            assert (sheet.opinion, sheet.stopped_at and sheet.stopped_at.code) == (part.opinion, part.stop)
            assert part.refused == [409, 409]
            counted[part.sheet] = part.final
    # Saved until the office pressed the button, refused from then on.
    tries = [status for part in parts[LEAVER][LEAVES_AFTER:] for status in part.refused]
    assert tries[-1] not in (200, 302)
    assert tries == sorted(tries, key=lambda status: status >= 400)
    return counted


def stored(sheet: Sheet) -> dict[str, int | None]:
    rows = Choice.objects.filter(sheet=sheet)
    return dict(rows.values_list("criterion__code", "option__position"))


def by_hand(
    item: AgendaItem, counted: dict[int, HandSheet], concluded: dict[int, dict[str, int]]
) -> HandResult:
    return result_of(table_of(item), own_sheets(item, counted), concluded.get(item.pk))


def table_of(item: AgendaItem) -> list[Line]:
    number, _ = DOSSIERS[item.position - 1]
    return printed_table(number)


def own_sheets(item: AgendaItem, counted: dict[int, HandSheet]) -> list[HandSheet]:
    return [counted[pk] for pk in item.sheets.order_by("pk").values_list("pk", flat=True) if pk in counted]


def conclude(
    secretary: Visitor, items: list[AgendaItem], counted: dict[int, HandSheet]
) -> dict[int, dict[str, int]]:
    """The council concludes on one criterion of one dossier, and by that gives it another star."""
    item, code, level = one_that_matters(items, counted)
    leaf = Criterion.objects.get(criteria_set=item.criteria_set_id, code=code)
    address = reverse("evaluation:conclude", args=[item.pk], query={"c": code})
    form = {"option": leaf.options.get(position=level).pk, "reason": "Hội đồng đã xem bản gốc."}
    assert secretary.post(address, form).status == 302
    return {item.pk: {code: level}}


def one_that_matters(items: list[AgendaItem], counted: dict[int, HandSheet]) -> tuple[AgendaItem, str, int]:
    for item in items:
        table, sheets = table_of(item), own_sheets(item, counted)
        before = result_of(table, sheets)
        for line in table:
            best = line.points.index(max(line.points)) + 1
            if result_of(table, sheets, {line.code: best}).star != before.star:
                return item, line.code, best
    raise AssertionError("no conclusion changes a star: draw other choices")


def exclude(secretary: Visitor, item: AgendaItem) -> AgendaItem:
    address = reverse("evaluation:exclude", args=[item.pk])
    form = {"ground": "other", "other_ground": "Giả mạo hồ sơ", "evidence": "Biên bản số 1."}
    assert secretary.post(address, form).status == 302
    return item


def close_all(one: Visitor, other: Visitor, items: list[AgendaItem]) -> None:
    """Two hands of the office press the same button at the same moment, dossier by dossier."""
    for item in items:
        address = close_url(item)
        answers = at_once(lambda: one.post(address, {}), lambda: other.post(address, {}))  # noqa: B023
        assert [answer.status for answer in answers] == [302, 302]
    assert Counter(Result.objects.values_list("item", flat=True)) == {item.pk: 1 for item in items}
    closings = AuditEntry.objects.filter(verb="item.close").values_list("object_id", flat=True)
    assert Counter(map(str, closings)) == {str(item.pk): 1 for item in items}


def check_frozen(item: AgendaItem, hand: HandResult, *, excluded: bool) -> None:
    result = Result.objects.get(item=item)
    item.refresh_from_db()
    assert item.state == ItemState.CLOSED
    assert Fraction(result.total_numerator, result.total_denominator) == hand.total
    assert result.sheets_counted == len(hand.totals)
    assert (result.star_by_score, result.star) == (hand.star_by_score, None if excluded else hand.star)
    assert result.recognisable == (not excluded and hand.star >= 3)
    assert result.potential_five == (not excluded and hand.star == 5)
    detail = result.detail
    assert {row["code"]: exact(row["mean"]) for row in detail["sections"]} == hand.sections
    assert {row["code"]: exact(row["mean"]) for row in detail["leaves"]} == hand.means
    assert {(row["criterion"], row["star"]) for row in detail["unmet"]} == hand.unmet
    assert sorted(row["total"] for row in detail["members"]) == sorted(hand.totals)
    assert detail["spread"] == max(hand.totals) - min(hand.totals)


def exact(points: dict) -> Fraction:
    return Fraction(*points["exact"])


def end(officer: Visitor, session: Session, late: Player) -> None:
    """The session ends, and a device that comes back now is told no."""
    assert officer.post(reverse("evaluation:session_close", args=[session.pk]), {}).status == 302
    session.refresh_from_db()
    assert session.state == SessionState.CLOSED
    before = sorted(Choice.objects.values_list("pk", "option", "saved_at"))
    assert late.too_late(late.parts[0], late.parts[0].late) == 409
    assert sorted(Choice.objects.values_list("pk", "option", "saved_at")) == before

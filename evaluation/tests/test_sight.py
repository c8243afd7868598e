"""The matrix of who sees which score when: role x setting of the regulation x moment, on the real pages."""

import re
from fractions import Fraction

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_user
from core.numbers import format_points
from evaluation.enums import RecusalGround, ScoreSight, SeatRole
from evaluation.models import Council, Recusal, Regulation, Seat, Sheet
from evaluation.scoring import sheet_points
from evaluation.services import councils, minutes, rescoring, results
from evaluation.services.sheets import save_opinion
from evaluation.services.sheets import submit as submit_sheet
from evaluation.tests.factories import (
    SET_1_CHOICES,
    accepted_dossier,
    choose,
    fill,
    make_council,
    member,
    open_session_with,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import scoring_set, sheet
from products.tests.factories import commune_officer_of, owner_of, provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

PEOPLE = (
    ("chu.tich", SeatRole.CHAIR),
    ("thu.ky", SeatRole.SECRETARY),
    ("da.nop", SeatRole.MEMBER),
    ("dang.cham", SeatRole.MEMBER),
    ("cham.lai", SeatRole.MEMBER),
    ("xung.dot", SeatRole.MEMBER),
    ("da.roi", SeatRole.MEMBER),
    ("khong.cham", SeatRole.EXPERT),
)
FIRST = SET_1_CHOICES[0]
# Every submitted sheet has a total of its own: 73, 70, 71, 74 and 69; the recused member's is 67.
SUBMITTED = {
    "thu.ky": FIRST,
    "da.nop": SET_1_CHOICES[1],
    "cham.lai": SET_1_CHOICES[2],
    "da.roi": {**FIRST, "12": 2},
    "xung.dot": {**FIRST, "5.1": 1, "5.2": 1},
}
TOTALS = {name: sheet_points(scoring_set(1), sheet(view)) for name, view in SUBMITTED.items()}
COUNTED = {name: total for name, total in TOTALS.items() if name != "xung.dot"}

# Who sees the others' sheets before closing, by setting; everybody else in no setting.
SEES_SCORES = {
    ScoreSight.AFTER_CLOSING: set(),
    ScoreSight.AFTER_OWN: {"thu.ky", "da.nop"},
    ScoreSight.ALWAYS: {"chu.tich", "thu.ky", "da.nop", "dang.cham", "cham.lai", "khong.cham"},
}
KEEP_MINUTES = {"chu.tich", "thu.ky", "officer"}
READ_RESULT = {name for name, _ in PEOPLE} | {"officer", "leadership", "administrator"}


def scene(setting):
    """A dossier with sheets in every state there is."""
    council = make_council(PEOPLE)
    Council.objects.update(
        regulation=Regulation.objects.create(unit=council.unit, name="Quy chế thử", score_sight=setting)
    )
    council = Council.objects.get()
    Seat.objects.filter(council=council, user__username="khong.cham").update(scores=False)
    item = open_session_with(accepted_dossier(), council=council).items.get()
    for name, view in SUBMITTED.items():
        one = fill(sheet_of(item, name), view)
        save_opinion(sheet=one, opinion=f"Ý kiến mật của {name}", by=one.seat.user)
        submit_sheet(sheet=one, by=one.seat.user)
    choose(sheet_of(item, "dang.cham"), "1.1", 1)
    rescoring.request_rescoring(
        sheet=sheet_of(item, "cham.lai"), reason="Xem lại hợp đồng", by=member("chu.tich")
    )
    left = sheet_of(item, "da.roi").seat
    councils.leave_seat(seat=left, by=provincial_officer())
    seat = sheet_of(item, "xung.dot").seat
    Recusal.objects.create(item=item, seat=seat, ground=RecusalGround.RELATED, declared_by=seat.user)
    minutes.record_discussion(item=item, text="Đã bàn về bao bì", by=member("thu.ky"))
    minutes.record_dissent(item=item, seat=seat_of(item, "da.nop"), text="Không đồng ý", by=member("da.nop"))
    return item


def seat_of(item, username):
    return Seat.objects.get(council=item.session.council_id, user__username=username)


def people_of(item):
    dossier = item.version.dossier
    return {name: member(name) for name, _ in PEOPLE} | {
        "officer": provincial_officer(),
        "leadership": make_user("lanh.dao", Role.LEADERSHIP),
        "administrator": make_user("quan.tri", Role.ADMINISTRATOR),
        "entity": owner_of(dossier.product.entity),
        "commune": commune_officer_of(dossier.commune),
        "adviser": make_user("to.tu.van", Role.ADVISORY_MEMBER),
        "member of another council": member("nguoi.khac"),
    }


def pages_of(item):
    """Every page on which a person might meet a sheet of the dossier."""
    session, dossier, pk = item.session_id, item.version.dossier_id, item.pk
    submitted, again = sheet_of(item, "thu.ky"), Sheet.objects.get(item=item, number=2)
    of_item = ("result", "item_board", "conclude", "dissent")
    return [
        *(reverse(name) for name in ("accounts:home", "core:notices")),
        *(reverse(f"evaluation:{name}") for name in ("sheets", "sessions")),
        *(reverse(f"evaluation:{name}", args=[session]) for name in ("session", "session_board")),
        *(reverse(f"evaluation:{name}", args=[pk]) for name in of_item),
        reverse("evaluation:rescore", args=[pk, submitted.seat_id]),
        *(reverse("evaluation:sheet_versions", args=[pk, one.seat_id]) for one in (submitted, again)),
        *(reverse("evaluation:sheet", args=[one.pk]) for one in (submitted, again)),
        reverse("evaluation:sheet_submit", args=[submitted.pk]),
        reverse("evaluation:dossier_result", args=[dossier]),
        reverse("products:dossier", args=[dossier]),
        reverse("products:search") + "?q=rau",
    ]


def words_of(response):
    """What a person can read on a page: its text, and the words in attributes."""
    # What a radio button sends is the id of a row, not points.
    page = re.sub(r'name="(option|criterion)" value="\d*"', "", response.content.decode())
    spoken = re.findall(r'(?:title|aria-label|data-confirm|content|value)="([^"]*)"', page)
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"<[^>]*>", " ", page) + " ".join(spoken)


def read(client, item, person):
    """All a person can read around the dossier, by address."""
    client.force_login(person)
    return {address: words_of(client.get(address)) for address in pages_of(item)}


def seen_totals(words, own):
    """The totals of other members that stand in the words."""
    return {name for name, total in COUNTED.items() if name != own and re.search(rf"\b{total}\b", words)}


def mean_of(totals):
    mean = Fraction(sum(totals), len(totals))
    return format_points(mean)


def test_the_planted_totals_tell_the_sheets_apart():
    assert TOTALS == {"thu.ky": 73, "da.nop": 70, "cham.lai": 71, "da.roi": 74, "xung.dot": 67}
    assert mean_of(COUNTED.values()) == "72,00"


@pytest.mark.parametrize("setting", list(ScoreSight))
def test_who_sees_which_score_before_and_after_closing(client, setting):
    item = scene(setting)
    # Who has no seat sees nothing under the widest setting, so under no other.
    everybody = people_of(item)
    people = everybody if setting == ScoreSight.ALWAYS else {name: member(name) for name, _ in PEOPLE}
    result = reverse("evaluation:result", args=[item.pk])
    board = reverse("evaluation:item_board", args=[item.pk])
    for who, person in people.items():
        pages = read(client, item, person)
        others = COUNTED.keys() - {who}
        if who in SEES_SCORES[setting]:
            for address in (result, board):
                assert seen_totals(pages[address], who) == others, (who, address)
                assert "72,00" in pages[address], (who, address)
            del pages[result], pages[board]
        for address, words in pages.items():
            assert seen_totals(words, who) == set(), (who, address)
            assert "72,00" not in words, (who, address)
            # Opinions, and sheets that do not count, are nobody else's before closing in any setting.
            secret = [f"Ý kiến mật của {name}" for name in SUBMITTED if name != who]
            assert not [words_ for words_ in secret if words_ in words], (who, address)
            assert who == "xung.dot" or not re.search(r"\b67\b", words), (who, address)
    close_all(item)
    for who, person in everybody.items():
        client.force_login(person)
        response = client.get(result)
        seen = seen_totals(words_of(response), None) == COUNTED.keys()
        assert seen is (who in READ_RESULT), (who, response.status_code)


def close_all(item):
    submit(Sheet.objects.get(item=item, number=2), {})
    submit(sheet_of(item, "dang.cham"), FIRST)
    results.close_item(item=item, by=provincial_officer())


@pytest.mark.parametrize("setting", list(ScoreSight))
def test_who_sees_who_has_submitted_and_what_was_said(client, setting):
    item = scene(setting)
    board = reverse("evaluation:item_board", args=[item.pk])
    result = reverse("evaluation:result", args=[item.pk])
    for who, person in people_of(item).items():
        client.force_login(person)
        words, page = words_of(client.get(board)), words_of(client.get(result))
        sees_scores = who in SEES_SCORES[setting]
        follows = who in KEEP_MINUTES or sees_scores
        assert ("Ai đã nộp phiếu" in words) is follows, who
        # That somebody has begun is a hint: only with the scores themselves.
        assert ("Đang chấm" in words.replace("Đang chấm lại", "")) is sees_scores, who
        # "Dang Cham" has submitted nothing: only who may know names is told so.
        assert ("Dang Cham" in words) is follows, who
        seated = who in {name for name, _ in PEOPLE} - {"xung.dot", "da.roi"}
        assert ("Đã bàn về bao bì" in page) is (seated or who == "officer"), who
        assert ("Không đồng ý" in page) is (who in KEEP_MINUTES | {"da.nop"}), who
        client.logout()


def test_a_recused_member_sees_nothing_of_the_dossier_before_closing(client):
    item = scene(ScoreSight.ALWAYS)
    client.force_login(member("xung.dot"))
    page = words_of(client.get(reverse("evaluation:result", args=[item.pk])))
    assert "không chấm hồ sơ này vì xung đột lợi ích" in page
    for words in ("túc số:", "Đã nộp", "phiếu đã nộp, cần", "Đã bàn về bao bì", "Ghi ý kiến bảo lưu"):
        assert words not in page, words
    agenda = words_of(client.get(reverse("evaluation:session", args=[item.session_id])))
    assert "cần" not in agenda.partition("Quy chế làm việc")[0].partition("Phiếu đã nộp")[2]


def test_a_recused_chair_follows_the_other_dossiers_only(client):
    council = make_council(PEOPLE)
    session = open_session_with(accepted_dossier(), accepted_dossier("Rau mùi"), council=council)
    kept_out, other = session.items.order_by("position")
    seat = sheet_of(kept_out, "chu.tich").seat
    Recusal.objects.create(item=kept_out, seat=seat, ground=RecusalGround.RELATED, declared_by=seat.user)
    client.force_login(member("chu.tich"))
    rows = client.get(reverse("evaluation:session", args=[session.pk])).context["board"].rows
    assert [(row.item.pk, row.hidden, len(row.cells)) for row in rows] == [
        (kept_out.pk, True, 0),
        (other.pk, False, 8),
    ]
    assert client.get(reverse("evaluation:item_board", args=[kept_out.pk])).context["lines"] is None

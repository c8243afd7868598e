"""The member's sheet: own choices only, of the right table only, until it is submitted."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import SheetState
from evaluation.models import Choice, Criterion, Option, Sheet
from evaluation.queries.sheet_page import panels
from evaluation.queries.sheets import progress
from evaluation.services import councils, results, sheets
from evaluation.tests.factories import (
    accepted_dossier,
    choose,
    fill,
    ids,
    make_council,
    make_session,
    member,
    open_item,
    open_session_with,
    scored_item,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import SET_1_CHOICES
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def item():
    return open_item()


@pytest.fixture
def sheet(item):
    return sheet_of(item, "uy.vien")


@pytest.fixture
def browser(client, sheet):
    client.force_login(sheet.seat.user)
    return client


def url(name, sheet):
    return reverse(f"evaluation:{name}", args=[sheet.pk])


def post_choice(client, sheet, criterion, option, **extra):
    data = {"criterion": criterion, "option": "" if option is None else option, "c": "1.1"}
    return client.post(url("choice", sheet), data, **extra)


def by_device():
    """What sheet-queue.js asks for."""
    return {"headers": {"Accept": "application/json"}}


def kept(sheet):
    """What the sheet holds: criterion code -> printed position."""
    rows = Choice.objects.filter(sheet=sheet).values_list("criterion__code", "option__position")
    return dict(rows)


# --- saving ---


def test_a_choice_is_kept_and_a_later_one_replaces_it(sheet):
    choose(sheet, "1.1", 2)
    choose(sheet, "1.1", 3)
    choose(sheet, "1.2", 1)
    assert kept(sheet) == {"1.1": 3, "1.2": 1}


def test_none_of_the_levels_is_an_answer_of_no_points(sheet):
    choose(sheet, "1.1", 0)
    assert kept(sheet) == {"1.1": None}
    now = progress(sheet)
    assert (now.total, now.answered) == (0, 1)
    assert "1.1" not in now.missing


def test_saving_a_choice_takes_at_most_six_queries(sheet, django_assert_max_num_queries):
    (first, level), (second, other) = ids(sheet.item, "1.1", 2), ids(sheet.item, "1.1", 3)
    with django_assert_max_num_queries(6):  # the member's roles, just signed in, are one of them
        sheets.save_choice(sheet=sheet, criterion_id=first, option_id=level, by=sheet.seat.user)
    with django_assert_max_num_queries(6):
        sheets.save_choice(sheet=sheet, criterion_id=second, option_id=other, by=sheet.seat.user)


def test_the_answer_to_a_saved_choice_carries_the_new_figures(browser, sheet):
    response = post_choice(browser, sheet, *ids(sheet.item, "1.1", 3), **by_device())
    said = response.json()
    assert response.status_code == 200
    assert (said["revision"], said["total"], said["answered"]) == (1, 3, 1)
    assert said["sections"] == {"A": 3, "B": 0, "C": 0}
    assert said["leaves"]["1.1"] == ["done", 3] and said["leaves"]["1.2"] == ["todo", 0]
    assert "1.1" not in said["missing"] and said["missing"][0] == "1.2"
    assert len(response.content) < 2000


def test_without_javascript_the_form_returns_to_the_criterion(browser, sheet):
    response = post_choice(browser, sheet, *ids(sheet.item, "1.1", 3))
    assert response.headers["Location"] == f"{url('sheet', sheet)}?c=1.1"
    assert kept(sheet) == {"1.1": 3}


def test_opening_a_sheet_writes_nothing(browser, sheet):
    def stored():
        return (
            Choice.objects.count(),
            AuditEntry.objects.count(),
            Sheet.objects.filter(pk=sheet.pk).values().get(),
        )

    before = stored()
    assert browser.get(url("sheet", sheet)).status_code == 200
    assert browser.get(url("sheet_submit", sheet)).status_code == 200
    assert stored() == before


def test_the_page_offers_no_level_only_where_the_table_prints_no_0_points(sheet):
    first, second, *_ = panels(sheet, progress(sheet), with_advice=False)
    with_none = [option.value for option in first.options]
    printed = [option.value for option in second.options]
    assert with_none[-1] == ""
    assert "" not in printed


def test_an_unknown_criterion_in_the_address_is_not_found(browser, sheet):
    assert browser.get(url("sheet", sheet), {"c": "99.9"}).status_code == 404


def test_ids_are_written_without_thousand_separators(browser, sheet):
    criterion, option = ids(sheet.item, "1.1", 2)
    page = browser.get(url("sheet", sheet), {"c": "1.1"}).content.decode()
    assert f'name="criterion" value="{criterion}"' in page
    assert f'name="option" value="{option}"' in page


# --- tampering: refused, written to the log, nothing changed ---


def test_an_option_of_another_criterion_is_refused_and_logged(browser, sheet):
    criterion, _ = ids(sheet.item, "1.1", 1)
    _, foreign = ids(sheet.item, "1.2", 1)
    assert post_choice(browser, sheet, criterion, foreign, **by_device()).status_code == 403
    assert kept(sheet) == {}
    entry = AuditEntry.objects.get(verb="refused")
    assert (entry.actor, entry.path) == (sheet.seat.user, url("choice", sheet))


def test_a_criterion_of_another_set_is_refused(browser, sheet):
    foreign = Criterion.objects.get(criteria_set__code="qd26-02", code="1.1")
    option = foreign.options.first()
    assert post_choice(browser, sheet, foreign.pk, option.pk).status_code == 403
    assert post_choice(browser, sheet, foreign.pk, None).status_code == 403
    assert kept(sheet) == {}


def test_a_heading_is_no_criterion_to_choose_on(browser, sheet):
    heading = Criterion.objects.get(criteria_set=sheet.criteria_set, code="1")
    assert post_choice(browser, sheet, heading.pk, None).status_code == 403


@pytest.mark.parametrize("option", ["x", "-1", "1.5", "9" * 30])
def test_an_option_that_is_no_id_is_refused(browser, sheet, option):
    criterion, _ = ids(sheet.item, "1.1", 1)
    assert post_choice(browser, sheet, criterion, option).status_code == 403


def test_another_members_sheet_is_not_found_and_the_attempt_is_logged(browser, item):
    foreign = sheet_of(item, "thu.ky")
    assert browser.get(url("sheet", foreign)).status_code == 404
    assert browser.get(url("sheet_submit", foreign)).status_code == 404
    assert post_choice(browser, foreign, *ids(item, "1.1", 1)).status_code == 404
    for name in ("sheet_stop", "sheet_opinion", "sheet_submit"):
        assert browser.post(url(name, foreign)).status_code == 404
    assert kept(foreign) == {}
    assert AuditEntry.objects.filter(verb="refused").count() == 4


def test_the_service_itself_refuses_another_members_sheet(item):
    foreign = sheet_of(item, "thu.ky")
    criterion, option = ids(item, "1.1", 1)
    with pytest.raises(PermissionDenied):
        sheets.save_choice(sheet=foreign, criterion_id=criterion, option_id=option, by=member("uy.vien"))
    with pytest.raises(PermissionDenied):
        sheets.submit(sheet=foreign, by=member("uy.vien"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COUNCIL_MEMBER])
def test_other_roles_may_not_open_a_sheet(client, sheet, role):
    client.force_login(make_user(f"nguoi.{role}", role))
    assert client.get(url("sheet", sheet)).status_code == 403
    assert post_choice(client, sheet, *ids(sheet.item, "1.1", 1)).status_code == 403


# --- stop ---


def test_after_a_stop_later_criteria_count_nothing_and_take_no_choice(sheet):
    fill(sheet, SET_1_CHOICES[0])
    criterion, _ = ids(sheet.item, "6.1", 0)
    sheets.stop(sheet=sheet, criterion_id=criterion, by=sheet.seat.user)
    sheet.refresh_from_db()
    # A 31, B 19, and 2 points of 6.1
    assert progress(sheet).total == 52
    with pytest.raises(DomainError, match=r"đã dừng đánh giá ở tiêu chí 6\.1"):
        choose(sheet, "6.2", 2)
    choose(sheet, "6.1", 1)


def test_undoing_the_stop_brings_the_earlier_choices_back(sheet):
    fill(sheet, SET_1_CHOICES[0])
    sheets.stop(sheet=sheet, criterion_id=ids(sheet.item, "6.1", 0)[0], by=sheet.seat.user)
    sheet.refresh_from_db()
    sheets.resume(sheet=sheet, by=sheet.seat.user)
    sheet.refresh_from_db()
    assert progress(sheet).total == 73


def test_only_a_criterion_with_a_stop_note_stops_the_evaluation(sheet):
    with pytest.raises(DomainError, match=r"1\.1 không có căn cứ dừng"):
        sheets.stop(sheet=sheet, criterion_id=ids(sheet.item, "1.1", 0)[0], by=sheet.seat.user)


def test_a_stopped_sheet_needs_no_answers_after_the_stop(sheet):
    before_c = {code: at for code, at in SET_1_CHOICES[0].items() if code[0] in "12345" and "." in code}
    fill(sheet, {**before_c, "6.1": 1})
    sheets.stop(sheet=sheet, criterion_id=ids(sheet.item, "6.1", 0)[0], by=sheet.seat.user)
    assert sheets.submit(sheet=sheet, by=sheet.seat.user).is_locked


def test_stop_and_resume_from_the_page(browser, sheet):
    criterion, _ = ids(sheet.item, "6.1", 0)
    browser.post(url("sheet_stop", sheet), {"criterion": criterion, "c": "6.1"})
    assert Sheet.objects.get(pk=sheet.pk).stopped_at_id == criterion
    assert "Không xét" in browser.get(url("sheet", sheet), {"c": "6.2"}).content.decode()
    browser.post(url("sheet_stop", sheet), {"action": "resume", "c": "6.1"})
    assert Sheet.objects.get(pk=sheet.pk).stopped_at_id is None


def test_an_empty_form_says_what_to_do(browser, sheet):
    for name, words in (("choice", "Hãy chọn một mức"), ("sheet_stop", "từ trang của một tiêu chí")):
        page = browser.post(url(name, sheet), follow=True).content.decode()
        assert words in page


# --- submitting ---


def test_a_sheet_with_open_criteria_cannot_be_submitted_and_they_are_named(sheet):
    fill(sheet, {code: at for code, at in SET_1_CHOICES[0].items() if code not in ("1.2", "12")})
    with pytest.raises(DomainError, match=r"Còn 2 tiêu chí chưa chấm: 1\.2, 12\."):
        sheets.submit(sheet=sheet, by=sheet.seat.user)


def test_a_criterion_switched_off_by_another_needs_no_answer(sheet):
    # 5.2 (structure of the story) is judged only when 5.1 (the story) scored.
    fill(sheet, {code: at for code, at in SET_1_CHOICES[0].items() if code != "5.2"})
    choose(sheet, "5.1", 1)  # "no story": 0 points
    assert sheets.submit(sheet=sheet, by=sheet.seat.user).is_locked


def test_a_submitted_sheet_takes_nothing_any_more(sheet):
    submit(sheet, SET_1_CHOICES[0])
    by = sheet.seat.user
    for act in (
        lambda: choose(sheet, "1.1", 1),
        lambda: sheets.stop(sheet=sheet, criterion_id=ids(sheet.item, "6.1", 0)[0], by=by),
        lambda: sheets.resume(sheet=sheet, by=by),
        lambda: sheets.save_opinion(sheet=sheet, opinion="Thêm", by=by),
        lambda: sheets.submit(sheet=sheet, by=by),
    ):
        with pytest.raises(DomainError, match="Phiếu đã nộp"):
            act()
    assert kept(sheet) == SET_1_CHOICES[0]


def test_the_page_says_why_a_late_choice_is_refused(browser, sheet):
    submit(sheet, SET_1_CHOICES[0])
    response = post_choice(browser, sheet, *ids(sheet.item, "1.1", 1), **by_device())
    assert response.status_code == 409
    assert response.json() == {"reason": "refused", "message": "Phiếu đã nộp; không sửa được nữa."}


def test_submitting_from_the_page_keeps_the_opinion(browser, sheet):
    fill(sheet, SET_1_CHOICES[0])
    response = browser.post(url("sheet_submit", sheet), {"opinion": "Bao bì đẹp,\ncâu chuyện rõ."})
    assert response.headers["Location"] == reverse("evaluation:sheets")
    stored = Sheet.objects.get(pk=sheet.pk)
    assert (stored.state, stored.opinion) == (SheetState.SUBMITTED, "Bao bì đẹp,\ncâu chuyện rõ.")


def test_an_incomplete_submission_still_keeps_the_opinion(browser, sheet):
    browser.post(url("sheet_submit", sheet), {"opinion": "Chưa xong"})
    stored = Sheet.objects.get(pk=sheet.pk)
    assert (stored.state, stored.opinion) == (SheetState.DRAFT, "Chưa xong")


# --- when scoring is possible ---


def test_a_choice_after_closing_the_result_is_refused():
    item = scored_item(count=2)
    late = sheet_of(item, "uy.vien")
    results.close_item(item=item, by=provincial_officer())
    with pytest.raises(DomainError, match="đã có kết quả"):
        choose(late, "1.1", 1)


def test_before_the_session_opens_there_are_no_sheets():
    session = make_session()
    from evaluation.services.sessions import add_dossiers

    add_dossiers(session=session, dossiers=[accepted_dossier()], by=provincial_officer())
    assert Sheet.objects.count() == 0


def test_a_person_who_left_the_council_scores_no_more(sheet):
    councils.leave_seat(seat=sheet.seat, by=provincial_officer())
    with pytest.raises(DomainError, match="thôi tham gia"):
        choose(sheet, "1.1", 1)


def test_a_person_who_joins_an_open_session_gets_its_sheets(item):
    newcomer = member("uy.vien.moi")
    councils.add_seat(council=item.session.council, user=newcomer, by=provincial_officer())
    assert Sheet.objects.filter(seat__user=newcomer, item=item).count() == 1


def test_a_foreign_council_is_not_seen(client):
    other = open_session_with(council=make_council(people=(("nguoi.khac", "chair"),)))
    stranger = member("uy.vien")
    client.force_login(stranger)
    for name, pk in (
        ("council", other.council_id),
        ("session", other.pk),
        ("result", other.items.get().pk),
        ("sheet", sheet_of(other.items.get(), "nguoi.khac").pk),
    ):
        assert client.get(reverse(f"evaluation:{name}", args=[pk])).status_code == 404, name


# --- the database itself ---


def refused_by_database(sql, *values):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


INSERT_CHOICE = (
    "INSERT INTO evaluation_choice (sheet_id, criteria_set_id, criterion_id, option_id, saved_at) "
    "VALUES (%s, %s, %s, %s, now())"
)


def test_the_database_refuses_an_option_of_another_criterion(sheet):
    criterion, _ = ids(sheet.item, "1.1", 1)
    _, foreign = ids(sheet.item, "1.2", 1)
    refused_by_database(INSERT_CHOICE, sheet.pk, sheet.criteria_set_id, criterion, foreign)


def test_the_database_refuses_a_criterion_of_another_set(sheet):
    others = Option.objects.filter(criterion__criteria_set__code="qd26-02")
    foreign = others.select_related("criterion").first()
    own_set, other_set = sheet.criteria_set_id, foreign.criterion.criteria_set_id
    refused_by_database(INSERT_CHOICE, sheet.pk, own_set, foreign.criterion_id, foreign.pk)
    refused_by_database(INSERT_CHOICE, sheet.pk, other_set, foreign.criterion_id, foreign.pk)


def test_the_database_locks_a_submitted_sheet_and_its_choices(sheet):
    submit(sheet, SET_1_CHOICES[0])
    criterion, option = ids(sheet.item, "1.1", 1)
    for sql, values in (
        ("UPDATE evaluation_sheet SET state = 'draft', submitted_at = NULL WHERE id = %s", [sheet.pk]),
        ("UPDATE evaluation_sheet SET opinion = 'x' WHERE id = %s", [sheet.pk]),
        ("UPDATE evaluation_choice SET option_id = %s WHERE sheet_id = %s AND criterion_id = %s",
         [option, sheet.pk, criterion]),
        ("DELETE FROM evaluation_choice WHERE sheet_id = %s", [sheet.pk]),
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"submitted|Cannot update"), transaction.atomic():
            connection.cursor().execute(sql, values)
    assert kept(sheet) == SET_1_CHOICES[0]


def test_the_list_shows_own_sheets_only(browser, item, django_assert_max_num_queries):
    choose(sheet_of(item, "uy.vien"), "1.1", 1)
    with django_assert_max_num_queries(18):
        page = browser.get(reverse("evaluation:sheets")).content.decode()
    assert "1 / 32" in page
    assert page.count('class="task-row') == 1


@pytest.mark.parametrize("name", ["sheet_submit", "sheet_opinion"])
def test_an_opinion_that_is_too_long_comes_back_as_it_was_typed(browser, sheet, name):
    typed = "Ý kiến dài. " * 500
    response = browser.post(url(name, sheet), {"opinion": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert "quá 5.000 ký tự" in page
    assert typed.strip() in page
    assert Sheet.objects.get(pk=sheet.pk).opinion == ""

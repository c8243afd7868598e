"""Half-days: the rule of a full attendance, sign-in by phone, the workbook, the test and the certificates."""

from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import DomainError
from core.models import Notice
from training import services, sign_in
from training.models import AttendanceCertificate, HalfDay, Presence, RegisterPerson
from training.queries import classes_pages
from training.services import Mark
from training.tests.factories import BINH, XUYEN, attend, make_class, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user("can-bo", Role.PROVINCIAL_OFFICER)


def move(held, step, reason=""):
    return services.move_class(training_class=held, step=step, by=None, reason=reason)


def refused(call, words, field=None):
    with pytest.raises(DomainError) as error:
        call()
    assert words in error.value.message
    assert error.value.field == field


def long_class(**fields):
    """Five half-days on three days of June."""
    held = make_class(date(2026, 6, 10), ends_on=date(2026, 6, 12), **fields)
    services.give_usual_half_days(held)
    services.remove_half_day(half_day=held.half_days.last(), by=None)
    return held


def on_now(held, name="Trần Thị Lan"):
    """A half-day that is going on at this moment, with one person enrolled."""
    now = timezone.localtime()
    half = HalfDay.objects.create(
        training_class=held, day=now.date(), part="am", starts_at=time(0, 0), ends_at=time(23, 59)
    )
    services.enrol(training_class=held, persons=[make_person(name)], by=None)
    return half


# --- the rule ---


@pytest.mark.parametrize(
    ("share", "halves", "enough"),
    [
        (80, 3, False),
        (80, 4, True),
        (60, 3, True),
        (100, 4, False),
        (100, 5, True),
        (1, 0, False),
        (1, 1, True),
    ],
)
def test_full_attendance_is_a_share_of_the_half_days(share, halves, enough):
    held = long_class(attendance_share=share)
    attend(held, make_person("Lan"), halves=halves)
    enrolment = held.enrolments.get()
    assert (enrolment.present_halves, enrolment.attended) == (halves, enough)


def test_changing_the_rule_or_the_half_days_counts_again():
    held = long_class()
    attend(held, make_person("Lan"), halves=3)
    kept = services.update_class(training_class=held, by=None, attendance_share=60)
    assert held.enrolments.get().attended
    # Six half-days: 60 % are 3.6, four of them.
    services.add_half_day(
        training_class=kept, by=None, day=held.ends_on, part="pm", starts_at=time(13), ends_at=time(17)
    )
    assert not held.enrolments.get().attended
    taught, untaught = kept.half_days.first(), kept.half_days.last()
    refused(lambda: services.remove_half_day(half_day=taught, by=None), "đã có người điểm danh")
    services.remove_half_day(half_day=untaught, by=None)
    assert held.enrolments.get().attended


def test_half_days_follow_the_dates_until_somebody_came():
    held = services.create_class(
        by=None, title="Lớp", organiser="Sở", unit=make_province(),
        starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 1),
    )  # fmt: skip
    assert held.half_days.count() == 2
    held = services.update_class(training_class=held, by=None, ends_on=date(2026, 6, 2))
    assert [str(half) for half in held.half_days.all()] == [
        "Sáng 01/06/2026", "Chiều 01/06/2026", "Sáng 02/06/2026", "Chiều 02/06/2026",
    ]  # fmt: skip
    attend(held, make_person("Lan"))
    refused(
        lambda: services.update_class(training_class=held, by=None, ends_on=date(2026, 6, 1)),
        "ngoài thời gian mới",
        "starts_on",
    )


def test_a_class_that_goes_on_has_trained_nobody_yet_on_the_page_and_in_its_list(client, officer):
    today = timezone.localdate()
    held = make_class(today - timedelta(days=1), ends_on=today + timedelta(days=1))
    attend(held, make_person("Trần Thị Lan"), halves=5)
    assert held.enrolments.get().attended
    client.force_login(officer)
    shown = client.get(reverse("training:register"), {"trained": "1"}).context
    assert (shown["coverage"].trained, shown["page_obj"].paginator.count) == (0, 0)


# --- the road of a class ---


def test_the_first_mark_starts_the_class_and_the_end_locks_it():
    held = long_class()
    services.enrol(training_class=held, persons=[make_person("Lan")], by=None)
    cell = Mark(held.enrolments.get().pk, held.half_days.first().pk, True)
    assert services.mark(training_class=held, marks=[cell], by=None) == 1
    held.refresh_from_db()
    assert held.state == "running"
    refused(lambda: move(held, "cancel", "Bão"), "có người dự")
    services.move_class(training_class=held, step="finish", by=None)
    refused(lambda: services.mark(training_class=held, marks=[cell], by=None), "đã khóa")
    # Nor by changing what a full attendance is, or which year the class counts in.
    for change in ({"attendance_share": 20}, {"starts_on": date(2025, 6, 10), "ends_on": date(2025, 6, 12)}):
        refused(lambda change=change: services.update_class(training_class=held, by=None, **change), "mở lại")
    assert services.update_class(training_class=held, by=None, place="Hội trường").place == "Hội trường"
    refused(lambda: services.move_class(training_class=held, step="reopen", by=None), "lý do", "reason")
    services.move_class(training_class=held, step="reopen", by=None, reason="Ghi nhầm")
    assert services.mark(training_class=held, marks=[cell], by=None) == 0


def test_cancelling_asks_a_reason_and_ending_waits_for_the_last_day():
    held = make_class(timezone.localdate() + timedelta(days=3))
    refused(
        lambda: services.move_class(training_class=held, step="cancel", by=None, reason=" "),
        "lý do",
        "reason",
    )
    refused(lambda: services.move_class(training_class=held, step="finish", by=None), "dự kiến")
    services.move_class(training_class=held, step="start", by=None)
    refused(lambda: services.move_class(training_class=held, step="finish", by=None), "kết thúc từ ngày đó")
    assert move(held, "cancel", "Bão").cancel_reason == "Bão"
    refused(lambda: services.enrol(training_class=held, persons=[], by=None), "đã hủy")


# --- signing in by phone ---


def test_who_signs_in_by_name_counts_only_when_confirmed(client, officer):
    held = make_class(timezone.localdate())
    half = on_now(held)
    page = reverse("training:sign_in", args=[sign_in.code_of(half.pk)])
    form = client.get(page).content.decode()
    assert "Họ và tên đầy đủ" in form and "Trần Thị Lan" not in form
    assert not Presence.objects.exists()
    carried = sign_in.pass_of(half.pk)
    # Neither a part of a name, nor a number tried without the name.
    enrolment = held.enrolments.get()
    for name in ("Lan", "Thị Lan", "Lê Văn Minh"):
        answer = client.post(page, {"pass": carried, "name": name, "enrolment": enrolment.pk})
        assert answer.status_code == 422
    found = client.post(page, {"pass": carried, "name": "tran thi lan"}).content.decode()
    assert "Chọn đúng mình" in found
    for _ in range(2):
        done = client.post(page, {"pass": carried, "name": "tran thi lan", "enrolment": enrolment.pk})
        assert "Chờ xác nhận" in done.content.decode()
    enrolment.refresh_from_db()
    assert (Presence.objects.count(), enrolment.present_halves) == (1, 0)
    held.refresh_from_db()
    refused(lambda: services.move_class(training_class=held, step="finish", by=officer), "chờ xác nhận")
    waiting = [row.pk for row in classes_pages.waiting_sign_ins(held)]
    assert services.settle_sign_ins(training_class=held, confirmed=waiting, refused=[], by=officer) == 1
    enrolment.refresh_from_db()
    assert (enrolment.present_halves, enrolment.attended) == (1, True)


def test_an_account_counts_at_once_and_only_for_its_own_person(client):
    held = make_class(timezone.localdate())
    half = on_now(held)
    user, stranger = make_user("lan", Role.COMMUNE_OFFICER, make_commune(*BINH)), make_user("la", Role.ENTITY)
    RegisterPerson.objects.update(user=user)
    page, carried = reverse("training:sign_in", args=[sign_in.code_of(half.pk)]), sign_in.pass_of(half.pk)
    client.force_login(stranger)
    assert client.post(page, {"pass": carried, "as_me": "1"}).status_code == 422
    client.force_login(user)
    assert "tôi có mặt" in client.get(page).content.decode()
    assert "Đã điểm danh" in client.post(page, {"pass": carried, "as_me": "1"}).content.decode()
    assert Presence.objects.get().marked_by == user
    assert held.enrolments.get().attended


def test_a_code_dies_soon_and_works_only_during_the_half_day(client, monkeypatch):
    held = make_class(timezone.localdate())
    half = on_now(held)
    old = sign_in.code_of(half.pk)
    page = reverse("training:sign_in", args=[old])
    assert client.get(page).status_code == 200
    # A code is no pass: the form cannot be sent with it.
    assert client.post(page, {"pass": old, "name": "Trần Thị Lan"}).status_code == 410
    monkeypatch.setattr(sign_in, "CODE_LIVES", timedelta(0))
    assert client.get(page).status_code == 410
    HalfDay.objects.update(day=timezone.localdate() - timedelta(days=1))
    late = {"pass": sign_in.pass_of(half.pk), "name": "tran thi lan", "enrolment": held.enrolments.get().pk}
    answer = client.post(page, late)
    assert (answer.status_code, "Chỉ điểm danh được trong giờ học" in answer.content.decode()) == (422, True)
    assert not Presence.objects.exists()


def test_sign_in_is_counted_by_address(client, monkeypatch):
    monkeypatch.setattr(sign_in, "LIMIT", sign_in.Limit("thu", times=2, seconds=600))
    page = reverse("training:sign_in", args=["x"])
    assert [client.get(page).status_code for _ in range(3)] == [410, 410, 429]


# --- by workbook ---


def as_file(book):
    data = BytesIO()
    book.save(data)
    return SimpleUploadedFile("diem-danh.xlsx", data.getvalue())


def test_unknown_persons_of_a_sheet_are_asked_before_anything_is_written(client, officer):
    held = make_class(date(2026, 6, 10))
    lan, hoa = make_person("Trần Thị Lan"), make_person("Nguyễn Thị Hoa", make_commune(*XUYEN))
    services.give_usual_half_days(held)
    services.enrol(training_class=held, persons=[lan], by=None)
    client.force_login(officer)
    answer = client.get(reverse("training:attendance_workbook", args=[held.pk]))
    book = load_workbook(BytesIO(answer.getvalue()))
    sheet = book.active
    last = sheet.max_row
    sheet.cell(last, 4).value = "x"
    sheet.append(["Nguyễn Thị Hoà", "Cẩm Xuyên", "", "x", "x"])
    sheet.append(["Người Lạ", "", "", "x", ""])
    sheet.append(["Trần Thị Lan", "", "", "có lẽ", ""])
    page = client.post(reverse("training:attendance_sheet", args=[held.pk]), {"file": as_file(book)})
    shown = page.content.decode()
    assert "Nguyễn Thị Hoa, Xã Cẩm Xuyên (ghi danh thêm)" in shown
    assert "Không có ai tên gần giống" in shown and "Ghi x nếu có mặt" in shown
    assert (Presence.objects.count(), held.enrolments.count()) == (0, 1)
    confirm = reverse("training:attendance_sheet_confirm", args=[held.pk])
    sealed = {"sealed": page.context["sealed"], f"row-{last + 1}": hoa.pk, f"row-{last + 2}": lan.pk}
    for _ in range(2):  # the same sheet twice changes nothing
        client.post(confirm, sealed)
        assert {row.person.name: row.present_halves for row in held.enrolments.select_related("person")} == {
            "Trần Thị Lan": 1,
            "Nguyễn Thị Hoa": 2,
        }
        assert Presence.objects.count() == 3
    client.post(confirm, {"sealed": "x" + sealed["sealed"]})
    assert Presence.objects.count() == 3


# --- invitations, test, certificates ---


def test_certificates_are_numbered_without_gaps_for_those_who_attended_and_passed(officer):
    held = make_class(date(2026, 6, 10), pass_mark=Decimal(5))
    an, binh, chi, dung = (make_person(name) for name in ("An", "Bình", "Chi", "Dũng"))
    attend(held, an, binh, chi)
    attend(held, dung, halves=1)
    scores = {an: "5", binh: "4.75", chi: "10"}
    for person, score in scores.items():
        enrolment = held.enrolments.get(person=person)
        services.record_score(enrolment=enrolment, score=Decimal(score), by=officer)
    refused(
        lambda: services.record_score(enrolment=enrolment, score=Decimal("10.5"), by=officer),
        "0 đến 10",
        "score",
    )
    refused(lambda: services.issue_certificates(training_class=held, by=officer), "Kết thúc lớp trước")
    services.move_class(training_class=held, step="finish", by=officer)
    assert services.issue_certificates(training_class=held, by=officer) == 2
    assert services.issue_certificates(training_class=held, by=officer) == 0
    refused(
        lambda: services.move_class(training_class=held, step="reopen", by=officer, reason="x"),
        "giấy chứng nhận",
    )
    other = make_class(date(2026, 7, 1))
    attend(other, dung)
    services.move_class(training_class=other, step="finish", by=officer)
    services.issue_certificates(training_class=other, by=officer)
    issued = AttendanceCertificate.objects.select_related("enrolment__person")
    assert [(row.number, row.enrolment.person.name) for row in issued] == [(1, "An"), (2, "Chi"), (3, "Dũng")]


def test_invitations_reach_accounts_once(officer):
    held = make_class(timezone.localdate() + timedelta(days=5))
    user = make_user("lan", Role.COMMUNE_OFFICER, make_commune(*BINH))
    lan, minh = make_person("Lan", user=user), make_person("Minh")
    services.enrol(training_class=held, persons=[lan, minh], by=officer)
    for _ in range(2):
        assert services.invite(training_class=held, by=officer) == (1, 1)
    assert list(Notice.objects.values_list("user", "url")) == [
        (user.pk, reverse("training:my_class", args=[held.pk]))
    ]


def test_a_file_of_a_class_is_kept_from_strangers_and_from_the_pruner(client, officer):
    from products.services import prune_files
    from products.tests.factories import make_pdf

    held = make_class(date(2026, 6, 10))
    upload = SimpleUploadedFile("bai giang.pdf", make_pdf())
    material = services.add_material(training_class=held, upload=upload, title="Bài giảng", by=officer)
    person = make_user("chu-the", Role.ENTITY, make_commune(*BINH))
    page = reverse("training:material", args=[material.pk])
    client.force_login(person)
    assert client.get(page).status_code == 404
    attend(held, make_person("Chủ Thể", user=person))
    assert client.get(page).status_code == 200
    assert prune_files(older_than_days=-1) == []


# --- lists and the grid ---


def test_records_suggest_whom_the_register_lacks(officer):
    from training.tests.factories import make_entity

    make_entity("HTX Một", representative="Lê Thị Một")
    account = make_user("xa", Role.COMMUNE_OFFICER, make_commune(*BINH), full_name="Trần Văn Xã")
    make_user(
        "xa-nghe-an",
        Role.COMMUNE_OFFICER,
        make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An")),
    )
    make_person("trần văn xã")  # by name only: the click links the account
    found = classes_pages.suggestions(officer)
    assert {row.name for row in found} == {str(officer), "Trần Văn Xã", "Lê Thị Một"}
    services.add_suggested(suggestions=found, by=officer)
    assert classes_pages.suggestions(officer) == []
    assert RegisterPerson.objects.get(user=account).name == "trần văn xã"
    assert RegisterPerson.objects.count() == 3


@pytest.mark.parametrize("copies", [1, 3])
def test_queries_of_the_class_page_do_not_grow(client, officer, django_assert_num_queries, copies):
    held = make_class(date(2026, 6, 10))
    attend(held, *(make_person(f"Người {copy}") for copy in range(copies)))
    client.force_login(officer)
    page = reverse("training:class", args=[held.pk])
    client.get(page)
    with django_assert_num_queries(11):
        assert client.get(page).status_code == 200


def test_a_cell_is_saved_at_once_and_a_refusal_is_said(client, officer):
    held = make_class(date(2026, 6, 10))
    attend(held, make_person("Lan"), attended=False)
    client.force_login(officer)
    enrolment, half = held.enrolments.get(), held.half_days.first()
    url = reverse("training:attendance_cell", args=[held.pk])
    cell = {"enrolment": enrolment.pk, "half_day": half.pk}
    answer = client.post(url, {**cell, "there": "1"})
    assert f'id="sum-{enrolment.pk}"' in answer.content.decode() and "1/2" in answer.content.decode()
    assert client.post(url, {**cell, "half_day": "9" * 30}).status_code == 409
    client.post(url, {**cell, "there": "0"})
    assert not Presence.objects.exists()
    score = client.post(
        reverse("training:class_score", args=[held.pk]), {"enrolment": enrolment.pk, "score": "7"}
    )
    assert (score.status_code, "không có bài kiểm tra" in score.content.decode()) == (409, True)

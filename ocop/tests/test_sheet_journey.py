"""A member at the table: keys and touch, a network that goes and comes, two devices, a session that ends.

Everything chosen is in the database at the end, in the order it was chosen, and nothing that was not.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import PASSWORD, make_province, make_user
from evaluation.enums import SeatRole, SheetState
from evaluation.models import Choice, Sheet
from evaluation.queries.scoring_sets import stored_set
from evaluation.services import running, self_assessment
from evaluation.tests.factories import accepted_dossier, fill, make_council, open_session_with, sheet_of
from evaluation.tests.sheets import SET_1_CHOICES
from ocop.tests.browser import PATIENCE_MS, Arrive, Person, arrive_fixture, browser_fixture  # noqa: F401
from products.models import Dossier
from products.tests.factories import (
    attach,
    make_dossier,
    make_product,
    owner_of,
    provincial_officer,
    take_step,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]

PRODUCT = "Rau thơm Cẩm Bình"
# Chromium's words when the test takes the network away or the server refuses on purpose.
NETWORK = ("ERR_INTERNET_DISCONNECTED", "net::", "409 ")


@pytest.fixture
def member() -> User:
    return make_user("uy-vien", Role.COUNCIL_MEMBER, make_province(), full_name="Ủy Viên Thử")


@pytest.fixture
def sheet(member) -> Sheet:
    """The member's empty sheet of set 1, the first of two in an open session."""
    council = make_council((("chu.tich", SeatRole.CHAIR), (member.username, SeatRole.MEMBER)))
    session = open_session_with(with_a_paper(), accepted_dossier("Rau thứ hai"), council=council)
    return sheet_of(session.items.order_by("position").first(), member.username)


def with_a_paper() -> Dossier:
    """An accepted dossier of set 1 with one paper, which proves criterion 1.1."""
    dossier = make_dossier(make_product(PRODUCT, set_number=1))
    version, owner = dossier.current_version, owner_of(dossier.product.entity)
    paper = attach(dossier, title="Hợp đồng mua rau", by=owner)
    first = stored_set(self_assessment.set_for(version).pk).criterion_of_code["1.1"]
    self_assessment.attach_paper(version=version, criterion_id=first, evidence=paper, by=owner)
    for step in ("submit", "propose", "accept"):
        take_step(dossier, step)
    return dossier


def sit_down(arrive: Arrive, member: User, sheet: Sheet, screen: str = "tablet") -> Person:
    person = arrive(member, screen=screen)
    person.page.goto(f"/danh-gia/phieu/{sheet.pk}/")
    if not Choice.objects.filter(sheet=sheet).exists():
        person.press("Đã đọc, bắt đầu chấm")
    return person


def chip(page: Page, words: str) -> None:
    expect(page.locator("[data-saved-word]")).to_have_text(words, timeout=PATIENCE_MS)


def at(page: Page, code: str) -> None:
    expect(page.locator("[data-panel]:not([hidden]) h2")).to_contain_text(f"{code}. ")


def kept(sheet: Sheet) -> dict[str, int]:
    """Printed positions by code, in the order they were saved."""
    rows = Choice.objects.filter(sheet=sheet).order_by("saved_at", "pk")
    return {code: at or 0 for code, at in rows.values_list("criterion__code", "option__position")}


def test_a_sheet_is_scored_with_keys_and_touch_through_a_lost_network(
    arrive: Arrive, member: User, sheet: Sheet
):
    person = sit_down(arrive, member, sheet)
    person.foresees(*NETWORK)
    page, keys = person.page, person.page.keyboard
    person.sees(PRODUCT, "Hồ sơ 1/2", "Hợp đồng mua rau", picture="phieu-mot-trang")
    keys.press("e")
    preview = page.locator('[data-dialog="preview"]')
    expect(preview.locator(".viewer-page img").first).to_be_visible()
    person.take_picture("phieu-giay-to")
    person.press("Đóng", preview)
    keys.press("3")
    keys.press("ArrowRight")
    at(page, "1.2")
    assert page.url.endswith("#tc-1.2")
    page.locator("[data-panel]:not([hidden]) .option").nth(1).tap()
    person.sees_saved()
    page.go_back()
    at(page, "1.1")
    keys.press("n")
    at(page, "1.3")
    expect(page.locator("[data-total]")).to_have_text("4")

    person.context.set_offline(True)
    wanted = {"1.3": 2, "1.4": 2, "1.5": 3, "1.6": 2, "1.7": 1}
    for position in wanted.values():
        keys.press(str(position))
        keys.press("ArrowRight")
    at(page, "2.1")  # moving asks nobody
    chip(page, "Chưa lưu, đang chờ mạng (5)")
    expect(page.locator("[data-provisional]")).to_be_visible()
    person.take_picture("phieu-mat-mang")
    page.locator(".finish-link").click()  # waits for what is not sent
    expect(page.locator("#toasts")).to_contain_text("lựa chọn chưa gửi được", timeout=15_000)
    assert kept(sheet) == {"1.1": 3, "1.2": 2}
    person.context.set_offline(False)
    person.sees_saved()
    assert kept(sheet) == {"1.1": 3, "1.2": 2, **wanted}
    assert set(Choice.objects.values_list("revision", flat=True)) == {1}
    expect(page.locator("[data-provisional]")).to_be_hidden()
    person.sees(PRODUCT, "Đã chấm 7/32")


def test_what_waits_on_the_device_survives_the_page_and_is_sent_once_from_two_tabs(
    arrive: Arrive, member: User, sheet: Sheet
):
    person = sit_down(arrive, member, sheet)
    person.foresees(*NETWORK)
    page = person.page
    sent: list[str] = []
    page.route("**/chon/", lambda route: route.abort())  # the network drops what is sent
    page.keyboard.press("2")
    page.keyboard.press("3")  # thought better of
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")
    chip(page, "Chưa lưu, đang chờ mạng (3)")
    assert kept(sheet) == {}
    other = person.context.new_page()
    other.on(
        "request", lambda request: sent.append(request.post_data or "") if "/chon/" in request.url else None
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=False)
    other.goto(f"/danh-gia/phieu/{sheet.pk}/")
    expect(other.locator('[data-panel="1.1"] [data-key="3"]')).to_be_checked()
    expect(other.locator("[data-saved-word]")).to_have_text(re.compile("Đã lưu lúc"), timeout=PATIENCE_MS)
    assert kept(sheet) == {"1.1": 3, "1.2": 1}
    assert len(sent) == 3
    assert list(Choice.objects.order_by("criterion__code").values_list("revision", flat=True)) == [2, 1]


def test_two_devices_show_both_levels_and_the_member_decides(arrive: Arrive, member: User, sheet: Sheet):
    table, phone = sit_down(arrive, member, sheet), sit_down(arrive, member, sheet, "phone")
    table.foresees(*NETWORK)
    phone.foresees(*NETWORK)
    table.page.keyboard.press("3")
    table.sees_saved()
    phone.page.keyboard.press("1")
    dialog = phone.page.locator('[data-dialog="conflict"]')
    expect(dialog).to_contain_text("Tỷ lệ trồng trên địa bàn cấp xã từ 75%")
    expect(dialog).to_contain_text("3 điểm")
    phone.take_picture("phieu-hai-muc")
    assert kept(sheet) == {"1.1": 3}
    phone.press("Giữ mức đã lưu", dialog)
    phone.sees_saved()
    expect(phone.page.locator('[data-panel="1.1"] [data-key="3"]')).to_be_checked()
    assert kept(sheet) == {"1.1": 3}
    phone.page.keyboard.press("2")
    phone.sees_saved()
    table.page.keyboard.press("1")
    table.press("Dùng mức này", table.page.locator('[data-dialog="conflict"]'))
    table.sees_saved()
    assert kept(sheet) == {"1.1": 1}


def test_a_session_that_ended_is_opened_again_in_place(arrive: Arrive, member: User, sheet: Sheet):
    person = sit_down(arrive, member, sheet)
    person.context.clear_cookies(name="sessionid")
    person.page.keyboard.press("2")
    dialog = person.page.locator("#sign-in-dialog")
    expect(dialog).to_be_visible()
    assert kept(sheet) == {}
    person.page.fill("#again-password", PASSWORD)
    person.press("Đăng nhập", dialog)
    person.sees_saved()
    assert kept(sheet) == {"1.1": 2}


def test_a_pause_keeps_the_choices_and_another_person_never_sends_them(
    arrive: Arrive, member: User, sheet: Sheet
):
    person = sit_down(arrive, member, sheet)
    person.foresees(*NETWORK)
    page, session, officer = person.page, sheet.item.session, provincial_officer()
    running.pause_session(session=session, reason="Mất điện hội trường.", by=officer)
    page.keyboard.press("2")
    chip(page, "Chưa lưu, đang tạm dừng (1)")
    expect(page.locator("[data-hold]")).to_contain_text("Mất điện hội trường.")
    running.resume_session(session=session, by=officer)
    # Somebody else signs in on the same device meanwhile.
    person.context.clear_cookies()
    page.once("dialog", lambda dialog: dialog.accept())
    person.sign_in(User.objects.get(username="chu.tich"))
    person.sees("Việc của tôi")
    other = sheet_of(sheet.item, "chu.tich")
    page.goto(f"/danh-gia/phieu/{other.pk}/")
    person.press("Đã đọc, bắt đầu chấm")
    page.keyboard.press("3")
    person.sees_saved()
    assert (kept(sheet), kept(other)) == ({}, {"1.1": 3})
    person.context.clear_cookies()
    person.sign_in(member)
    person.sees("Việc của tôi")
    with page.expect_response("**/chon/") as answer:
        page.goto("/danh-gia/phieu/")  # any page of sheets sends what is left
    assert answer.value.status == 200
    assert kept(sheet) == {"1.1": 2}


def test_a_refused_choice_is_shown_with_the_reason_and_the_sheet_is_submitted(
    arrive: Arrive, member: User, sheet: Sheet
):
    person = sit_down(arrive, member, sheet)
    person.foresees(*NETWORK)
    page = person.page
    fill(sheet, SET_1_CHOICES[0])
    page.reload()
    page.keyboard.press("n")
    person.sees("Ý kiến chung và nộp phiếu", "73 / 100")
    page.fill("#opinion", "Rau sạch, bao bì đẹp.")
    person.sees_saved()
    late = person.context.new_page()
    late.goto(f"/danh-gia/phieu/{sheet.pk}/#tc-1.1")
    person.press("Nộp phiếu")
    person.agree("Nộp phiếu")
    person.sees("Phiếu của tôi", "Đã nộp")
    late.keyboard.press("1")
    expect(late.locator("[data-refusals]")).to_contain_text("Phiếu đã nộp; không sửa được nữa.")
    expect(late.locator('[data-panel="1.1"] [data-key="3"]')).to_be_checked()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.opinion) == (SheetState.SUBMITTED, "Rau sạch, bao bì đẹp.")
    assert kept(sheet)["1.1"] == SET_1_CHOICES[0]["1.1"]


def test_an_opinion_survives_a_submission_that_does_not_arrive(arrive: Arrive, member: User, sheet: Sheet):
    person = sit_down(arrive, member, sheet)
    person.foresees(*NETWORK, "htmx:afterRequest", "htmx:sendError")
    page = person.page
    fill(sheet, SET_1_CHOICES[0])
    submission = f"/danh-gia/phieu/{sheet.pk}/nop/"
    page.goto(submission)
    page.route("**/y-kien/", lambda route: route.abort())
    page.route(
        f"**{submission}",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("#opinion", "Rau sạch, bao bì đẹp.")
    expect(page.locator("[data-saved-word]")).to_contain_text("Chưa lưu được")
    person.press("Nộp phiếu")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/nop/")):
        person.agree("Nộp phiếu")
    page.unroute_all()
    page.goto(submission)
    expect(page.locator("#opinion")).to_have_value("Rau sạch, bao bì đẹp.")
    person.sees_saved()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.opinion) == (SheetState.DRAFT, "Rau sạch, bao bì đẹp.")
    person.press("Nộp phiếu")
    person.agree("Nộp phiếu")
    person.sees("Phiếu của tôi", "Đã nộp")
    # Once it is there the device keeps no copy.
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('ocop.opinion'))") == []

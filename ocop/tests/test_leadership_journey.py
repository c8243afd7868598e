"""Leadership at the desk: the one page, a commune, the lists behind figures, a frozen day, and on paper."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.enums import Role
from accounts.tests.factories import PASSWORD, make_commune, make_province, make_user
from ocop.tests.browser import Arrive, arrive_fixture, browser_fixture  # noqa: F401
from training import services
from training.tests import factories
from training.tests.factories import BINH, make_plan, make_target, writer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_from_the_board_to_lists_a_commune_a_frozen_day_and_paper(arrive: Arrive) -> None:
    leader = make_user("lanh-dao", Role.LEADERSHIP, make_province(), full_name="Lãnh Đạo Thử")
    binh = make_commune(*BINH)
    factories.small_province()
    services.sync_indicators()
    plan = make_plan(title="Kế hoạch thử năm 2026")
    recognised = make_target(plan, "products_recognised", 4)
    make_target(plan, "products_recognised", 2, unit=binh)
    sold = make_target(plan, value=5, code="diem-ban")
    services.record_actual(
        target=sold, value=Decimal(2), as_of=date(2026, 8, 1), source="Báo cáo", by=writer()
    )
    services.add_task(
        plan=plan, by=writer(), title="Việc đã trễ", lead_unit="Sở Thử", due_on=date(2026, 9, 1)
    )
    frozen = services.freeze_figures(plan=plan, kind="quarter", year=2026, number=3, by=writer())
    services.decide_figures(figure_set=frozen, approve=True, by=leader)

    desk = arrive(leader)
    board = reverse("reports:dashboard")
    desk.page.goto(board)
    desk.sees("Bảng điều hành", "Kế hoạch thử năm 2026", "Việc đã trễ", picture="leadership-board")
    card = desk.page.locator(".target-card", has_text="Sản phẩm được công nhận")
    expect(card.locator(".card-number")).to_have_text("3 / 4")

    # The figure is the length of the list behind it.
    card.locator(".card-number a").click()
    desk.sees("Sản phẩm được công nhận", "3 dòng")
    expect(desk.page.locator("main tbody tr")).to_have_count(3)

    # A step of the road opens the dossiers that stand there.
    desk.page.goto(board)
    desk.follow("Trả lại để bổ sung")
    desk.sees("Hồ sơ", "Chè xanh")
    expect(desk.page.locator("main tbody tr")).to_have_count(1)

    # One commune: what it was given, and what it put into the province's figure.
    desk.page.goto(board)
    desk.page.select_option("select[name=commune]", label="Xã Cẩm Bình")
    desk.press("Xem", desk.page.locator(".board-filters"))
    desk.sees("Bảng điều hành", "Xã Cẩm Bình")
    desk.take_picture("leadership-commune")
    expect(desk.page.locator(".target-card", has_text="Sản phẩm được công nhận").first).to_contain_text(
        "2 / 2"
    )

    # As of a frozen day the figures stand as they were approved, whatever is recorded later.
    later = factories.make_product("Mật ong")
    factories.recognise(later, date(2026, 9, 1))
    desk.page.goto(reverse("training:plan", args=[plan.code]))
    desk.page.fill("#chot", "30/09/2026")
    desk.press("Xem")
    desk.sees("Quý 3/2026, bản 1", "Trang này giữ nguyên số đã chốt")
    desk.take_picture("leadership-frozen")
    row = desk.page.locator("table.targets tr", has_text=recognised.indicator.name).first
    expect(row.locator("[data-label='Lũy kế']")).to_have_text("2")

    desk.page.goto(board)
    expect(card.locator(".card-number")).to_have_text("4 / 4")
    paper = PdfReader(BytesIO(desk.page.pdf(format="A4", landscape=True)))
    words = " ".join(page.extract_text() for page in paper.pages)
    assert "Kế hoạch thử năm 2026" in words and "Việc đã trễ" in words
    assert "Việc của tôi" not in words  # the frame stays on the screen
    assert len(paper.pages) <= 2


def test_screen_of_the_meeting_room_says_what_it_lost_and_comes_back(arrive: Arrive) -> None:
    """The network goes and returns; the session ends and is begun again; Escape leaves."""
    leader = make_user("lanh-dao", Role.LEADERSHIP, make_province())
    make_target(make_plan(), value=5, code="diem-ban")
    hall = arrive(leader)
    hall.page.goto(reverse("reports:screen"))
    state, data = hall.page.locator("[data-state]"), hall.page.locator("#screen-data")
    hall.context.set_offline(True)
    expect(state).to_contain_text("Mất kết nối, số liệu lúc")
    expect(data).to_contain_text("Chỉ tiêu diem-ban")
    hall.context.set_offline(False)
    expect(state).to_be_empty()

    hall.context.clear_cookies()
    hall.page.evaluate("htmx.trigger('#screen-data', 'refresh')")
    expect(state).to_contain_text("Phiên đăng nhập đã hết, số liệu lúc")
    # The sign-in page does not take the place of the figures.
    expect(data).to_contain_text("Chỉ tiêu diem-ban")
    hall.follow("Đăng nhập lại", within=state)
    hall.page.fill("#id_username", leader.username)
    hall.page.fill("#id_password", PASSWORD)
    hall.press("Đăng nhập")
    expect(data).to_contain_text("Chỉ tiêu diem-ban")
    hall.page.keyboard.press("Escape")
    hall.sees("Bảng điều hành")

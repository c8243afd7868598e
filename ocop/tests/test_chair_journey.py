"""The chair at a session of nine: the board without scores, scoring again, discussion, the closed result.

The members' own scoring goes through the services; the office closes from its own screen.
"""

import re

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from evaluation.enums import SeatRole
from evaluation.models import AgendaItem, ReScoring, Result
from evaluation.queries.scoring_sets import scoring_set
from evaluation.services.sessions import close_session
from evaluation.tests.factories import (
    SET_1_CHOICES,
    accepted_dossier,
    make_council,
    open_session_with,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import best_choices
from ocop.tests.browser import Arrive, Person, arrive_fixture, browser_fixture  # noqa: F401
from products.tests.factories import provincial_officer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]

PRODUCT = "Bưởi Phúc Trạch vườn đồi trồng theo hướng hữu cơ"
PEOPLE = (
    ("chu-toa", SeatRole.CHAIR, "Nguyễn Hoàng Phương Khánh Linh"),
    ("thu-ky", SeatRole.SECRETARY, "Trần Thị Hồng Nhung"),
    ("uv-1", SeatRole.MEMBER, "Tôn Nữ Thị Ngọc Huyền Trân"),
    ("uv-2", SeatRole.MEMBER, "Lê Văn An"),
    ("uv-3", SeatRole.MEMBER, "Đặng Nguyễn Quỳnh Như Ý"),
    ("uv-4", SeatRole.MEMBER, "Phạm Trường Giang"),
    ("uv-5", SeatRole.MEMBER, "Võ Nguyễn Thiên Ân"),
    ("uv-6", SeatRole.MEMBER, "Hà Bích"),
    ("uv-7", SeatRole.EXPERT, "Nguyễn Trần Trung Quân"),
)
NAMES = {username: name for username, _, name in PEOPLE}
# Patience for a board that asks every ten seconds.
BOARD_MS = 25_000


def high() -> dict[str, int]:
    """Everything at its best: 100 points, far from the others' 70 to 73."""
    return best_choices(scoring_set_1())


def low() -> dict[str, int]:
    """The first level everywhere: far below the others."""
    return {leaf.code: 1 for leaf in scoring_set_1().leaves}


def scoring_set_1():
    return scoring_set(AgendaItem.objects.values_list("criteria_set", flat=True).first())


@pytest.fixture
def item():
    """A dossier scored by everybody but the chair and the last member; two of the sheets stand far apart."""
    for username, _, name in PEOPLE:
        make_user(username, Role.COUNCIL_MEMBER, make_province(), full_name=name)
    council = make_council(tuple((username, role) for username, role, _ in PEOPLE))
    found = open_session_with(accepted_dossier(PRODUCT), council=council).items.get()
    for place, (username, *_) in enumerate(PEOPLE[1:8]):
        view = {"uv-1": high(), "uv-2": low()}.get(username, SET_1_CHOICES[place % 3])
        submit(sheet_of(found, username), view)
    return found


def test_the_chair_follows_the_board_asks_to_score_again_and_reads_the_result(arrive: Arrive, item):
    chair = arrive(sheet_of(item, "chu-toa").seat.user, screen="tablet")
    officer = arrive(provincial_officer())
    follow_the_board(chair, item)
    refused_while_apart(officer, item)
    ask_to_score_again(chair, officer, item)
    discuss(chair, item)
    close_the_result(officer, item)
    read_the_result(chair, item)
    read_on_a_phone(arrive(sheet_of(item, "thu-ky").seat.user, screen="phone"), item)


def follow_the_board(chair: Person, item: AgendaItem) -> None:
    """Who has submitted, and no points; what comes in meanwhile shows by itself."""
    chair.page.goto(f"/danh-gia/phien-hop/{item.session_id}/")
    chair.sees("Phiên 1", "Tình hình nộp phiếu", "7/9", picture="bang-nop-phieu")
    row = chair.page.locator("#session-board tbody tr")
    expect(row.locator(".board-cell", has_text="Chưa nộp")).to_have_count(2)
    submit(sheet_of(item, "uv-7"), SET_1_CHOICES[0])
    expect(row.locator(".board-cell", has_text="Chưa nộp")).to_have_count(1, timeout=BOARD_MS)
    chair.page.goto(f"/danh-gia/ket-qua/{item.pk}/")
    chair.sees(PRODUCT, "Điểm của từng người chỉ hiện sau khi đóng kết quả.", "8/9 phiếu đã nộp")
    # The chair still scores: not even that two others are far apart is said.
    expect(chair.page.locator("main")).not_to_contain_text("Các phiếu liên quan")
    submit(sheet_of(item, "chu-toa"), SET_1_CHOICES[1])
    expect(chair.page.locator("main")).to_contain_text("Các phiếu liên quan", timeout=BOARD_MS)
    for total in ("100", "73", "71"):
        expect(chair.page.locator("main")).not_to_contain_text(total)
    chair.sees(PRODUCT, "Cần thảo luận hoặc chấm lại", NAMES["uv-2"], picture="ho-so-truoc-khi-dong")


def refused_while_apart(officer: Person, item: AgendaItem) -> None:
    press_close(officer, item)
    officer.sees(PRODUCT, "Chênh lệch giữa hai phiếu vượt giới hạn 10 điểm của quy chế")
    assert not Result.objects.exists()


def press_close(officer: Person, item: AgendaItem) -> None:
    officer.page.goto(f"/danh-gia/ket-qua/{item.pk}/")
    officer.press("Đóng kết quả")
    with officer.page.expect_navigation():
        officer.agree("Đóng kết quả")


def ask_to_score_again(chair: Person, officer: Person, item: AgendaItem) -> None:
    row = chair.page.locator("#item-board tr", has_text=NAMES["uv-2"])
    row.get_by_role("link", name="Yêu cầu chấm lại").click()
    chair.sees("Yêu cầu chấm lại", NAMES["uv-2"], picture="yeu-cau-cham-lai")
    chair.fill(reason="Phiếu chọn mức đầu ở mọi tiêu chí; đề nghị xem lại minh chứng.")
    chair.press("Gửi yêu cầu")
    chair.sees(PRODUCT, f"Đã yêu cầu {NAMES['uv-2']} chấm lại.", "Đang chấm lại", "Rút yêu cầu")
    press_close(officer, item)
    officer.sees(PRODUCT, f"Đang chờ chấm lại: {NAMES['uv-2']}")
    submit(ReScoring.objects.get().new_sheet, SET_1_CHOICES[2])


def discuss(chair: Person, item: AgendaItem) -> None:
    """The other far sheet is talked over; the words go into the minutes."""
    chair.page.reload()
    chair.sees(PRODUCT, "Cần thảo luận hoặc chấm lại")
    expect(chair.page.locator("#item-board .notice.is-warning")).to_contain_text(NAMES["uv-1"])
    chair.follow("Ghi thảo luận")
    chair.sees("Ghi nội dung thảo luận")
    chair.fill(text="Đã xem lại hợp đồng và giấy chứng nhận; hai thành viên giữ mức đã chấm.")
    chair.press("Ghi vào biên bản")
    chair.sees(PRODUCT, "Đã ghi nội dung thảo luận.")
    expect(chair.page.locator("main")).not_to_contain_text("Các phiếu liên quan")
    chair.follow("Ghi ý kiến bảo lưu")
    chair.sees("Ghi ý kiến bảo lưu")
    chair.page.get_by_label("Thành viên").select_option(label=f"{NAMES['uv-6']} (Ủy viên)")
    chair.fill(text="Đề nghị khảo sát lại vùng trồng trước khi công nhận.")
    chair.press("Ghi vào biên bản")
    chair.sees(PRODUCT, "Đã ghi ý kiến bảo lưu.", picture="ho-so-da-thao-luan")


def close_the_result(officer: Person, item: AgendaItem) -> None:
    press_close(officer, item)
    officer.sees(PRODUCT, "Đã đóng kết quả trên 9 phiếu.", picture="ket-qua-chin-nguoi")


def read_the_result(chair: Person, item: AgendaItem) -> None:
    """The board's page says by itself that the result is there; then everything is read."""
    expect(chair.page.locator("#item-board")).to_contain_text("Kết quả đã được đóng", timeout=BOARD_MS)
    chair.follow("Xem kết quả")
    # 100, seven of 70 to 73, and the sheet scored again with 71.
    chair.sees(PRODUCT, "Độ lệch chuẩn", "Chấm lại", "bảo lưu", picture="ket-qua-chin-nguoi")
    chair.page.get_by_role("link", name="lần 2: 71 điểm").click()
    chair.sees("Các lần chấm", NAMES["uv-2"], "đề nghị xem lại minh chứng", picture="cac-lan-cham")
    close_session(session=item.session, by=provincial_officer())
    chair.page.goto(f"/danh-gia/phien-hop/{item.session_id}/")
    chair.sees("Phiên 1", "Cách chấm của các thành viên", "cao hơn Hội đồng", picture="cach-cham")


def read_on_a_phone(secretary: Person, item: AgendaItem) -> None:
    secretary.page.goto(f"/danh-gia/ket-qua/{item.pk}/")
    secretary.sees(PRODUCT, "Độ lệch chuẩn", picture="ket-qua-chin-nguoi")
    # Nine members are wider than a phone: the table says so until its end is reached.
    table = secretary.page.get_by_role("region", name="Điểm theo tiêu chí và thành viên")
    expect(table.locator(".wide-hint")).to_be_visible()
    expect(table).to_have_class(re.compile("has-more"))
    table.evaluate("area => area.scrollTo(area.scrollWidth, 0)")
    expect(table).not_to_have_class(re.compile("has-more"))
    secretary.page.goto(f"/danh-gia/phien-hop/{item.session_id}/")
    secretary.sees("Phiên 1", "Cách chấm của các thành viên", picture="cach-cham")

"""The secretary's morning in a real browser: the roll, a conflict of interest, the order, a pause."""

import pytest
from playwright.sync_api import expect

from core.models import AuditEntry
from evaluation.enums import AttendanceState, RecusalGround
from evaluation.models import Attendance, Recusal
from evaluation.tests.factories import accepted_dossier, make_council, member, open_session_with
from ocop.tests.browser import arrive_fixture, browser_fixture  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]


def test_the_secretary_runs_the_table(arrive):
    council = make_council()
    names = ("Rau thơm Cẩm Bình", "Cam Khe Mây", "Mật ong Vũ Quang")
    session = open_session_with(*(accepted_dossier(name) for name in names), council=council)
    first = session.items.get(position=1)
    secretary = arrive(member("thu.ky"), screen="tablet")
    page = secretary.page
    page.goto(f"/danh-gia/phien-hop/{session.pk}/")

    # The roll: each mark is kept as soon as it is made.
    secretary.follow("Điểm danh")
    secretary.sees("Điểm danh")
    for place, label in enumerate(("Có mặt", "Dự trực tuyến", "Vắng có lý do")):
        page.locator(".roll-line").nth(place).get_by_label(label, exact=True).check()
    expect(page.locator("#numbers")).to_contain_text("2 / 3")
    secretary.sees_saved()
    secretary.sees("Điểm danh", picture="diem-danh")
    states = set(Attendance.objects.values_list("state", flat=True))
    assert states == {AttendanceState.PRESENT, AttendanceState.ONLINE, AttendanceState.EXCUSED}

    # The order of the dossiers.
    secretary.follow(session.name)
    page.locator("tr", has_text="Rau thơm Cẩm Bình").get_by_role("button", name="Xuống").click()
    secretary.sees(session.name, "1. Cam Khe Mây", "2. Rau thơm Cẩm Bình", picture="phien-hop-thu-ky")

    # A member's conflict of interest, recorded for the council.
    page.goto(f"/danh-gia/ket-qua/{first.pk}/")
    secretary.follow("Ghi thành viên không chấm…")
    secretary.sees("Khai báo xung đột lợi ích", picture="xung-dot")
    page.select_option("#id_seat", label="Uy Vien - Ủy viên")
    page.get_by_label("Là người đại diện hoặc làm việc cho chủ thể").check()
    secretary.fill(reason="Góp vốn vào hợp tác xã.")
    secretary.press("Ghi không chấm hồ sơ này")
    secretary.sees("Rau thơm Cẩm Bình", "Góp vốn vào hợp tác xã.", picture="ho-so-trong-phien")
    assert Recusal.objects.get().ground == RecusalGround.REPRESENTATIVE

    # A pause with its reason, and on again.
    page.goto(f"/danh-gia/phien-hop/{session.pk}/")
    secretary.press("Việc khác")
    secretary.follow("Tạm dừng phiên…")
    secretary.fill(reason="Nghỉ giải lao.")
    secretary.press("Tạm dừng")
    secretary.sees(session.name, "Phiên họp đang tạm dừng", "Nghỉ giải lao.")
    secretary.press("Tiếp tục phiên")
    secretary.agree("Tiếp tục phiên")
    # The dossiers say "Đang chấm điểm" during the pause too.
    expect(page.get_by_text("Phiên họp đang tạm dừng")).to_have_count(0)
    secretary.sees(session.name, "Đang chấm điểm")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {
        "session.attendance",
        "session.reorder",
        "item.recuse",
        "session.pause",
        "session.resume",
    } <= verbs

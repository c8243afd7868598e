"""A class on its day: trainees sign in by phone, the trainer confirms and keeps the grid at the desk."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from ocop.tests.browser import PATIENCE_MS, Arrive, arrive_fixture, browser_fixture  # noqa: F401
from training import services, sign_in
from training.models import HalfDay, Presence
from training.tests.factories import BINH, make_class, make_person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_sign_in_by_phone_and_the_grid_at_the_desk(arrive: Arrive) -> None:
    officer = make_user("can-bo", Role.PROVINCIAL_OFFICER, make_province(), full_name="Cán Bộ Thử")
    account = make_user("xa", Role.COMMUNE_OFFICER, make_commune(*BINH), full_name="Phan Có Tài Khoản")
    held = make_class(timezone.localdate(), title="Lớp thử điểm danh")
    # All day long, whatever hour the test runs; and one of the morning before, marked at the desk.
    half = HalfDay.objects.create(
        training_class=held, day=held.starts_on, part="pm", starts_at=time(0, 0), ends_at=time(23, 59)
    )
    HalfDay.objects.create(
        training_class=held, day=held.starts_on, part="am", starts_at=time(0, 0), ends_at=time(23, 58)
    )
    people = [
        make_person("Bùi Thị Không Tài Khoản"),
        make_person("Phan Có Tài Khoản", user=account),
        make_person("Vũ Văn Vắng"),
    ]
    services.enrol(training_class=held, persons=people, by=None)

    # Without an account: the full name is typed, oneself is chosen, the trainer has the last word.
    phone = arrive(screen="phone")
    phone.page.goto(reverse("training:sign_in", args=[sign_in.code_of(half.pk)]))
    phone.sees("Điểm danh chiều", "Lớp thử điểm danh", picture="class-sign-in")
    phone.page.fill("#name", "bui thi khong tai khoan")
    phone.press("Tiếp tục")
    phone.sees("Điểm danh chiều", "Chọn đúng mình")
    phone.page.get_by_role("button", name="Bùi Thị Không Tài Khoản").click()
    phone.sees("Chờ xác nhận", "Không cần quét lại", picture="class-signed-in")

    # With one: a single press.
    other = arrive(account, screen="phone")
    other.page.goto(reverse("training:sign_in", args=[sign_in.code_of(half.pk)]))
    other.press("Phan Có Tài Khoản: tôi có mặt")
    other.sees("Đã điểm danh")

    desk = arrive(officer)
    desk.page.goto(reverse("training:qr", args=[held.pk, half.pk]))
    desk.sees("Điểm danh chiều", "2 người đã điểm danh", picture="class-qr")
    desk.follow("Xác nhận người điểm danh bằng tên")
    desk.sees("Điểm danh chờ xác nhận", "Bùi Thị Không Tài Khoản")
    desk.press("Xác nhận có mặt")
    desk.sees("Điểm danh chờ xác nhận", "Không có lượt nào chờ")
    desk.follow("Về trang lớp")
    desk.sees("Lớp thử điểm danh", "3 người ghi danh", picture="class-grid")

    # By keys alone: down the column of the morning, Enter ticks and goes on.
    first = desk.page.get_by_label("Bùi Thị Không Tài Khoản, Sáng")
    first.focus()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Space")
    expect(desk.page.get_by_label("Phan Có Tài Khoản, Sáng")).to_be_checked()
    desk.sees_saved()
    expect(desk.page.locator("#grid-counts")).to_contain_text("2 người dự đủ", timeout=PATIENCE_MS)
    desk.page.locator("th.half-head", has_text="Sáng").get_by_role("button", name="Cả lớp").click()
    desk.agree("Ghi cả lớp")
    expect(desk.page.get_by_label("Vũ Văn Vắng, Sáng")).to_be_checked()
    desk.page.reload()
    desk.sees("Lớp thử điểm danh", "2 người dự đủ")
    there = Presence.objects.values_list("enrolment__person__name", "half_day__part", "source")
    assert sorted(there) == [
        ("Bùi Thị Không Tài Khoản", "am", "hand"),
        ("Bùi Thị Không Tài Khoản", "pm", "name"),
        ("Phan Có Tài Khoản", "am", "hand"),
        ("Phan Có Tài Khoản", "pm", "account"),
        ("Vũ Văn Vắng", "am", "hand"),
    ]

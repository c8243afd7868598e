"""The allocation grid at the desk: a block from Excel, a sum that differs, two officers at one cell."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from ocop.tests.browser import Arrive, arrive_fixture, browser_fixture  # noqa: F401
from training import services
from training.grid import Entry, cell_name
from training.models import Target
from training.tests.factories import BINH, XUYEN, make_plan, make_target

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_a_block_from_excel_is_added_up_and_one_cell_is_not_overwritten(arrive: Arrive) -> None:
    officer = make_user("can-bo", Role.PROVINCIAL_OFFICER, make_province(), full_name="Cán Bộ Thử")
    binh, xuyen = make_commune(*BINH), make_commune(*XUYEN)
    plan = make_plan()
    joined, founded = make_target(plan, value=8, code="tham-gia"), make_target(plan, value=3, code="moi")

    desk = arrive(officer)
    desk.page.goto(reverse("training:grid", args=[plan.code]))
    desk.page.locator(f"[name='{cell_name(joined.pk, binh.pk)}']").evaluate(PASTE, "6\t4\r\n1\t2\r\n")
    rows = desk.page.locator("[data-grid-row]")
    expect(rows.nth(0)).to_contain_text("cao hơn 2 so với chỉ tiêu tỉnh")
    expect(rows.nth(1)).to_contain_text("khớp chỉ tiêu tỉnh")
    desk.sees("Bảng phân bổ chỉ tiêu", picture="plan-grid")

    # A colleague saves one of these cells first: both versions are shown, the other cells go along.
    clash = cell_name(joined.pk, binh.pk)
    services.save_grid(plan=plan, entries={clash: Entry("", "5")}, by=None)
    desk.foresees("409")
    desk.press("Lưu bảng")
    desk.sees("Nội dung vừa được người khác thay đổi", "Xã Cẩm Bình")
    assert desk.page.locator(f"#mine-{clash}").input_value() == "6"
    assert desk.page.locator(f"#theirs-{clash}").input_value() == "5"
    desk.page.fill(f"#mine-{clash}", "3")
    desk.press("Lưu bản của tôi")
    desk.sees("Bảng phân bổ chỉ tiêu", "Đã lưu 4 ô", "thấp hơn 1 so với chỉ tiêu tỉnh")
    given = Target.objects.exclude(unit=None).values_list("indicator", "unit", "value")
    assert set(given) == {
        (joined.indicator_id, binh.pk, Decimal(3)),
        (joined.indicator_id, xuyen.pk, Decimal(4)),
        (founded.indicator_id, binh.pk, Decimal(1)),
        (founded.indicator_id, xuyen.pk, Decimal(2)),
    }

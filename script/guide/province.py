"""The provincial office."""

import io
from collections.abc import Callable

from openpyxl import Workbook
from playwright.sync_api import Page

from guide.council import FIVE_STARS, SESSION, held, resulted
from guide.ways import XLSX, Picture, at, found, last_row, press, pressing, seen, then, upload

ACCEPTED = "Bộ giỏ tre đan Xóm Mẫu"
RECOGNISED = "Chè xanh sao suốt Ví Dụ"


def typing(text: str) -> Callable[[Page], None]:
    """Type into the search box of the frame and wait for what it offers."""

    def go(page: Page) -> None:
        page.goto("/")
        box = page.locator("input[name=q]:visible").first
        if not box.count():
            page.get_by_role("link", name="Tìm kiếm").first.click()
            box = page.locator("input[name=q]:visible").first
        box.press_sequentially(text, delay=30)
        page.wait_for_timeout(1200)

    return go


def imported(page: Page) -> None:
    """The check of a workbook with good and bad rows, uploaded when it is not there yet."""
    page.goto("/nhap-du-lieu/")
    known = page.get_by_role("link", name="danh-sach-2024.xlsx")
    if known.count():
        known.first.click()
        return
    page.set_input_files("#id_file", upload("danh-sach-2024.xlsx", XLSX, workbook()))
    press(page, "Tải lên và kiểm tra")
    page.get_by_text("Dòng trong tệp", exact=True).wait_for(timeout=60_000)


def workbook() -> bytes:
    """A list as offices keep it: old communes with their districts, and some mistakes."""
    book = Workbook()
    sheet = book.active
    sheet.append(
        [
            "Tên sản phẩm",
            "Tên chủ thể",
            "Xã/phường",
            "Huyện (cũ)",
            "Hạng sao",
            "Số quyết định",
            "Ngày quyết định",
        ]
    )
    for row in (
        (
            "Mật ong hoa keo Ví Dụ",
            "HTX Nhung hươu Ví Dụ Hương Sơn",
            "Xã Hương Sơn",
            "",
            3,
            "12/QĐ-MH",
            "15/06/2024",
        ),
        (
            "Bánh đa vừng Ví Dụ",
            "Hộ Bánh đa Ví Dụ",
            "Phường Đại Nài",
            "TP Hà Tĩnh",
            3,
            "12/QĐ-MH",
            "15/06/2024",
        ),
        ("Nước mắm Mẫu", "HTX Nước mắm Mẫu", "Cẩm Nhượng", "Cẩm Xuyên", "4 sao", "12/QĐ-MH", "2024"),
        ("Cam giòn Ví Dụ", "HTX Cam Ví Dụ Vũ Quang", "Xã Vũ Quang", "", 6, "12/QĐ-MH", "15/06/2024"),
        ("Chè búp Mẫu", "Tổ hợp tác Chè Mẫu", "Xã Không Có", "", 3, "12/QĐ-MH", "31/02/2024"),
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns_open(page: Page) -> None:
    page.goto("/san-pham/")
    page.locator("main summary, main button").filter(has_text="Cột").first.click()


def reported_sum(page: Page) -> None:
    """A figure of the province that the communes have reported on."""
    page.goto("/ke-hoach/ht-2026/")
    page.locator("tr", has_text="Điểm giới thiệu").get_by_role("link", name="các xã đã báo").first.click()
    seen("#cac-xa")(page)


PROVINCE = "vanphong"
PICTURES = (
    Picture("tinh-viec-cua-toi", PROVINCE, at("/")),
    Picture("tinh-tiep-nhan", PROVINCE, at("/danh-gia/tiep-nhan/")),
    Picture("tinh-dot", PROVINCE, then(at("/danh-gia/dot/"), pressing("Đợt 2 năm"))),
    Picture("tinh-to-tu-van", PROVINCE, found("ho-so", ACCEPTED, "Đợt đánh giá, Tổ tư vấn")),
    Picture("tinh-tien-trinh", PROVINCE, at("/ho-so/tien-trinh/")),
    Picture("tinh-nhap-du-lieu", PROVINCE, imported),
    Picture("tinh-chu-the-trung", PROVINCE, at("/chu-the/co-the-trung/")),
    Picture("tinh-cong-nhan", PROVINCE, found("san-pham", RECOGNISED, "Ghi kết quả trước đây")),
    Picture("tinh-san-pham", PROVINCE, columns_open),
    Picture("tinh-tim", PROVINCE, typing("banh da")),
    Picture("tinh-phien-hop", PROVINCE, held(SESSION)),
    Picture("tinh-to-trinh", PROVINCE, then(at("/danh-gia/to-trinh/"), last_row)),
    Picture("tinh-trinh-bo", PROVINCE, resulted(FIVE_STARS, "Hồ sơ trình Bộ")),
    Picture("tinh-phan-bo", PROVINCE, at("/ke-hoach/ht-2026/phan-bo/")),
    Picture("tinh-xa-bao", PROVINCE, reported_sum),
    Picture("tinh-danh-muc", PROVINCE, at("/danh-gia/danh-muc/")),
)

"""Training: the provincial officer who keeps the register and holds the classes."""

import io

from openpyxl import Workbook
from playwright.sync_api import Page

from guide.province import PROVINCE
from guide.ways import XLSX, Picture, Way, at, press, pressing, seen, then, upload

PLANNED = "Tập huấn bán hàng trực tuyến cho chủ thể OCOP"
HELD, TESTED = "cho cán bộ cấp xã, lớp 1", "Tập huấn chấm điểm cho Hội đồng và Tổ tư vấn"


def held_class(title: str, *links: str) -> Way:
    """The page of a class, then on by links or buttons."""
    return then(at("/ke-hoach/tap-huan/"), pressing(title), *(pressing(link) for link in links))


def register_checked(page: Page) -> None:
    """A register uploaded for checking, with good rows and mistakes, when it is not there yet; nothing is
    written.
    """
    page.goto("/ke-hoach/danh-sach/nhap/")
    known = page.get_by_role("link", name="danh-sach.xlsx")
    if known.count():
        known.first.click()
        return
    page.set_input_files("#id_file", upload("danh-sach.xlsx", XLSX, register()))
    press(page, "Tải lên và kiểm tra")
    page.get_by_role("button", name="dòng đúng").wait_for(timeout=60_000)


def register() -> bytes:
    """A list as offices keep it, with a commune that does not exist and a group nobody knows."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Họ và tên", "Nhóm", "Đơn vị", "Chức vụ"])
    for row in (
        ("Nguyễn Văn Ví Dụ", "Cán bộ quản lý OCOP", "Xã Cẩm Duệ", "Phụ trách nông nghiệp"),
        ("Trần Thị Mẫu", "Lãnh đạo chủ thể", "Xã Kỳ Xuân", "Giám đốc hợp tác xã"),
        ("Lê Minh Họa", "Cán bộ quản lý OCOP", "Xã Không Có", "Phó Chủ tịch UBND xã"),
        ("Phan Giả Định", "Khách mời", "Xã Lộc Hà", ""),
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PICTURES = (
    Picture("tap-huan-lop", PROVINCE, at("/ke-hoach/tap-huan/")),
    Picture("tap-huan-danh-sach", PROVINCE, at("/ke-hoach/danh-sach/")),
    Picture("tap-huan-nhap", PROVINCE, register_checked),
    Picture("tap-huan-trang-lop", PROVINCE, held_class(PLANNED)),
    Picture("tap-huan-ghi-danh", PROVINCE, held_class(PLANNED, "Ghi danh")),
    Picture("tap-huan-buoi", PROVINCE, held_class(PLANNED, "Các buổi học")),
    Picture("tap-huan-giay-moi", PROVINCE, held_class(PLANNED, "In giấy mời và danh sách")),
    Picture("tap-huan-ma-qr", PROVINCE, held_class(PLANNED, "Các buổi học", "Mã QR")),
    Picture("tap-huan-diem-danh", PROVINCE, then(held_class(TESTED), seen(".attendance, table"))),
    Picture("tap-huan-giay", PROVINCE, held_class(TESTED, "Xem và in")),
    Picture("tap-huan-hieu-qua", PROVINCE, at("/ke-hoach/tap-huan/hieu-qua/")),
)

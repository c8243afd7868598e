"""The workbook people fill in: head, drop-down lists, an example marked as one, and a sheet that explains."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.models import AdminUnit
from core.unit_matching import former_communes
from products.enums import LegalForm
from products.imports.columns import BY_KEY, COLUMNS
from products.models import ProductSet

SHEET, HELP, LISTS = "Sản phẩm", "Hướng dẫn", "Danh mục"
LAST_ROW = 5000
# Drop-down lists offer, and do not insist: the import understands other spellings too.
LISTED = ("legal_form", "family", "product_set", "star", "commune", "district")
LEAF, LEAF_TINT, CLAY = "1E6B45", "E7F0E9", "B4472B"
EXAMPLE = {
    "product": "(Ví dụ) Bánh đa vừng",
    "entity": "Hợp tác xã Bánh đa Bình Minh",
    "legal_form": LegalForm.COOPERATIVE.label,
    "address": "Thôn Bình Minh",
    "star": 3,
    "decision_number": "2310/QĐ-UBND",
    "decided_on": "25/12/2023",
    "note": "Dòng ví dụ, không được nhập; có thể xóa.",
}
STEPS = (
    "Điền vào trang “Sản phẩm”, mỗi sản phẩm của mỗi lần công nhận một dòng. Sản phẩm được công nhận nhiều "
    "lần thì ghi nhiều dòng.",
    "Cột có dấu * là bắt buộc. Xã/phường và Địa chỉ: cần ít nhất một trong hai.",
    "Không đổi tên cột. Được đổi thứ tự cột, thêm cột khác (hệ thống bỏ qua) và thêm dòng tiêu đề phía trên.",
    "Xã cũ (trước 01/7/2025): ghi tên xã cũ và huyện cũ, hệ thống tự tìm xã, phường hiện nay. Xã cũ chia "
    "cho nhiều xã mới thì hệ thống hỏi khi kiểm tra.",
    "Chữ phải là Unicode. Tệp gõ bằng TCVN3 (ABC) hoặc VNI: chuyển mã bằng Unikey (Ctrl+Shift+F6) trước.",
    "Lưu dạng .xlsx, không đặt mật khẩu, nhiều nhất 50.000 dòng và 20 MB.",
    "Tải tệp lên ở trang “Nhập dữ liệu”. Hệ thống kiểm tra và chỉ ra mọi lỗi trước; chưa ghi gì cho đến khi "
    "bạn xác nhận. Nhập lại cùng một tệp không tạo thêm gì.",
)


def build(province: AdminUnit) -> bytes:
    """The template for a province, as the bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    _head(sheet)
    _example(sheet, province)
    _explain(book.create_sheet(HELP))
    _drop_downs(sheet, _lists(book.create_sheet(LISTS), province))
    book.active = 0
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def heading(key: str) -> str:
    column = BY_KEY[key]
    return f"{column.title} *" if column.required else column.title


def _head(sheet: Worksheet) -> None:
    line = Side(style="thin", color="C6CBC0")
    for place, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, place, heading(column.key))
        cell.font = Font(bold=True, color="FFFFFF" if column.required else LEAF)
        cell.fill = PatternFill("solid", fgColor=LEAF if column.required else LEAF_TINT)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.border = Border(bottom=line, right=line)
        cell.comment = Comment(column.help, "OCOP", width=260, height=90)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        # Codes and dates stay as typed: Excel must not drop zeros or turn days into months.
        if column.key in ("code", "tax_code", "decided_on", "expires_on", "decision_number"):
            sheet.column_dimensions[letter].number_format = "@"
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}1"


def _example(sheet: Worksheet, province: AdminUnit) -> None:
    commune = province.children.filter(valid_to=None).order_by("sort_name").first()
    sets = ProductSet.objects.filter(number=6).first()
    values: dict[str, Any] = {
        **EXAMPLE,
        "commune": commune.name if commune else "",
        "family": sets.family if sets else "",
        "product_set": str(sets) if sets else "",
        "decided_by": f"Ủy ban nhân dân {province.name[:1].lower()}{province.name[1:]}",
    }
    for place, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(2, place, values.get(column.key, ""))
        cell.font = Font(italic=True, color="7A857E")


def _explain(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 96
    sheet["A1"] = "Cách điền tệp này"
    sheet["A1"].font = Font(bold=True, size=14, color=LEAF)
    for number, text in enumerate(STEPS, start=1):
        sheet.cell(number + 2, 1, f"Bước {number}" if number in (1, 7) else "Lưu ý").font = Font(bold=True)
        sheet.cell(number + 2, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    first = len(STEPS) + 4
    for place, text in enumerate(("Cột", "Ghi gì"), start=1):
        sheet.cell(first, place, text).font = Font(bold=True, color=LEAF)
    for row, column in enumerate(COLUMNS, start=first + 1):
        cell = sheet.cell(row, 1, heading(column.key))
        cell.font = Font(bold=column.required, color=CLAY if column.required else "1F2A24")
        sheet.cell(row, 2, column.help).alignment = Alignment(wrap_text=True)


def _lists(sheet: Worksheet, province: AdminUnit) -> dict[str, str]:
    """Writes the lists into the hidden sheet; the range of each by column key."""
    sheet.sheet_state = "hidden"
    sets = list(ProductSet.objects.order_by("number"))
    communes = province.children.filter(valid_to=None).order_by("sort_name")
    lists: dict[str, list[Any]] = {
        "legal_form": list(LegalForm.labels),
        "family": list(dict.fromkeys(row.family for row in sets)),
        "product_set": [str(row) for row in sets],
        "star": [3, 4, 5],
        "commune": [unit.name for unit in communes],
        "district": sorted({old.district for old in former_communes(province.code)}),
    }
    ranges = {}
    for place, key in enumerate(LISTED, start=1):
        values = lists[key]
        sheet.cell(1, place, BY_KEY[key].title)
        for row, value in enumerate(values, start=2):
            sheet.cell(row, place, value)
        letter = get_column_letter(place)
        if values:
            ranges[key] = f"'{LISTS}'!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _drop_downs(sheet: Worksheet, ranges: dict[str, str]) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        if column.key in ranges:
            choice = DataValidation(type="list", formula1=f"={ranges[column.key]}", allow_blank=True)
            choice.showErrorMessage = False
            letter = get_column_letter(place)
            choice.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(choice)

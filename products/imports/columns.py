"""The columns of the template, in their order, and the other headings people give them."""

import re
from dataclasses import dataclass

from core.text import search_key


@dataclass(frozen=True)
class Column:
    """`also`: other headings, without diacritics. `required`: a row cannot do without it."""

    key: str
    title: str
    width: int
    help: str
    also: tuple[str, ...] = ()
    required: bool = False


COLUMNS = (
    Column(
        "code",
        "Mã sản phẩm",
        20,
        "Mã số sản phẩm nếu đã được cấp, ví dụ 42-18685-01-2024. Để trống nếu chưa có.",
        ("ma so san pham", "ma sp", "ma so sp", "ma san pham ocop", "ma ocop"),
    ),
    Column(
        "product",
        "Tên sản phẩm",
        34,
        "Tên ghi trên giấy chứng nhận hoặc quyết định.",
        ("san pham", "ten sp", "ten san pham ocop", "san pham ocop", "ten san pham duoc cong nhan"),
        True,
    ),
    Column(
        "entity",
        "Tên chủ thể",
        38,
        "Tên hợp tác xã, tổ hợp tác, công ty, hộ… sản xuất sản phẩm.",
        (
            "chu the", "chu the ocop", "ten chu the ocop", "chu the san xuat", "ten chu the san xuat",
            "co so san xuat", "ten co so", "don vi san xuat", "ten don vi",
        ),
        True,
    ),
    Column(
        "legal_form",
        "Loại hình chủ thể",
        24,
        "Chọn trong danh sách. Để trống thì hệ thống đoán theo tên chủ thể và đánh dấu là đoán.",
        ("loai hinh", "hinh thuc to chuc", "loai hinh to chuc", "loai chu the"),
    ),
    Column(
        "tax_code",
        "Mã số thuế",
        17,
        "10, 12 hoặc 13 chữ số. Dùng để nhận ra chủ thể đã có trong hệ thống.",
        ("mst", "ma so thue chu the", "ma so doanh nghiep", "ma so thue dkkd"),
    ),
    Column(
        "commune",
        "Xã/phường",
        26,
        "Tên hoặc mã xã, phường hiện nay; hoặc tên xã cũ kèm huyện cũ. Để trống được nếu địa chỉ ghi rõ xã.",
        (
            "xa", "phuong", "xa phuong", "xa phuong thi tran", "xa phuong dac khu", "ten xa",
            "ten xa phuong", "don vi cap xa", "ma xa", "xa moi", "dia ban",
        ),
    ),
    Column(
        "district",
        "Huyện (cũ)",
        22,
        "Huyện, thị xã, thành phố trước 01/7/2025, nếu tên xã là tên cũ.",
        (
            "huyen", "huyen cu", "quan huyen", "huyen thi xa thanh pho", "huyen thi", "huyen tp",
            "don vi cap huyen",
        ),
    ),
    Column(
        "address",
        "Địa chỉ",
        38,
        "Thôn, tổ dân phố, số nhà, đường.",
        ("dia chi chu the", "dia chi san xuat", "dia chi co so", "tru so", "dia chi lien he"),
    ),
    Column(
        "family",
        "Ngành",
        26,
        "Một trong sáu ngành hàng; chọn trong danh sách.",
        ("nganh hang", "nhom nganh", "nganh san pham", "nhom nganh hang"),
    ),
    Column(
        "product_set",
        "Bộ sản phẩm",
        34,
        "Một trong 26 bộ; chọn trong danh sách. Để trống thì hệ thống đoán theo tên và đánh dấu là đoán.",
        ("bo", "bo so", "bo tieu chi", "phan nhom", "nhom san pham", "bo san pham ocop"),
    ),
    Column(
        "star",
        "Hạng sao",
        11,
        "3, 4 hoặc 5.",
        (
            "sao", "so sao", "xep hang", "hang", "ket qua", "phan hang", "hang san pham", "dat sao",
            "ket qua phan hang", "hang sao ocop",
        ),
        True,
    ),
    Column(
        "decision_number",
        "Số quyết định",
        20,
        "Ví dụ 2310/QĐ-UBND.",
        (
            "so qd", "so quyet dinh cong nhan", "quyet dinh so", "quyet dinh", "quyet dinh cong nhan",
            "qd cong nhan", "so hieu quyet dinh",
        ),
    ),
    Column(
        "decided_on",
        "Ngày quyết định",
        17,
        "Ngày/tháng/năm, ví dụ 25/12/2023; nếu chỉ biết năm thì ghi năm.",
        (
            "ngay qd", "ngay cong nhan", "ngay ky", "nam cong nhan", "nam", "ngay thang quyet dinh",
            "nam quyet dinh", "ngay ban hanh", "thoi gian cong nhan", "ngay thang nam quyet dinh", "nam qd",
            "ngay cap", "nam danh gia",
        ),
        True,
    ),
    Column(
        "decided_by",
        "Cơ quan công nhận",
        28,
        "Ví dụ Ủy ban nhân dân tỉnh Hà Tĩnh.",
        ("co quan quyet dinh", "co quan ban hanh", "co quan cap", "cap cong nhan", "don vi cong nhan"),
    ),
    Column(
        "expires_on",
        "Ngày hết hạn",
        15,
        "Để trống thì hệ thống tính 36 tháng kể từ ngày quyết định.",
        ("ngay het hieu luc", "het han", "thoi han", "hieu luc den", "co gia tri den", "han"),
    ),
    Column("note", "Ghi chú", 30, "Tùy ý.", ("ghi chu khac", "chu thich")),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
# One of these places the row in a commune.
PLACES = ("commune", "address")
_BRACKETS = re.compile(r"\([^)]*\)")


def title(key: str) -> str:
    """The heading of a column as the template writes it; nothing for a remark on the whole row."""
    return BY_KEY[key].title if key in BY_KEY else ""


def heading_key(text: str) -> str:
    """A heading without diacritics, marks and signs: "Tên sản phẩm (*)" gives "ten san pham"."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(text)).split())


_HEADINGS = {
    heading: column.key for column in COLUMNS for heading in (heading_key(column.title), *column.also)
}


def column_of(text: str) -> str | None:
    """The key of the column a heading means; remarks in brackets and "bắt buộc" are passed over."""
    whole = heading_key(text)
    short = heading_key(_BRACKETS.sub(" ", text)).removesuffix(" bat buoc")
    return _HEADINGS.get(whole) or _HEADINGS.get(short)

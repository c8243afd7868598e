"""Cells to values: text, dates, stars, tax codes, legal forms, sets; what is wrong is said by the cell."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.legacy_text import legacy_encoding
from core.text import nfc, search_key
from products.enums import LegalForm
from products.imports import guesses
from products.imports.columns import BY_KEY
from products.imports.findings import Findings
from products.imports.reading import Row
from products.models import ProductSet
from products.validators import normal_tax_code, validate_tax_code

STARS = (3, 4, 5)
FIRST_YEAR = 2008  # the oldest provincial programmes that Đề án 490/2018 grew from
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
EXCEL_DAYS = (36526, 73050)  # 01/01/2000 to 31/12/2099
LONGEST = {
    "code": 30, "product": 300, "entity": 300, "commune": 300, "district": 100, "address": 300,
    "decision_number": 60, "decided_by": 200, "note": 2000,
}  # fmt: skip
NUMBERS = {"ba": 3, "bon": 4, "nam": 5, "mot": 1, "hai": 2}
TAX_FIGURES_LOST = {9: 10, 12: 13}

_DAY = re.compile(r"^(?:ngay\s*)?(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})$")
_DAY_IN_WORDS = re.compile(r"^(?:ngay\s*)?(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?$")
_YEAR = re.compile(r"^(?:nam\s*)?(\d{4})$")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass
class Record:
    """A row as values. `legal_form_guessed`, `set_guessed`: taken from the names, not written."""

    number: int
    code: str = ""
    product: str = ""
    entity: str = ""
    legal_form: str = ""
    legal_form_guessed: bool = False
    tax_code: str = ""
    commune: str = ""
    district: str = ""
    address: str = ""
    product_set: ProductSet | None = None
    set_guessed: bool = False
    star: int = 0
    decision_number: str = ""
    decided_on: dt.date | None = None
    year_only: bool = False
    decided_by: str = ""
    expires_on: dt.date | None = None
    note: str = ""
    findings: Findings = field(default_factory=Findings)

    @property
    def day(self) -> dt.date:
        """The day of the decision of a good row, which always has one."""
        if self.decided_on is None:
            raise ValueError("the row has no day")
        return self.decided_on

    @property
    def chosen_set(self) -> ProductSet:
        """The set of a good row, which always has one."""
        if self.product_set is None:
            raise ValueError("the row has no product set")
        return self.product_set


@dataclass
class Reader:
    """Turns rows into records; holds the 26 sets."""

    sets: list[ProductSet]

    def __post_init__(self) -> None:
        self.by_number = {row.number: row for row in self.sets}
        self.by_name = {_plain(row.name): row for row in self.sets}
        self.families = {_plain(row.family): row.family for row in self.sets}

    def read(self, row: Row) -> Record:
        """The row as values, with everything that is wrong with it."""
        record = Record(row.number)
        say = record.findings
        texts = {key: self._text(row, key, say) for key in row.cells}
        for key in LONGEST:
            setattr(record, key, self._fitting(key, texts.get(key, ""), say))
        record.code = record.code.upper()
        self._require(record, texts, say)
        record.tax_code = tax_code(row.cells.get("tax_code"), texts.get("tax_code", ""), say)
        record.star = star(texts.get("star", ""), say)
        self._dates(record, row, texts, say)
        self._legal_form(record, texts.get("legal_form", ""), say)
        self._product_set(record, texts.get("product_set", ""), texts.get("family", ""), say)
        return record

    def _text(self, row: Row, key: str, say: Findings) -> str:
        if key in row.broken:
            said = row.broken[key]
            say.error(
                key,
                f"Ô báo lỗi {said} của Excel; hãy sửa công thức hoặc gõ giá trị."
                if said
                else "Ô là công thức chưa có kết quả; hãy mở tệp bằng Excel, lưu lại, hoặc dán dạng giá trị.",
            )
            return ""
        text = as_text(row.cells[key])
        if encoding := legacy_encoding(text):
            say.error(
                key,
                f"Chữ gõ bằng bảng mã {encoding}, không phải Unicode. Hãy chuyển mã: mở Unikey, chọn Công cụ "
                "(Ctrl+Shift+F6), nguồn "
                f"{encoding.split()[0]} (nếu là VNI: VNI Windows), đích Unicode, rồi tải tệp lên lại.",
            )
        return text

    def _fitting(self, key: str, text: str, say: Findings) -> str:
        if len(text) > LONGEST[key]:
            say.error(key, f"Dài {len(text)} ký tự, nhiều nhất {LONGEST[key]}.")
            return text[: LONGEST[key]]
        return text

    def _require(self, record: Record, texts: dict[str, str], say: Findings) -> None:
        for key in ("product", "entity"):
            if not getattr(record, key) and not say.has_error(key):
                say.error(key, f"Thiếu {BY_KEY[key].title.lower()}.")
        if not record.commune and not record.address and not say.has_error("commune"):
            key = "commune" if "commune" in texts else "address"
            say.error(key, "Thiếu xã/phường: ghi tên xã, phường hoặc địa chỉ có tên xã, phường.")

    def _dates(self, record: Record, row: Row, texts: dict[str, str], say: Findings) -> None:
        decided = day(row.cells.get("decided_on"), texts.get("decided_on", ""), "decided_on", say)
        if decided:
            record.decided_on, record.year_only = decided
            _check_decided(record, say)
        elif not say.has_error("decided_on"):
            say.error("decided_on", "Thiếu ngày quyết định; nếu không rõ ngày thì ghi năm.")
        expires = day(row.cells.get("expires_on"), texts.get("expires_on", ""), "expires_on", say)
        if expires and expires[1]:
            say.error("expires_on", "Ngày hết hạn cần đủ ngày/tháng/năm; nếu không rõ, để trống.")
        elif expires:
            record.expires_on = expires[0]
            if record.decided_on and not record.year_only and expires[0] <= record.decided_on:
                say.error("expires_on", "Ngày hết hạn phải sau ngày quyết định.")
        elif record.decided_on and not say.has_error("expires_on"):
            say.note("expires_on", "Để trống: hệ thống tính 36 tháng kể từ ngày quyết định.")

    def _legal_form(self, record: Record, text: str, say: Findings) -> None:
        if not text and record.entity:
            record.legal_form, record.legal_form_guessed = guesses.legal_form(record.entity), True
            label = LegalForm(record.legal_form).label
            say.note("legal_form", f"Để trống: đoán theo tên chủ thể là “{label}”.")
        elif text:
            record.legal_form = guesses.written_legal_form(text) or ""
            if not record.legal_form:
                allowed = "; ".join(LegalForm.labels)
                say.error("legal_form", f"Không nhận ra loại hình “{text[:60]}”. Ghi một trong: {allowed}.")

    def _product_set(self, record: Record, text: str, family: str, say: Findings) -> None:
        named = self._family(family)
        if text:
            record.product_set = self._written_set(text)
            if record.product_set is None:
                say.error(
                    "product_set", f"Không có bộ sản phẩm “{text[:60]}”: ghi số từ 1 đến 26 hoặc tên bộ."
                )
        elif family and not named and (guess := self._written_set(family)):
            record.product_set, record.set_guessed = guess, True
        elif record.product:
            number = guesses.product_set(record.product, named.split()[0] if named else "")
            record.product_set, record.set_guessed = self.by_number.get(number), True
            if record.product_set:
                say.note("product_set", f"Để trống: tạm xếp theo tên vào {record.product_set}.")
        self._check_family(record, family, named, say)

    def _check_family(self, record: Record, family: str, named: str, say: Findings) -> None:
        if family and not named and not (record.product_set and record.set_guessed):
            say.warn("family", f"Không nhận ra ngành “{family[:60]}”; lấy theo bộ sản phẩm.")
        elif record.product_set and named and record.product_set.family != named and not record.set_guessed:
            own = record.product_set.family
            say.warn("family", f"{record.product_set} thuộc ngành “{own}”; lấy theo bộ sản phẩm.")

    def _written_set(self, text: str) -> ProductSet | None:
        """ "6", "Bộ 6", "Bộ 6 - Chế biến từ gạo" or the name of the set."""
        key = _plain(text)
        if found := re.match(r"^(?:bo(?: san pham)?(?: so)? )?(\d{1,2})\b", key):
            return self.by_number.get(int(found[1]))
        exact = self.by_name.get(key)
        inside = [row for name, row in self.by_name.items() if len(key) > 3 and (key in name or name in key)]
        return exact or (inside[0] if len(inside) == 1 else None)

    def _family(self, text: str) -> str:
        """The family meant: by its whole name, its numeral, or a part of the name; nothing when unclear."""
        key = _plain(text)
        if not key:
            return ""
        short = {name: name.split(" ", 1)[-1] for name in self.families}
        found = [full for name, full in self.families.items() if key in (name, short[name], name.split()[0])]
        if not found and len(key) > 4:
            found = [full for name, full in self.families.items() if key in name or short[name] in key]
        return found[0] if len(found) == 1 else ""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(text)).split())


def letters(text: str) -> str:
    """Lower case without diacritics, signs kept: of a date and of stars they matter."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()


def as_text(value: Any) -> str:
    """A cell as text in NFC, without signs one cannot see; a whole number without ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e16
        return str(int(value)) if whole else str(Decimal(repr(value)).normalize())
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return nfc(_INVISIBLE.sub("", unicodedata.normalize("NFC", str(value))))


def tax_code(value: Any, text: str, say: Findings) -> str:
    """The tax code in its one form; zeros Excel dropped from the front are put back, with a warning."""
    if not text or say.has_error("tax_code"):
        return ""
    code = normal_tax_code(text.lstrip("'"))
    whole = TAX_FIGURES_LOST.get(len(code)) if code.isdigit() else None
    # A 12-digit text may be a personal number; as a number it has lost the zero of either kind.
    if whole and not _is_tax_code(code):
        padded = normal_tax_code(code.zfill(whole))
        if _is_tax_code(padded):
            say.warn("tax_code", f"Excel đã bỏ số 0 ở đầu mã số thuế; lấy là {padded}.")
            return padded
    if isinstance(value, (int, float)) and len(code) == 11 and _is_tax_code(code.zfill(12)):
        say.warn("tax_code", f"Excel đã bỏ số 0 ở đầu số định danh; lấy là {code.zfill(12)}.")
        return code.zfill(12)
    if not _is_tax_code(code):
        words = f"Mã số thuế “{text[:30]}” không đúng: kiểm tra từng số, hoặc để trống nếu không rõ."
        say.error("tax_code", words)
        return ""
    return code


def _is_tax_code(code: str) -> bool:
    try:
        validate_tax_code(code)
    except ValidationError:
        return False
    return True


def star(text: str, say: Findings) -> int:
    """3, "4 sao", "★★★★", "năm sao"; 1 and 2 stars have no decision (Đ4 k1a)."""
    if say.has_error("star"):
        return 0
    if not text:
        say.error("star", "Thiếu hạng sao.")
        return 0
    key = letters(text)
    marks = sum(sign in "*★⭐✶✩☆" for sign in key)
    figures = re.findall(r"\d+", key)
    if marks and not figures:
        number = marks
    elif len(figures) == 1 or (len(figures) == 2 and figures[1] == "0" and "." in key):
        number = int(figures[0])
    else:
        number = next((value for word, value in NUMBERS.items() if word in key.split()), 0)
    if number in STARS:
        return number
    if number in (1, 2):
        say.error("star", "Chỉ 3, 4 và 5 sao có quyết định công nhận; 1 và 2 sao không nhập.")
    else:
        say.error("star", f"Hạng sao “{text[:30]}” không đúng: ghi 3, 4 hoặc 5.")
    return 0


def day(value: Any, text: str, key: str, say: Findings) -> tuple[dt.date, bool] | None:
    """A date, and whether only its year was written; nothing when empty or wrong (then it is said)."""
    if not text or say.has_error(key):
        return None
    if isinstance(value, dt.datetime):
        return value.date(), False
    if isinstance(value, dt.date):
        return value, False
    if text.isdigit() and EXCEL_DAYS[0] <= int(text) <= EXCEL_DAYS[1]:
        return EXCEL_DAY_ZERO + dt.timedelta(days=int(text)), False
    found = _written_day(letters(text))
    if found is None:
        say.error(key, f"Không đọc được ngày “{text[:30]}”: ghi ngày/tháng/năm, ví dụ 25/12/2023.")
    return found


def _written_day(text: str) -> tuple[dt.date, bool] | None:
    if found := _YEAR.match(text):
        year = int(found[1])
        return (dt.date(year, 12, 31), True) if 1900 < year < 2200 else None
    if found := _DAY.match(text) or _DAY_IN_WORDS.match(text):
        numbers = int(found[3]), int(found[2]), int(found[1])
    elif found := _ISO.match(text):
        numbers = int(found[1]), int(found[2]), int(found[3])
    else:
        return None
    try:
        return dt.date(*numbers), False
    except ValueError:
        return None


def _check_decided(record: Record, say: Findings) -> None:
    today, decided = timezone.localdate(), record.day
    if record.year_only and decided.year == today.year:
        record.decided_on = today
    elif decided > today:
        say.error("decided_on", "Ngày quyết định sau hôm nay.")
    elif decided.year < FIRST_YEAR:
        say.error("decided_on", f"Năm {decided.year} quá sớm: chưa có chương trình OCOP.")

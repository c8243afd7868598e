# ruff: noqa: E501  a column a line, read as a table
"""Columns of the three lists; the page, its chooser, the order and the workbook all come from here."""

from typing import Any

from core.numbers import format_number
from core.tables import Column
from products.models import Dossier, Entity, Product

CELLS = "products/cells.html"


def _sets(prefix: str) -> tuple[Column, Column]:
    """The product set and its family, of a product or of a dossier's product."""

    def set_of(row: Any) -> Any:
        return row.product.product_set if isinstance(row, Dossier) else row.product_set

    return (
        Column("bo", "Bộ sản phẩm", lambda row: str(set_of(row)), order=(f"{prefix}product_set__number",), width=34,
               shown=not prefix),
        Column("nganh", "Ngành", lambda row: set_of(row).family, order=(f"{prefix}product_set__number",), width=26,
               shown=False),
    )  # fmt: skip


def _price(product: Product) -> str:
    if product.price is None:
        return ""
    unit = f"/{product.price_unit}" if product.price_unit else ""
    return f"{format_number(product.price)} đ{unit}"


PRODUCTS = (
    Column("ten", "Tên sản phẩm", lambda p: p.name, f"{CELLS}#product", ("sort_name",), width=36, fixed=True),
    Column("ma", "Mã sản phẩm", lambda p: p.code, f"{CELLS}#code", ("code",), width=20),
    Column("chu-the", "Chủ thể", lambda p: p.entity.name, order=("entity__sort_name",), width=36),
    *_sets(""),
    Column(
        "xa", "Xã, phường", lambda p: p.commune.name, f"{CELLS}#commune", ("commune__sort_name",), width=22
    ),
    Column("sao", "Hạng sao", lambda p: p.star, f"{CELLS}#stars", ("star",), sparse=True, width=10),
    Column(
        "hieu-luc",
        "Hiệu lực đến",
        lambda p: p.valid_until,
        order=("valid_until",),
        sparse=True,
        width=14,
        shown=False,
    ),
    Column("quyet-dinh", "Số quyết định", lambda p: p.decision, width=18, shown=False),
    Column("chu-luc", "Chủ lực", lambda p: p.is_flagship, f"{CELLS}#flagship", width=10, shown=False),
    Column("phan-loai", "Phân loại", lambda p: p.get_origin_display(), width=24, shown=False),
    Column("tinh-trang", "Tình trạng", lambda p: p.get_status_display(), width=18, shown=False),
    Column("gia", "Giá bán", _price, width=20, shown=False, numeric=True),
    Column("ngay-them", "Ngày thêm", lambda p: p.created_at, order=("id",), width=14, shown=False),
)


def _representative(entity: Entity) -> str:
    return ", ".join(filter(None, (entity.representative, entity.representative_position)))


ENTITIES = (
    Column("ten", "Tên chủ thể", lambda e: e.name, f"{CELLS}#entity", ("sort_name",), width=40, fixed=True),
    Column("loai-hinh", "Loại hình", lambda e: e.get_legal_form_display(), f"{CELLS}#legal_form", width=26),
    Column("xa", "Xã, phường", lambda e: e.commune.name, f"{CELLS}#commune", ("commune__sort_name",), width=22),
    Column("ma-so-thue", "Mã số thuế", lambda e: e.tax_code, f"{CELLS}#tax_code", ("tax_code",), width=16),
    Column("so-san-pham", "Số sản phẩm", lambda e: e.product_count, order=("product_count",), width=12,
           numeric=True),
    Column("dai-dien", "Người đại diện", _representative, width=30, shown=False),
    Column("dien-thoai", "Điện thoại", lambda e: e.phone, width=16, shown=False),
    Column("dia-chi", "Địa chỉ", lambda e: e.address, width=40, shown=False),
    Column("lao-dong", "Lao động", lambda e: e.workers_total, width=12,
           shown=False, numeric=True),
    Column("thanh-lap", "Thành lập", lambda e: e.founded_on, width=14, shown=False),
    Column("ngay-them", "Ngày thêm", lambda e: e.created_at, order=("id",), width=14, shown=False),
)  # fmt: skip

DOSSIERS = (
    Column("ten", "Sản phẩm", lambda d: d.product.name, f"{CELLS}#dossier", ("product__sort_name", "year"), width=36,
           fixed=True),
    Column("trang-thai", "Trạng thái", lambda d: d.get_state_display(), f"{CELLS}#state", width=28),
    Column("tu-ngay", "Từ ngày", lambda d: d.state_since, order=("state_since",), width=14),
    Column("chu-the", "Chủ thể", lambda d: d.product.entity.name, order=("product__entity__sort_name",), width=36),
    Column("xa", "Xã, phường", lambda d: d.commune.name, f"{CELLS}#commune", ("commune__sort_name",), width=22),
    Column("hinh-thuc", "Hình thức", lambda d: d.get_kind_display(), width=24, shown=False),
    Column("nam", "Năm", lambda d: d.year, f"{CELLS}#year", ("year", "product__sort_name"), width=8,
           shown=False),
    Column("so-phieu", "Số phiếu đăng ký", lambda d: d.number, f"{CELLS}#number", ("number",), width=26),
    *_sets("product__"),
    Column("ngay-nop", "Ngày nộp", lambda d: d.submitted_at, order=("submitted_at",), sparse=True, width=14,
           shown=False),
    Column("cong-van", "Số công văn đề nghị", lambda d: d.proposal_number, width=24, shown=False),
)  # fmt: skip

# ruff: noqa: E501  a column a line, read as a table
"""Columns of the register of certificates; the page, its chooser, the order and the workbook come from here."""

from core.tables import Column
from evaluation.qr import public_address

CELLS = "evaluation/certificate_cells.html"

CERTIFICATES = (
    Column("ten", "Sản phẩm", lambda c: c.recognition.product.name, f"{CELLS}#product", ("recognition__product__sort_name",), width=36, fixed=True),
    Column("so", "Số giấy chứng nhận", lambda c: c.number, f"{CELLS}#number", ("issued_on", "number"), width=22),
    Column("sao", "Hạng sao", lambda c: c.recognition.star, f"{CELLS}#stars", ("recognition__star",), width=10),
    Column("tinh-trang", "Tình trạng", lambda c: c.standing.word, f"{CELLS}#state", width=18),
    Column("hieu-luc", "Hiệu lực đến", lambda c: c.standing.last_day, order=("recognition__expires_on",), sparse=True, width=14),
    Column("chu-the", "Chủ thể", lambda c: c.recognition.product.entity.name, order=("recognition__product__entity__sort_name",), width=36),
    Column("xa", "Xã, phường", lambda c: c.recognition.product.commune.name, order=("recognition__product__commune__sort_name",), width=22),
    Column("quyet-dinh", "Số quyết định", lambda c: c.recognition.decision_number, width=18, shown=False),
    Column("ngay-cap", "Ngày cấp", lambda c: c.issued_on, order=("issued_on",), width=14, shown=False),
    Column("co-quan", "Cơ quan công nhận", lambda c: c.recognition.decided_by, width=34, shown=False),
    Column("dia-chi", "Địa chỉ tra cứu", lambda c: public_address(c.token), width=52, shown=False),
)  # fmt: skip

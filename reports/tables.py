# ruff: noqa: E501  a column a line, read as a table
"""Columns of the archive; the page, its chooser, the order and the workbook come from here."""

from core.tables import Column

CELLS = "reports/paper_cells.html"

PAPERS = (
    Column("ten", "Văn bản", lambda p: p.title, f"{CELLS}#title", ("title",), width=60, fixed=True),
    Column("so", "Số, ký hiệu", lambda p: p.number_text, f"{CELLS}#number", ("symbol", "issued_on", "number"), width=18),
    Column("loai", "Loại", lambda p: p.get_kind_display(), order=("kind",), width=28),
    Column("tinh-trang", "Trạng thái", lambda p: p.state_now[0], f"{CELLS}#state", width=16),
    Column("ngay", "Ngày ban hành", lambda p: p.issued_on, order=("issued_on",), sparse=True, width=14),
    Column("nguoi-ky", "Người ký", lambda p: p.signer_name, width=22, shown=False),
    Column("lap-boi", "Người lập", lambda p: str(p.requested_by), width=22, shown=False),
    Column("lap-luc", "Ngày lập", lambda p: p.requested_at, order=("requested_at",), width=14),
    Column("tra-lai", "Lý do trả lại", lambda p: p.return_reason, width=40, shown=False),
    Column("trang", "Số trang", lambda p: p.pages, width=10, numeric=True, shown=False),
    Column("nam", "Năm", lambda p: p.year, order=("year",), width=8, shown=False),
    Column("don-vi", "Đơn vị", lambda p: p.unit.name, order=("unit__sort_name",), width=22, shown=False),
    Column("mau", "Bản mẫu", lambda p: p.template_version, width=14, shown=False),
    Column("sha", "Mã SHA-256", lambda p: p.sha256, width=66, shown=False),
    Column("tai", "Tệp", lambda p: "có" if p.is_rendered else "", f"{CELLS}#file", width=8),
)  # fmt: skip

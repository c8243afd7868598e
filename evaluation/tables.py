# ruff: noqa: E501  a column a line, read as a table
"""Columns of the registers of certificates, revocations and inspections; the page, its chooser, the order and the workbook come from here."""

from core.tables import Column
from evaluation.qr import public_address

CELLS = "evaluation/certificate_cells.html"
REVOKED = "evaluation/revocation_cells.html"
INSPECTED = "evaluation/inspection_cells.html"

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

REVOCATIONS = (
    Column("ten", "Sản phẩm", lambda r: r.recognition.product.name, f"{REVOKED}#product", ("recognition__product__sort_name",), width=36, fixed=True),
    Column("can-cu", "Căn cứ", lambda r: r.get_ground_display(), width=44),
    Column("ket-luan", "Kết luận", lambda r: r.conclusion_number, f"{REVOKED}#conclusion", ("concluded_on",), width=22),
    Column("han", "Hạn quyết định", lambda r: r.due_on, f"{REVOKED}#due", ("due_on",), width=16),
    Column("trang-thai", "Trạng thái", lambda r: r.get_state_display(), f"{REVOKED}#state", width=18),
    Column("sao", "Hạng sao", lambda r: r.recognition.star, width=10, shown=False, numeric=True),
    Column("chu-the", "Chủ thể", lambda r: r.recognition.product.entity.name, order=("recognition__product__entity__sort_name",), width=36, shown=False),
    Column("xa", "Xã, phường", lambda r: r.recognition.product.commune.name, order=("recognition__product__commune__sort_name",), width=22, shown=False),
    Column("ngay-ket-luan", "Ngày kết luận", lambda r: r.concluded_on, order=("concluded_on",), width=14, shown=False),
    Column("co-quan", "Cơ quan kết luận", lambda r: r.concluded_by, width=34, shown=False),
    Column("quyet-dinh", "Số quyết định", lambda r: r.decision_number, width=18, shown=False),
    Column("ngay-quyet-dinh", "Ngày quyết định", lambda r: r.decided_on, order=("decided_on",), sparse=True, width=16, shown=False),
)  # fmt: skip

# Who came is not among them: entities read this list too.
INSPECTIONS = (
    Column("ten", "Sản phẩm", lambda i: i.product.name, f"{INSPECTED}#product", ("product__sort_name",), width=36, fixed=True),
    Column("hinh-thuc", "Hình thức", lambda i: i.get_kind_display(), f"{INSPECTED}#kind", width=14),
    Column("ngay", "Ngày", lambda i: i.done_on or i.planned_on, f"{INSPECTED}#day", ("planned_on",), width=14),
    Column("ket-qua", "Kết quả", lambda i: i.word, f"{INSPECTED}#state", width=22),
    Column("han", "Hạn khắc phục", lambda i: i.follow_up_due, f"{INSPECTED}#due", ("follow_up_due",), sparse=True, width=16),
    Column("chu-the", "Chủ thể", lambda i: i.product.entity.name, order=("product__entity__sort_name",), width=36, shown=False),
    Column("xa", "Xã, phường", lambda i: i.product.commune.name, order=("product__commune__sort_name",), width=22, shown=False),
    Column("can-cu", "Quyết định, kế hoạch", lambda i: i.basis, width=44, shown=False),
    Column("du-kien", "Ngày dự kiến", lambda i: i.planned_on, order=("planned_on",), width=14, shown=False),
    Column("phat-hien", "Kết quả kiểm tra", lambda i: i.findings, width=60, shown=False),
    Column("yeu-cau", "Yêu cầu khắc phục", lambda i: i.follow_up, width=60, shown=False),
    Column("khac-phuc-xong", "Ngày khắc phục xong", lambda i: i.followed_up_on, order=("followed_up_on",), sparse=True, width=20, shown=False),
)  # fmt: skip

"""Columns of the lists of classes and of the register."""

from typing import Any

from core.tables import Column

CELLS = "training/cells.html"


def _days(held: Any) -> str:
    days = f"{held.starts_on:%d/%m/%Y}"
    return days if held.ends_on == held.starts_on else f"{days} - {held.ends_on:%d/%m/%Y}"


def _group(person: Any) -> str:
    """The group; of a person who is counted by an earlier line, with a word on it."""
    words = person.get_group_display()
    return f"{words} (đã tính ở nhóm khác)" if person.counted_elsewhere else words


CLASSES = (
    Column("lop", "Lớp", lambda c: c.title, f"{CELLS}#title", ("title",), width=60, fixed=True),
    Column("trang-thai", "Trạng thái", lambda c: c.get_state_display(), f"{CELLS}#state", width=16),
    Column("thoi-gian", "Thời gian", _days, order=("starts_on",), width=24),
    Column("don-vi", "Đơn vị tổ chức", lambda c: c.organiser, width=34),
    Column("cap", "Cấp", lambda c: c.get_level_display(), width=14, shown=False),
    Column("dia-diem", "Địa điểm", lambda c: c.place, width=28, shown=False),
    Column("du-kien", "Dự kiến", lambda c: c.planned_trainees, width=10, numeric=True),
    Column("ghi-danh", "Ghi danh", lambda c: c.enrolled, order=("enrolled",), width=10, numeric=True),
    Column("co-mat", "Có mặt", lambda c: c.came, order=("came",), width=10, numeric=True),
    Column("du-du", "Dự đủ", lambda c: c.attended, order=("attended",), width=10, numeric=True),
    Column("kinh-phi", "Kinh phí (đồng)", lambda c: c.budget, width=18, shown=False, numeric=True),
)

REGISTER = (
    Column("ten", "Họ và tên", lambda p: p.name, f"{CELLS}#person", ("sort_name",), width=30, fixed=True),
    Column("nhom", "Nhóm", _group, order=("group",), width=28),
    Column("chuc-vu", "Chức vụ", lambda p: p.position, width=30),
    Column("don-vi", "Đơn vị", lambda p: p.unit.name, order=("unit__sort_name",), width=26),
    Column("chu-the", "Chủ thể", lambda p: p.entity.name if p.entity else "", width=34, shown=False),
    Column("tu-ngay", "Vào danh sách", lambda p: p.listed_on, order=("listed_on",), width=16),
    Column(
        "den-ngay", "Ra khỏi danh sách", lambda p: p.left_on, order=("left_on",), sparse=True, width=18,
        shown=False,
    ),
    Column("lop-du", "Lớp dự đủ", lambda p: p.attended, order=("attended",), width=12, numeric=True),
)  # fmt: skip

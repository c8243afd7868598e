"""Kinds of plan, target, task and class."""

from enum import nonmember

from django.db import models


class PlanLevel(models.TextChoices):
    MASTER = "master", "Đề án"
    PERIOD = "period", "Kế hoạch giai đoạn"
    YEAR = "year", "Kế hoạch năm"
    COMMUNE = "commune", "Kế hoạch cấp xã"


class PlanStatus(models.TextChoices):
    DRAFT = "draft", "Dự thảo"
    IN_FORCE = "in_force", "Đang thực hiện"
    CLOSED = "closed", "Đã kết thúc"


class FundSource(models.TextChoices):
    """Where the money of a plan comes from."""

    CENTRAL = "central", "Ngân sách trung ương"
    PROVINCE = "province", "Ngân sách tỉnh"
    COMMUNE = "commune", "Ngân sách xã"
    PROGRAMME = "programme", "Lồng ghép chương trình, dự án"
    ENTITY = "entity", "Chủ thể đóng góp"
    OTHER = "other", "Nguồn hợp pháp khác"


class Direction(models.TextChoices):
    """Which way an indicator is better."""

    HIGHER = "higher", "Càng cao càng tốt"
    LOWER = "lower", "Càng thấp càng tốt"


class ActualState(models.TextChoices):
    """A value entered by hand counts only when approved."""

    WAITING = "waiting", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    REFUSED = "refused", "Không duyệt"


class PeriodKind(models.TextChoices):
    """Kinds of reporting period, as decisions on periodic reports name them (NĐ 09/2019/NĐ-CP)."""

    MONTH = "month", "Tháng"
    QUARTER = "quarter", "Quý"
    HALF = "half", "6 tháng"
    NINE = "nine", "9 tháng"
    YEAR = "year", "Năm"


class FigureSetState(models.TextChoices):
    WAITING = "waiting", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    REFUSED = "refused", "Không duyệt"


class Operator(models.TextChoices):
    AT_LEAST = "ge", "Ít nhất"
    MORE_THAN = "gt", "Trên"
    AT_MOST = "le", "Không quá"
    EXACTLY = "eq", "Bằng"
    RANGE = "range", "Trong khoảng"
    PERCENT = "percent", "Tỷ lệ phần trăm"
    RATIO = "ratio", "Tỷ số"
    BY_DATE = "date", "Trước ngày"
    QUALITATIVE = "text", "Định tính"

    counted = nonmember(("ge", "gt", "le", "eq", "range", "percent", "ratio"))


class TargetStatus(models.TextChoices):
    """Progress compared with the plan and with the share of time passed."""

    DONE = "done", "Đạt"
    ON_TRACK = "on_track", "Đúng tiến độ"
    AT_RISK = "at_risk", "Có nguy cơ"
    BEHIND = "behind", "Chậm"
    OVERDUE = "overdue", "Quá hạn, chưa đạt"
    NO_DATA = "no_data", "Chưa có số liệu"


class TaskStatus(models.TextChoices):
    OPEN = "open", "Chưa làm"
    DOING = "doing", "Đang làm"
    DONE = "done", "Đã xong"
    CANCELLED = "cancelled", "Thôi giao"

    unfinished = nonmember(("open", "doing"))


class ClassLevel(models.TextChoices):
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện (trước 7/2025)"
    COMMUNE = "commune", "Cấp xã"


# --- classes: method, road, half-days ---


class ClassMethod(models.TextChoices):
    LECTURE = "lecture", "Lên lớp, thảo luận"
    FIELD = "field", "Lên lớp và đi thực tế"
    ONLINE = "online", "Trực tuyến"
    MIXED = "mixed", "Trực tiếp kết hợp trực tuyến"


class ClassState(models.TextChoices):
    """Where a class stands; what may follow what is in `class_workflow`."""

    PLANNED = "planned", "Dự kiến"
    OPEN = "open", "Đang ghi danh"
    RUNNING = "running", "Đang học"
    FINISHED = "finished", "Đã kết thúc"
    CANCELLED = "cancelled", "Đã hủy"

    to_come = nonmember(("planned", "open"))
    changeable = nonmember(("planned", "open", "running"))


class DayPart(models.TextChoices):
    MORNING = "am", "Sáng"
    AFTERNOON = "pm", "Chiều"


class PresenceSource(models.TextChoices):
    """How the system knows that somebody came."""

    HAND = "hand", "Người phụ trách ghi"
    SHEET = "sheet", "Tệp Excel"
    ACCOUNT = "account", "Quét mã, có tài khoản"
    NAME = "name", "Quét mã, chọn tên"


class RegisterGroup(models.TextChoices):
    """Who must be trained: officials managing OCOP, and leaders of entities."""

    OFFICIAL = "official", "Cán bộ quản lý OCOP"
    ENTITY_LEADER = "entity_leader", "Lãnh đạo chủ thể"
    COUNCIL = "council", "Thành viên Hội đồng, Tổ tư vấn"

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


class Operator(models.TextChoices):
    AT_LEAST = "ge", "Ít nhất"
    MORE_THAN = "gt", "Trên"
    EXACTLY = "eq", "Bằng"
    RANGE = "range", "Trong khoảng"
    PERCENT = "percent", "Tỷ lệ phần trăm"
    RATIO = "ratio", "Tỷ số"
    BY_DATE = "date", "Trước ngày"
    QUALITATIVE = "text", "Định tính"

    counted = nonmember(("ge", "gt", "eq", "range", "percent", "ratio"))


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


class ClassLevel(models.TextChoices):
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện (trước 7/2025)"
    COMMUNE = "commune", "Cấp xã"


class RegisterGroup(models.TextChoices):
    """Who must be trained: officials managing OCOP, and leaders of entities."""

    OFFICIAL = "official", "Cán bộ quản lý OCOP"
    ENTITY_LEADER = "entity_leader", "Lãnh đạo chủ thể"
    COUNCIL = "council", "Thành viên Hội đồng, Tổ tư vấn"

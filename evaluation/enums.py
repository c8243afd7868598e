"""States of criteria versions, sessions and sheets, and the settings of a council's regulation."""

from enum import nonmember

from django.db import models


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "Dự thảo"
    IN_FORCE = "in_force", "Đang áp dụng"
    RETIRED = "retired", "Hết hiệu lực"

    published = nonmember(("in_force", "retired"))


class GateRule(models.TextChoices):
    """How several members' choices meet a minimum condition (law leaves it to the regulation)."""

    MAJORITY = "majority", "Quá nửa số phiếu"
    MEAN = "mean", "Điểm trung bình"
    ALL = "all", "Tất cả các phiếu"
    CONCLUSION = "conclusion", "Kết luận của Hội đồng"


class SeatRole(models.TextChoices):
    CHAIR = "chair", "Chủ tịch Hội đồng"
    SECRETARY = "secretary", "Thư ký Hội đồng"
    MEMBER = "member", "Ủy viên"

    keeps_minutes = nonmember(("chair", "secretary"))


class SessionState(models.TextChoices):
    PLANNED = "planned", "Chưa mở"
    OPEN = "open", "Đang chấm điểm"
    CLOSED = "closed", "Đã kết thúc"


class ItemState(models.TextChoices):
    SCORING = "scoring", "Đang chấm điểm"
    CLOSED = "closed", "Đã có kết quả"


class SheetState(models.TextChoices):
    DRAFT = "draft", "Đang chấm"
    SUBMITTED = "submitted", "Đã nộp"

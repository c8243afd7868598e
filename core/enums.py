"""States and kinds of the common rooms."""

from enum import nonmember

from django.db import models


class UnitLevel(models.TextChoices):
    PROVINCE = "province", "Cấp tỉnh"
    COMMUNE = "commune", "Cấp xã"


class UnitKind(models.TextChoices):
    """Kinds of unit since 1 July 2025: two levels, no district (QĐ 19/2025/QĐ-TTg)."""

    PROVINCE = "tinh", "Tỉnh"
    CITY = "thanh_pho", "Thành phố"
    COMMUNE = "xa", "Xã"
    WARD = "phuong", "Phường"
    SPECIAL_ZONE = "dac_khu", "Đặc khu"


class JobState(models.TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không thành công"
    CANCELLED = "cancelled", "Đã hủy"

    active_states = nonmember(("queued", "running"))
    finished_states = nonmember(("done", "failed", "cancelled"))

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


class NoticeKind(models.TextChoices):
    """What a notice is about; also chooses its mark on the page."""

    DOSSIER = "dossier", "Hồ sơ"
    DEADLINE = "deadline", "Thời hạn"
    RECOGNITION = "recognition", "Hạn công nhận"
    PAPER = "paper", "Giấy tờ minh chứng"
    ROUND = "round", "Đợt đánh giá"
    JOB = "job", "Việc chạy nền"
    TRAINING = "training", "Tập huấn"
    DOCUMENT = "document", "Văn bản"

    @property
    def icon(self) -> str:
        """Name of the icon that marks the kind (`core.icons`)."""
        return NOTICE_ICONS[self.value]


NOTICE_ICONS = {
    "dossier": "dossier",
    "deadline": "waiting",
    "recognition": "certificate",
    "paper": "attach",
    "round": "round",
    "job": "report",
    "training": "training",
    "document": "report",
}


class MailChoice(models.TextChoices):
    """How often a person wants letters."""

    NOW = "now", "Gửi ngay từng thông báo"
    DAILY = "daily", "Gom thành một thư mỗi ngày, lúc 7 giờ sáng"
    NEVER = "never", "Không gửi thư; chỉ xem thông báo trên hệ thống"

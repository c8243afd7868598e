"""Kinds and states of papers."""

from django.db import models


class PaperKind(models.TextChoices):
    PROGRESS = "progress", "Báo cáo tiến độ thực hiện Chương trình OCOP"


class PaperState(models.TextChoices):
    RENDERING = "rendering", "Đang lập"
    DRAFT = "draft", "Dự thảo"
    FAILED = "failed", "Lập không thành công"

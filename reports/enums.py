"""Kinds and states of papers."""

from django.db import models


class PaperKind(models.TextChoices):
    PROGRESS = "progress", "Báo cáo tiến độ thực hiện Chương trình OCOP"


class PaperState(models.TextChoices):
    RENDERING = "rendering", "Đang lập"
    DRAFT = "draft", "Dự thảo"
    FAILED = "failed", "Lập không thành công"


class Issuer(models.TextChoices):
    """In whose name a unit's papers go out."""

    DEPARTMENT = "department", "Sở Nông nghiệp và Môi trường"
    COMMITTEE = "committee", "Ủy ban nhân dân"
    COUNCIL = "council", "Hội đồng đánh giá, phân hạng"

"""Who people are in the programme."""

from enum import nonmember

from django.db import models


class Role(models.TextChoices):
    ENTITY = "entity", "Chủ thể OCOP"
    COMMUNE_OFFICER = "commune_officer", "Cán bộ cấp xã"
    PROVINCIAL_OFFICER = "provincial_officer", "Cán bộ OCOP cấp tỉnh"
    ADVISORY_MEMBER = "advisory_member", "Thành viên Tổ tư vấn"
    COUNCIL_MEMBER = "council_member", "Thành viên Hội đồng"
    LEADERSHIP = "leadership", "Lãnh đạo"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"

    commune_roles = nonmember(("entity", "commune_officer"))
    province_wide = nonmember(("provincial_officer", "leadership", "administrator"))

"""Administrative units: two levels, official codes, dated names."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import UnitKind, UnitLevel
from core.models.named import NamedModel


class AdminUnitQuerySet(models.QuerySet):
    def provinces(self):
        return self.filter(level=UnitLevel.PROVINCE)

    def communes(self):
        return self.filter(level=UnitLevel.COMMUNE)

    def current(self):
        return self.filter(valid_to=None)

    def within(self, area: "AdminUnit") -> "AdminUnitQuerySet":
        """A province with its communes, or one commune: the units whose rows belong to the area.

        Asked as `commune__in=within(area)` rows are found by the index of their commune; "the commune is the
        area, or lies in it" would be tried on the rows of the whole country.
        """
        return self.filter(Q(pk=area.pk) | Q(parent=area.pk))

    def home_province(self) -> "AdminUnit | None":
        """The province this installation belongs to, once its units are loaded."""
        return self.provinces().current().filter(code=settings.OCOP_PROVINCE).first()


@pghistory.track()
class AdminUnit(NamedModel):
    """A province or a commune (xã, phường, đặc khu) with its code of QĐ 19/2025/QĐ-TTg.

    A merged or renamed unit keeps its row with `valid_to`; old dossiers keep pointing to it.
    """

    code = models.CharField("mã", max_length=5)
    level = models.CharField("cấp", max_length=10, choices=UnitLevel)
    kind = models.CharField("loại", max_length=12, choices=UnitKind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField("có hiệu lực từ")
    valid_to = models.DateField("đến", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )

    objects = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị hành chính"
        ordering = ["sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"], condition=Q(valid_to=None), name="unit_code_unique_while_valid"
            ),
            models.CheckConstraint(
                condition=Q(level="province", parent=None) | Q(level="commune", parent__isnull=False),
                name="unit_commune_has_province",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="unit_dates_in_order",
            ),
        ]

    @property
    def is_province(self) -> bool:
        return self.level == UnitLevel.PROVINCE

    @property
    def province_id(self) -> int:
        """The id of the province it is or lies in."""
        return self.parent_id or self.pk

    @property
    def short_name(self) -> str:
        """The name without its kind: "Cẩm Bình" of "Xã Cẩm Bình"."""
        for prefix in ("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "):
            if self.name.startswith(prefix):
                return self.name.removeprefix(prefix)
        return self.name


class UnitAlias(NamedModel):
    """Another name people still use for a unit: before a merger, a misspelling, a short form."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="aliases")
    old_district = models.CharField("huyện cũ", max_length=100, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)

    class Meta:
        verbose_name = "tên gọi khác"
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "old_district"], name="alias_once_per_unit"),
        ]

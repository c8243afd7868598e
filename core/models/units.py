"""Administrative units: two levels, official codes, dated names."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from core.enums import UnitKind, UnitLevel
from core.models.named import NamedModel


class AdminUnitQuerySet(models.QuerySet):
    def provinces(self):
        return self.filter(level=UnitLevel.PROVINCE)

    def communes(self):
        return self.filter(level=UnitLevel.COMMUNE)

    def current(self):
        return self.filter(valid_to=None)

    def counted(self):
        """Those figures are counted for: the units of today, and former ones without a single successor."""
        return self.filter(counts_for=F("pk"))

    def home_province(self) -> "AdminUnit | None":
        """The province this installation belongs to, once its units are loaded."""
        return self.provinces().current().filter(code=settings.OCOP_PROVINCE).first()


# What had been merged into a unit follows it; "counts_for_its_successor" works out where to.
_FOLLOW = """
    UPDATE {meta.db_table} SET counts_for_id = NEW.counts_for_id
    WHERE merged_into_id = NEW.id AND id <> NEW.id AND valid_to IS NOT NULL
        AND counts_for_id IS DISTINCT FROM NEW.counts_for_id;
    RETURN NULL;
"""


@pgtrigger.register(
    pgtrigger.Trigger(
        name="counts_for_its_successor",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("present", "bigint")],
        func=pgtrigger.Func("""
            IF NEW.valid_to IS NOT NULL AND NEW.merged_into_id IS NOT NULL THEN
                SELECT counts_for_id INTO present FROM {meta.db_table} WHERE id = NEW.merged_into_id;
            END IF;
            NEW.counts_for_id = COALESCE(present, NEW.id);
            RETURN NEW;
        """),
    ),
    pgtrigger.Trigger(
        name="former_units_follow",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__counts_for__df=pgtrigger.F("new__counts_for")),
        func=pgtrigger.Func(_FOLLOW),
    ),
    pgtrigger.Trigger(
        name="former_units_find_it",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=pgtrigger.Func(_FOLLOW),
    ),
)
# What follows from other columns is no history of its own.
@pghistory.track(exclude=["counts_for"])
class AdminUnit(NamedModel):
    """A province or a commune (xã, phường, đặc khu) with its code of QĐ 19/2025/QĐ-TTg.

    A merged or renamed unit keeps its row with `valid_to`; old dossiers keep pointing to it. `counts_for` is
    the unit its records count for today, at the end of the chain of mergers; the database works it out.
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
    counts_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="counted_here"
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
    def dated_name(self) -> str:
        """The name, marked when the unit stands no more: "Xã Cẩm Lĩnh (cũ)"."""
        return self.name if self.valid_to is None else f"{self.name} (cũ)"

    @cached_property
    def former_names(self) -> list[str]:
        """The short names of the communes merged into it, in Vietnamese order; one query."""
        former = self.counted_here.exclude(pk=self.pk).order_by("sort_name")
        return [unit.short_name for unit in former]

    @cached_property
    def communes_today(self) -> frozenset[int]:
        """The ids of its communes that stand today; one query."""
        return frozenset(self.children.filter(valid_to=None).values_list("pk", flat=True))

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

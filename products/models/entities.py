"""OCOP entities and the accounts that may act for them."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit, NamedModel
from products.enums import Gender, LegalForm
from products.names import match_name
from products.validators import validate_phone, validate_tax_code


class EntityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An entity's account sees its own; officers and leadership see their area."""
        scope = user.scope
        condition = scope.commune_q("commune", Role.COMMUNE_OFFICER, *Role.province_wide)
        if scope.has(Role.ENTITY):
            condition |= Q(pk__in=user.entity_accounts.values("entity"))
        return self.filter(condition)

    def living(self):
        """Without those merged into another: they are kept for their history only."""
        return self.filter(merged_into=None)


@pghistory.track()
class Entity(NamedModel):
    """Chủ thể OCOP (Đ2 k3)."""

    legal_form = models.CharField("loại hình", max_length=20, choices=LegalForm)
    tax_code = models.CharField(
        "mã số thuế",
        max_length=14,
        blank=True,
        validators=[validate_tax_code],
        help_text="10 hoặc 13 chữ số; hộ kinh doanh: 12 chữ số.",
    )
    commune = models.ForeignKey(
        AdminUnit, on_delete=models.PROTECT, related_name="entities", verbose_name="xã, phường"
    )
    address = NFCCharField(
        "địa chỉ", max_length=300, blank=True, help_text="Thôn, tổ dân phố, số nhà, đường."
    )
    registered_on = models.DateField("ngày đăng ký", null=True, blank=True)
    registered_by = NFCCharField("nơi đăng ký", max_length=200, blank=True)
    representative = NFCCharField("người đại diện theo pháp luật", max_length=150, blank=True)
    representative_position = NFCCharField("chức vụ", max_length=100, blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True, validators=[validate_phone])
    email = models.EmailField("thư điện tử", blank=True)
    founded_on = models.DateField("ngày thành lập", null=True, blank=True)
    registration_number = models.CharField("số đăng ký kinh doanh", max_length=50, blank=True)
    workers_total = models.PositiveIntegerField("tổng số lao động", null=True, blank=True)
    workers_local = models.PositiveIntegerField("lao động tại địa phương", null=True, blank=True)
    strengthened_on = models.DateField("ngày được củng cố, nâng cấp", null=True, blank=True)
    # Guessed from the name by an import; a person's save clears it.
    legal_form_guessed = models.BooleanField("loại hình do hệ thống đoán", default=False)
    # The name without diacritics and legal-form words, to find the same entity written twice.
    match_name = models.CharField(max_length=300, editable=False, default="", db_index=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name="đã gộp vào",
    )
    merged_at = models.DateTimeField("gộp lúc", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EntityQuerySet.as_manager()

    class Meta:
        verbose_name = "chủ thể"
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tax_code"], condition=~Q(tax_code=""), name="entity_tax_code_unique"
            ),
            models.CheckConstraint(
                condition=Q(workers_local=None)
                | Q(workers_total=None)
                | Q(workers_local__lte=F("workers_total")),
                name="entity_local_workers_within_total",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (~Q(merged_into=F("id")) & Q(merged_at__isnull=False)),
                name="entity_not_merged_into_itself",
            ),
        ]
        indexes = [
            # All a list sorts, filters and counts by: pages are found in the index alone, however deep.
            models.Index(
                fields=["sort_name", "id"],
                include=["commune", "legal_form", "merged_into"],
                name="entity_list",
            ),
            models.Index(fields=["commune", "legal_form"], include=["merged_into"], name="entity_of_commune"),
            # Read without the rows themselves when a word is in very many names.
            models.Index(
                fields=["search_name", "id"],
                include=["commune", "tax_code", "merged_into"],
                name="entity_search",
            ),
            GinIndex(OpClass("search_name", "gin_trgm_ops"), name="entity_name_trigrams"),
            GinIndex(OpClass(Upper("tax_code"), "gin_trgm_ops"), name="entity_tax_code_trigrams"),
            GinIndex(OpClass("match_name", "gin_trgm_ops"), name="entity_match_name_trigrams"),
        ]

    def fill_keys(self) -> None:
        super().fill_keys()
        self.match_name = match_name(self.name)[:300]

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "match_name"}
        super().save(*args, update_fields=update_fields, **kwargs)


@pghistory.track()
class DistinctPair(models.Model):
    """Somebody looked at two entities with like names and said they are not the same."""

    # The smaller id first, so that a pair has one row whichever way it is found.
    first = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "cặp chủ thể khác nhau"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} khác {self.second}"


@pghistory.track()
class EntityYear(models.Model):
    """What an entity reports of one year; money in million đồng (triệu đồng)."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("năm")
    revenue = models.DecimalField("doanh thu", max_digits=14, decimal_places=3, null=True, blank=True)
    profit = models.DecimalField("lợi nhuận", max_digits=14, decimal_places=3, null=True, blank=True)

    class Meta:
        verbose_name = "kết quả năm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "year"], name="entity_year_once"),
            models.CheckConstraint(
                condition=Q(revenue=None) | Q(revenue__gte=0), name="entity_revenue_not_negative"
            ),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2100), name="entity_year_plausible"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.year}"


@pghistory.track()
class RepresentativeProfile(models.Model):
    """Sensitive data of the representative (N356 Đ4), apart from the entity: read only on request, logged.

    Mẫu 02 and 03 ask for gender, ethnicity and permanent address; criterion 3.2 whether the
    representative is a woman, of an ethnic minority or has a disability.
    """

    entity = models.OneToOneField(Entity, on_delete=models.PROTECT, related_name="representative_profile")
    gender = models.CharField("giới tính", max_length=6, choices=Gender, blank=True)
    ethnicity = NFCCharField("dân tộc", max_length=50, blank=True)
    has_disability = models.BooleanField("là người khuyết tật", null=True, blank=True)
    permanent_address = NFCCharField("nơi thường trú", max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "dữ liệu nhạy cảm của người đại diện"

    def __str__(self) -> str:
        return f"Người đại diện của {self.entity}"


@pghistory.track()
class EntityAccount(models.Model):
    """A user acts for an entity."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="accounts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entity_accounts"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "user"], name="entity_account_once")]

    def __str__(self) -> str:
        return f"{self.user} - {self.entity}"

"""OCOP entities and the accounts that may act for them."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit, NamedModel
from products.enums import LegalForm
from products.validators import validate_phone, validate_tax_code


class EntityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An entity's account sees its own; officers and leadership see their area."""
        scope = user.scope
        condition = scope.commune_q("commune", Role.COMMUNE_OFFICER, *Role.province_wide)
        if scope.has(Role.ENTITY):
            condition |= Q(pk__in=user.entity_accounts.values("entity"))
        return self.filter(condition)


@pghistory.track()
class Entity(NamedModel):
    """Chủ thể OCOP (Đ2 k3)."""

    legal_form = models.CharField("loại hình", max_length=20, choices=LegalForm)
    tax_code = models.CharField(
        "mã số thuế",
        max_length=14,
        blank=True,
        validators=[validate_tax_code],
        help_text="10 hoặc 13 chữ số.",
    )
    commune = models.ForeignKey(
        AdminUnit, on_delete=models.PROTECT, related_name="entities", verbose_name="xã, phường"
    )
    address = NFCCharField(
        "địa chỉ", max_length=300, blank=True, help_text="Thôn, tổ dân phố, số nhà, đường."
    )
    representative = NFCCharField("người đại diện theo pháp luật", max_length=150, blank=True)
    representative_position = NFCCharField("chức vụ", max_length=100, blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True, validators=[validate_phone])
    email = models.EmailField("thư điện tử", blank=True)
    founded_on = models.DateField("ngày thành lập", null=True, blank=True)
    registration_number = models.CharField("số đăng ký kinh doanh", max_length=50, blank=True)
    workers_total = models.PositiveIntegerField("tổng số lao động", null=True, blank=True)
    workers_local = models.PositiveIntegerField("lao động tại địa phương", null=True, blank=True)
    strengthened_on = models.DateField("ngày được củng cố, nâng cấp", null=True, blank=True)
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
        ]
        indexes = [models.Index(fields=["sort_name", "id"], name="entity_by_name")]


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

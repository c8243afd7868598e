"""Products, the 26 sets they belong to, their codes and recognitions."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit, NamedModel
from products.enums import ProductOrigin, ProductStatus, RecognitionState, SalesChannel
from products.models.entities import Entity


class ProductSet(NamedModel):
    """One of the 26 product sets (bộ sản phẩm) with its family and group (Phụ lục I QĐ 26/2026)."""

    number = models.PositiveSmallIntegerField("bộ", unique=True)
    family = models.CharField("ngành", max_length=150)
    group = models.CharField("nhóm", max_length=150)

    class Meta:
        verbose_name = "bộ sản phẩm"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Bộ {self.number} - {self.name}"

    @property
    def is_tourism(self) -> bool:
        return self.family.startswith("VI ")


class ProductQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own products for an entity's account; the area for officers and leadership."""
        scope = user.scope
        condition = scope.commune_q("commune", Role.COMMUNE_OFFICER, *Role.province_wide)
        if scope.has(Role.ENTITY):
            condition |= Q(entity__in=user.entity_accounts.values("entity"))
        return self.filter(condition)

    def with_names(self):
        """What every list shows, in one query."""
        return self.select_related("entity", "commune", "product_set")


@pghistory.track()
class Product(NamedModel):
    entity = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="products", verbose_name="chủ thể"
    )
    commune = models.ForeignKey(
        AdminUnit, on_delete=models.PROTECT, related_name="products", verbose_name="xã, phường"
    )
    product_set = models.ForeignKey(
        ProductSet, on_delete=models.PROTECT, related_name="products", verbose_name="bộ sản phẩm"
    )
    # Guessed from the name by an import; a person's save clears it.
    set_guessed = models.BooleanField("bộ sản phẩm do hệ thống đoán", default=False)
    code = models.CharField("mã số sản phẩm", max_length=30, blank=True)
    is_flagship = models.BooleanField("sản phẩm chủ lực", default=False)
    origin = models.CharField(
        "phân loại theo kế hoạch", max_length=10, choices=ProductOrigin, default=ProductOrigin.UPGRADED
    )
    specification = NFCCharField("quy cách", max_length=300, blank=True, help_text="Ví dụ: hộp giấy 200 g.")
    description = models.TextField("mô tả sản phẩm", blank=True)
    story = models.TextField("câu chuyện sản phẩm", blank=True)
    price = models.DecimalField("giá bán", max_digits=12, decimal_places=0, null=True, blank=True)
    price_unit = NFCCharField(
        "đơn vị tính giá", max_length=60, blank=True, help_text="Ví dụ: hộp 500 g, kg, lượt khách."
    )
    sales_channels = ArrayField(
        models.CharField(max_length=20, choices=SalesChannel),
        verbose_name="kênh bán hàng",
        default=list,
        blank=True,
    )
    status = models.CharField(
        "tình trạng", max_length=10, choices=ProductStatus, default=ProductStatus.PRODUCING
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "sản phẩm"
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="product_code_unique"),
            models.UniqueConstraint(fields=["entity", "name"], name="product_name_once_per_entity"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gt=0), name="product_price_positive"),
        ]
        indexes = [
            # All a list sorts, filters and counts by: pages are found in the index alone, however deep.
            models.Index(
                fields=["sort_name", "id"],
                include=["commune", "entity", "product_set", "status", "origin", "is_flagship"],
                name="product_list",
            ),
            # What a search joins: read without the rows themselves when a word is in very many names.
            models.Index(
                fields=["search_name", "id"], include=["commune", "entity", "code"], name="product_search"
            ),
            models.Index(fields=["entity", "id"], name="product_of_entity"),
            GinIndex(OpClass("search_name", "gin_trgm_ops"), name="product_name_trigrams"),
            GinIndex(OpClass(Upper("code"), "gin_trgm_ops"), name="product_code_trigrams"),
        ]


@pghistory.track()
class ProductPhoto(models.Model):
    """A picture of a product: made smaller, without the camera's data (place, time, device)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="photos")
    file = models.FileField("ảnh", max_length=200)
    thumbnail = models.FileField("ảnh nhỏ", max_length=200)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = NFCCharField("chú thích", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "ảnh sản phẩm"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "sha256"], name="product_photo_once"),
        ]

    def __str__(self) -> str:
        return self.caption or f"Ảnh {self.position} của {self.product}"


class CommuneCounter(models.Model):
    """Running numbers a commune keeps, one row a kind and year; locked while the next is taken."""

    commune = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="counters")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "kind", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.commune} {self.kind} {self.year}: {self.last}"


class RecognitionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(product__in=Product.objects.visible_to(user))

    def valid_on(self, day):
        """Recognitions in force on a day."""
        return self.filter(state=RecognitionState.VALID, decided_on__lte=day).filter(
            Q(expires_on=None) | Q(expires_on__gte=day) | Q(extended_until__gte=day)
        )


@pghistory.track()
class Recognition(models.Model):
    """A decision that gave a product its stars, under whatever legal basis was in force."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="recognitions")
    dossier = models.OneToOneField(
        "products.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="recognition"
    )
    star = models.PositiveSmallIntegerField("hạng sao")
    decision_number = NFCCharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định")
    decided_by = NFCCharField("cơ quan công nhận", max_length=200, blank=True)
    # Old lists often name the year alone: `decided_on` is then the last day of that year.
    year_only = models.BooleanField("chỉ biết năm quyết định", default=False)
    expires_on = models.DateField("hết hạn", null=True, blank=True)
    expiry_derived = models.BooleanField("ngày hết hạn do hệ thống tính", default=False)
    # Đ12 k3: a missed window keeps the recognition until the new result, at most 180 days.
    extended_until = models.DateField("gia hạn đến", null=True, blank=True)
    extension_reason = models.TextField("lý do gia hạn", blank=True)
    note = models.TextField("ghi chú", blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=RecognitionState, default=RecognitionState.VALID
    )
    legal_basis = models.CharField("căn cứ", max_length=60, default="26/2026/QĐ-TTg")

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả công nhận"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            # 1 and 2 stars get no decision and no certificate (Đ4 k1a).
            models.CheckConstraint(
                condition=Q(star__gte=3, star__lte=5), name="recognition_three_to_five_stars"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("decided_on")),
                name="recognition_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None)
                | (
                    Q(expires_on__isnull=False)
                    & Q(extended_until__gt=F("expires_on"))
                    & Q(extended_until__lte=F("expires_on") + timedelta(days=180))
                    & ~Q(extension_reason="")
                ),
                name="recognition_extended_at_most_180_days",
            ),
            models.UniqueConstraint(
                fields=["product"], condition=Q(state="valid"), name="recognition_one_valid_per_product"
            ),
        ]
        indexes = [
            models.Index(
                fields=["star", "product"],
                include=["decided_on", "expires_on", "extended_until"],
                condition=Q(state="valid"),
                name="recognition_valid_by_star",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} - {self.star} sao"

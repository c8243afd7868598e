"""Dossiers and their versions: what was filed, frozen for ever once submitted."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.enums import Role
from core.models import AdminUnit
from products.enums import DossierKind, DossierState
from products.models.products import Product


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entity: own dossiers. Commune and province: all of their area, drafts too (who may change: rules).

        Leadership and administrators read the whole province. Council members read the dossiers of
        their agenda through `evaluation`, not here.
        """
        scope = user.scope
        condition = scope.commune_q("commune", Role.COMMUNE_OFFICER, *Role.province_wide)
        if scope.has(Role.ENTITY):
            condition |= Q(product__entity__in=user.entity_accounts.values("entity"))
        return self.filter(condition)

    def open(self):
        """Still on the road; a product has at most one."""
        return self.exclude(state__in=DossierState.ended)

    def with_names(self):
        """What every list shows, in one query."""
        return self.select_related("product__entity", "product__product_set", "commune")


# The road of a dossier is read from its history, step after step, without the rows themselves.
ROAD_INDEX = models.Index(fields=["pgh_obj", "state_since"], include=["state"], name="dossier_road")


@pghistory.track(meta={"indexes": [ROAD_INDEX]})
class Dossier(models.Model):
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="dossiers", verbose_name="sản phẩm"
    )
    commune = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="dossiers")
    kind = models.CharField(
        "hình thức đăng ký", max_length=12, choices=DossierKind, default=DossierKind.FIRST
    )
    year = models.PositiveSmallIntegerField("năm đánh giá")
    state = models.CharField("trạng thái", max_length=20, choices=DossierState, default=DossierState.DRAFT)
    number = models.CharField("số phiếu đăng ký", max_length=60, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    state_since = models.DateTimeField("ở trạng thái này từ", auto_now_add=True)
    return_reason = models.TextField("lý do trả lại", blank=True)
    late_reason = models.TextField(
        "giải trình nộp ngoài thời hạn",
        blank=True,
        help_text="Đánh giá lại nộp muộn hơn 120 ngày trước khi hết hạn công nhận (Đ7 k6).",
    )
    proposal_number = models.CharField("số công văn đề nghị", max_length=60, blank=True)
    proposed_on = models.DateField("ngày công văn", null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="dossier_number_unique"),
            # One live dossier a product at a time: two would race for one recognition.
            models.UniqueConstraint(
                fields=["product"],
                condition=~Q(state__in=["recognised", "not_recognised", "excluded", "withdrawn"]),
                name="dossier_one_open_per_product",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"], name="dossier_by_state"),
            # What lists sort, filter and count by: pages are found in an index alone, however deep.
            models.Index(
                fields=["product", "-year", "id"], include=["commune", "state", "kind"], name="dossier_list"
            ),
            models.Index(fields=["state_since", "id"], include=["commune", "state"], name="dossier_by_day"),
            models.Index(
                fields=["submitted_at", "id"], include=["commune", "state"], name="dossier_by_filing"
            ),
            # Latest filings first, drafts last: an order the index above cannot be read in.
            models.Index(
                F("submitted_at").desc(nulls_last=True),
                "id",
                include=["commune", "state"],
                name="dossier_by_last_filing",
            ),
            models.Index(fields=["commune", "state", "year"], name="dossier_of_commune"),
            # What a search joins: read without the rows themselves.
            models.Index(fields=["product", "id"], name="dossier_of_product"),
            models.Index(
                fields=["number", "id"], include=["product", "commune", "state"], name="dossier_number"
            ),
            GinIndex(OpClass(Upper("number"), "gin_trgm_ops"), name="dossier_number_trigrams"),
        ]

    def __str__(self) -> str:
        return self.number or f"Hồ sơ {self.product}"

    @property
    def is_editable(self) -> bool:
        return self.state in DossierState.editable

    @property
    def is_open(self) -> bool:
        return self.state not in DossierState.ended

    @property
    def badge_kind(self) -> str:
        return DossierState(self.state).badge_kind

    @property
    def is_tourism(self) -> bool:
        return self.product.product_set.is_tourism

    @property
    def current_version(self) -> "DossierVersion":
        return self.versions.latest("number")


FREEZE = pgtrigger.Protect(
    name="frozen_once_submitted",
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__submitted_at__isnull=False),
)


@pghistory.track()
@pgtrigger.register(FREEZE)
class DossierVersion(models.Model):
    """One filing of the dossier: Mẫu 01 and the general part of Mẫu 02. A return opens the next version."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("lần")
    story = models.TextField("câu chuyện sản phẩm", blank=True)
    market = models.TextField("thị trường, kênh bán hàng", blank=True)
    materials = models.TextField("nguyên liệu và vùng nguyên liệu", blank=True)
    production = models.TextField("quy trình, năng lực sản xuất", blank=True)
    results = models.TextField("kết quả sản xuất, kinh doanh", blank=True)
    plan_ahead = models.TextField("kế hoạch thời gian tới", blank=True)
    changes_since = models.TextField("thay đổi so với lần công nhận trước", blank=True)
    samples = models.PositiveSmallIntegerField("số mẫu sản phẩm nộp kèm", default=0)
    snapshot = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "phiên bản hồ sơ"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | (Q(snapshot__isnull=False) & ~Q(sha256="")),
                name="version_submitted_has_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier}, lần {self.number}"

    @property
    def is_frozen(self) -> bool:
        return self.submitted_at is not None

    def copy(self) -> "DossierVersion":
        """The same row in memory a second time, for a form to clean into."""
        twin = DossierVersion(
            **{field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        )
        twin.dossier = self.dossier
        return twin

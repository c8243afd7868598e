"""Certificates, their revocation, and the inspections that may lead to it (Đ4, Đ8, Đ9)."""

import datetime
import secrets

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from evaluation import validity
from evaluation.enums import (
    CertificateState,
    InspectionKind,
    InspectionState,
    InspectionVerdict,
    RevocationGround,
    RevocationState,
)
from products.models import Product, Recognition, StoredFile


def new_token() -> str:
    """128 random bits: nobody guesses the address of a certificate, nor walks from one to the next."""
    return secrets.token_urlsafe(16)


class RevocationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the provinces a person works or reads for."""
        return self.filter(user.scope.unit_q("unit", *Role.province_wide))

    def with_names(self):
        return self.select_related(
            "unit",
            "recognition__product__entity",
            "recognition__product__commune",
            "recognition__certificate",
        )


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may read the product reads its certificates."""
        return self.filter(recognition__in=Recognition.objects.visible_to(user))

    def with_names(self):
        """What every list and page of certificates shows, in one query."""
        return self.select_related("unit", "recognition__product__entity", "recognition__product__commune")

    def in_state(self, state, day):
        """Those that stand in a CertificateState on a day."""
        return self.filter(validity.in_state(state, day, path="recognition"))


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The province's people; a commune's officers those of its products; an entity its own once done."""
        scope = user.scope
        condition = scope.unit_q("unit", *Role.province_wide)
        condition |= scope.commune_q("product__commune", Role.COMMUNE_OFFICER)
        if scope.has(Role.ENTITY):
            own = user.entity_accounts.values("entity")
            condition |= Q(product__entity__in=own, state=InspectionState.DONE)
        return self.filter(condition)

    def with_names(self):
        return self.select_related("product__entity", "product__commune", "unit")

    def to_mend(self):
        """Carried out, and what was asked to be mended is not yet."""
        return self.filter(state=InspectionState.DONE, verdict=InspectionVerdict.TO_MEND, followed_up_on=None)


@pgtrigger.register(
    pgtrigger.Protect(name="certificate_issued_once", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Certificate(models.Model):
    """Giấy chứng nhận of a recognition. Its state follows from the recognition and the day."""

    recognition = models.OneToOneField(Recognition, on_delete=models.PROTECT, related_name="certificate")
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="certificates")
    number = NFCCharField("số giấy chứng nhận", max_length=60)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    issued_on = models.DateField("ngày cấp")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy chứng nhận"
        ordering = ["-issued_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="certificate_number_once")]

    def __str__(self) -> str:
        return f"Giấy chứng nhận số {self.number}"

    @property
    def standing(self) -> validity.Standing:
        """How the certificate stands today."""
        return validity.standing(self.recognition, timezone.localdate())

    @property
    def in_force(self) -> bool:
        return self.standing.state in CertificateState.in_force


@pghistory.track()
class Inspection(models.Model):
    """Kiểm tra, giám sát of a recognised product (Đ9): planned, carried out, followed up."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="inspections")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="inspections")
    kind = models.CharField(
        "hình thức", max_length=8, choices=InspectionKind, default=InspectionKind.PERIODIC
    )
    basis = NFCCharField("quyết định, kế hoạch kiểm tra", max_length=300)
    planned_on = models.DateField("ngày dự kiến")
    contents = models.TextField("nội dung kiểm tra", blank=True)
    team = models.TextField("đoàn kiểm tra", blank=True)
    state = models.CharField(
        "trạng thái", max_length=9, choices=InspectionState, default=InspectionState.PLANNED
    )
    done_on = models.DateField("ngày kiểm tra", null=True, blank=True)
    findings = models.TextField("kết quả kiểm tra", blank=True)
    verdict = models.CharField("kết luận", max_length=7, choices=InspectionVerdict, blank=True)
    follow_up = models.TextField("yêu cầu khắc phục", blank=True)
    follow_up_due = models.DateField("hạn khắc phục", null=True, blank=True)
    followed_up_on = models.DateField("ngày khắc phục xong", null=True, blank=True)
    follow_up_result = models.TextField("kết quả khắc phục", blank=True)
    cancel_reason = models.TextField("lý do không thực hiện", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "kiểm tra sản phẩm"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(done_on__isnull=False) & ~Q(findings="") & ~Q(verdict="")),
                name="inspection_done_has_findings",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="to_mend") | (~Q(follow_up="") & Q(follow_up_due__isnull=False)),
                name="inspection_to_mend_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="inspection_cancelled_says_why"
            ),
            models.CheckConstraint(
                condition=Q(followed_up_on=None) | Q(followed_up_on__gte=F("done_on")),
                name="inspection_follow_up_after_it",
            ),
        ]

    def __str__(self) -> str:
        return f"Kiểm tra {self.product}"

    @property
    def badge_kind(self) -> str:
        if self.state != InspectionState.DONE:
            return "waiting" if self.state == InspectionState.PLANNED else "neutral"
        if self.verdict == InspectionVerdict.TO_MEND:
            return "good" if self.followed_up_on else "warning"
        return "good" if self.verdict == InspectionVerdict.PASSED else "danger"

    @property
    def word(self) -> str:
        """State and conclusion in one word for badges."""
        if self.state != InspectionState.DONE:
            return self.get_state_display()
        return "Đã khắc phục" if self.followed_up_on else self.get_verdict_display()

    @property
    def due_on(self) -> datetime.date:
        """The day the office waits for: of the inspection, or of what is to be mended."""
        return self.follow_up_due if self.waits_for_mending and self.follow_up_due else self.planned_on

    @property
    def waits_for_mending(self) -> bool:
        return (
            self.state == InspectionState.DONE
            and self.verdict == InspectionVerdict.TO_MEND
            and self.followed_up_on is None
        )


@pghistory.track()
class InspectionPhoto(models.Model):
    """A picture taken at an inspection: made smaller, without the camera's data."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="photos")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = NFCCharField("chú thích", max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "ảnh kiểm tra"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "stored"], name="inspection_photo_once")]

    def __str__(self) -> str:
        return self.caption or f"Ảnh {self.pk}"


@pghistory.track()
class Revocation(models.Model):
    """Thu hồi giấy chứng nhận (Đ8): from a competent body's conclusion to the decision, 15 days."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="revocations")
    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, related_name="revocations")
    ground = models.CharField("căn cứ thu hồi", max_length=16, choices=RevocationGround)
    detail = models.TextField("nội dung vi phạm")
    concluded_by = NFCCharField("cơ quan kết luận", max_length=200)
    conclusion_number = NFCCharField("số kết luận", max_length=60)
    concluded_on = models.DateField("ngày kết luận")
    due_on = models.DateField("hạn quyết định")
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="revocations"
    )
    state = models.CharField(
        "trạng thái", max_length=8, choices=RevocationState, default=RevocationState.OPEN
    )
    decision_number = NFCCharField("số quyết định thu hồi", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decided_by = NFCCharField("cơ quan quyết định", max_length=200, blank=True)
    drop_reason = models.TextField("lý do không thu hồi", blank=True)
    late_reason = models.TextField("lý do quyết định muộn", blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = "thu hồi giấy chứng nhận"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recognition"], condition=Q(state="open"), name="revocation_one_open"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("concluded_on")), name="revocation_due_after"),
            models.CheckConstraint(
                condition=~Q(state="revoked") | (Q(decided_on__isnull=False) & ~Q(decision_number="")),
                name="revocation_has_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(drop_reason=""), name="revocation_dropped_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Thu hồi: {self.recognition}"

    @property
    def badge_kind(self) -> str:
        return {"open": "waiting", "revoked": "danger", "dropped": "neutral"}[self.state]

    @property
    def is_overdue(self) -> bool:
        """Still open, and the fifteenth day after the conclusion has passed."""
        return self.state == RevocationState.OPEN and self.due_on < timezone.localdate()

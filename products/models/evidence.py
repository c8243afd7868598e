"""Evidence papers of a dossier version; the bytes of a file are stored once, whoever uploads them."""

from datetime import timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.fields import NFCCharField
from core.numbers import format_date
from products.enums import EvidenceGroup
from products.models.dossiers import Dossier, DossierVersion


@pgtrigger.register(
    pgtrigger.Protect(name="stored_file_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
)
class StoredFile(models.Model):
    """The bytes of a paper, named by their SHA-256; the type comes from the content, never from the name."""

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    content_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "tệp"

    def __str__(self) -> str:
        return self.sha256


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may read the dossier reads its papers."""
        return self.filter(version__dossier__in=Dossier.objects.visible_to(user))

    def with_files(self):
        """With what every list of papers shows, in one query."""
        return self.select_related("stored")

    def with_dossier(self):
        """With all that the page of one paper asks."""
        return self.select_related(
            "stored",
            "version__dossier__product__entity",
            "version__dossier__product__product_set",
            "version__dossier__commune",
        )


@pgtrigger.register(
    pgtrigger.Trigger(
        name="evidence_frozen_with_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TIMESTAMPTZ")],
        # A move to another version changes both: OLD and NEW are asked.
        func="""
            IF TG_OP <> 'INSERT' THEN
                SELECT submitted_at INTO found FROM products_dossierversion
                WHERE id = OLD.version_id FOR SHARE;
            END IF;
            IF TG_OP <> 'DELETE' AND found IS NULL THEN
                SELECT submitted_at INTO found FROM products_dossierversion
                WHERE id = NEW.version_id FOR SHARE;
            END IF;
            IF found IS NOT NULL THEN
                RAISE EXCEPTION 'the evidence of a submitted dossier version cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class Evidence(models.Model):
    """A paper in a dossier version (minh chứng): what it proves, its number, issuer and dates."""

    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="evidences")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidences")
    filename = NFCCharField("tên tệp", max_length=200)
    group = models.CharField("nhóm", max_length=25, choices=EvidenceGroup, default=EvidenceGroup.OTHER)
    title = NFCCharField("tên giấy tờ", max_length=300, blank=True)
    number = NFCCharField("số, ký hiệu", max_length=100, blank=True)
    issuer = NFCCharField("nơi cấp", max_length=200, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    expires_on = models.DateField("ngày hết hạn", null=True, blank=True)
    position = models.PositiveIntegerField("thứ tự", default=1)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        ordering = ["group", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "stored"], name="evidence_file_once_a_version"),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gt=F("issued_on")),
                name="evidence_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.filename

    @property
    def is_expired(self) -> bool:
        """Its last day has passed."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def expires_soon(self) -> bool:
        """Still valid, but not for long (setting EVIDENCE_EXPIRY_WARNING_DAYS)."""
        if self.expires_on is None or self.is_expired:
            return False
        return self.expires_on <= timezone.localdate() + timedelta(days=settings.EVIDENCE_EXPIRY_WARNING_DAYS)

    @property
    def details(self) -> str:
        """Number, issuer and dates in one line, as far as they are known."""
        number = f"số {self.number}" if self.number else ""
        issued = f"ngày {format_date(self.issued_on)}" if self.issued_on else ""
        expires = f"hết hạn {format_date(self.expires_on)}" if self.expires_on else ""
        return ", ".join(filter(None, [number, self.issuer, issued, expires]))

"""What a unit prints at the head and the foot of its papers, where it differs from the usual."""

import pghistory
from django.db import models

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from reports.enums import Issuer


class LetterheadQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER, Role.ADMINISTRATOR))


@pghistory.track()
class LetterheadSettings(models.Model):
    """Issuing bodies, symbol, place, signer and recipients of one issuing body of a unit.

    Text of several lines has one line of the paper a line.
    """

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="letterheads")
    issuer = models.CharField("nơi ban hành", max_length=10, choices=Issuer)
    governing_body = models.TextField("cơ quan chủ quản", blank=True)
    issuing_body = models.TextField("cơ quan ban hành")
    issuer_name = NFCCharField("tên cơ quan trong câu", max_length=200)
    symbol = NFCCharField("ký hiệu cơ quan", max_length=30)
    place = NFCCharField("địa danh", max_length=60)
    signer_position = models.TextField("quyền hạn, chức vụ người ký")
    signer_name = NFCCharField("họ và tên người ký", max_length=150, blank=True)
    copies = models.TextField("nơi nhận bản sao", blank=True)
    archive = NFCCharField("nơi lưu", max_length=60)

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu đề văn bản"
        constraints = [models.UniqueConstraint(fields=["unit", "issuer"], name="letterhead_once_an_issuer")]

    def __str__(self) -> str:
        return f"{self.get_issuer_display()} {self.unit}"

    def lines(self, column: str) -> tuple[str, ...]:
        """The lines of a column, without empty ones."""
        return tuple(line.strip() for line in getattr(self, column).splitlines() if line.strip())

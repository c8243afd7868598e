"""What was done or refused: an append-only log of acts.

Row changes (every column before and after) are kept by pghistory's event tables; this log keeps
the acts people recognise: submitted, returned, scored, refused.
"""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class AuditEntry(models.Model):
    at = models.DateTimeField("lúc", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField("người thực hiện", max_length=200, blank=True)
    verb = models.CharField("việc", max_length=60, db_index=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    object_label = models.CharField("đối tượng", max_length=300, blank=True)
    before = models.JSONField("trước", default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField("sau", default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField("lý do", blank=True)
    ip = models.GenericIPAddressField("địa chỉ", null=True)
    path = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "nhật ký"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="audit_by_object")]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name} {self.verb} {self.object_label}"

    def delete(self, *args, **kwargs):
        raise TypeError("Nhật ký không xóa được.")

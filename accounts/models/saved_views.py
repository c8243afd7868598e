"""How a person likes to see a list: filters, order and columns under a name of one's own."""

from django.conf import settings
from django.db import models

from core.fields import NFCCharField


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody has only one's own."""
        return self.filter(user=user)


class SavedView(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    # Name of the list's address ("products:dossiers").
    page = models.CharField("danh sách", max_length=60)
    name = NFCCharField("tên", max_length=60)
    query = models.CharField("địa chỉ", max_length=2000, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "chế độ xem đã lưu"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_name_once_a_list"),
        ]

    def __str__(self) -> str:
        return self.name

"""What the public reads of a recognised product: only what the province published."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import Role
from evaluation.models.certificates import new_token
from products.models import Product, ProductPhoto


class CatalogueEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the provinces a person works or reads for."""
        return self.filter(user.scope.commune_q("product__commune", *Role.province_wide))

    def published(self):
        return self.filter(published_at__isnull=False, withdrawn_at=None)


@pghistory.track()
class CatalogueEntry(models.Model):
    """A product in the public catalogue; shown while published and while its recognition is in force."""

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="catalogue_entry")
    # The public address names neither the row nor anything that can be counted through.
    slug = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    story = models.TextField("câu chuyện sản phẩm", blank=True)
    photos = models.ManyToManyField(ProductPhoto, blank=True, related_name="+", verbose_name="ảnh công khai")
    published_at = models.DateTimeField("công khai lúc", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    withdraw_reason = models.TextField("lý do gỡ", blank=True)

    objects = CatalogueEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "sản phẩm trong danh mục công khai"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdraw_reason=""), name="catalogue_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.product)

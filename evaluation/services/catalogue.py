"""Publishing recognised products, changing what is shown of them, taking them off again."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from evaluation.models import CatalogueEntry
from evaluation.queries.catalogue import first_story
from evaluation.services.guards import require
from products.enums import ProductStatus
from products.models import Product, ProductPhoto, Recognition
from products.services.common import lock_product

PERMISSION = "evaluation.manage_catalogue"


@transaction.atomic
def publish(*, products: Sequence[Product], by: Any) -> int:
    """Show products to everybody, all or none; gives how many are new in the catalogue.

    A product shown for the first time begins with its own story and photos. Raises PermissionDenied,
    DomainError for a product without a recognition in force, no longer made, or of a merged entity.
    """
    if not products:
        raise DomainError("Hãy chọn ít nhất một sản phẩm.")
    return sum(_publish(product, by) for product in sorted(products, key=lambda product: product.pk))


def _publish(product: Product, by: Any) -> int:
    require(by, PERMISSION, product)
    lock_product(product)
    _check_showable(product)
    entry = CatalogueEntry.objects.select_for_update().filter(product=product).first()
    if entry is not None and entry.published_at and entry.withdrawn_at is None:
        return 0
    if entry is None:
        entry = CatalogueEntry.objects.create(product=product, story=first_story(product))
        entry.photos.set(product.photos.all())
    entry.published_at, entry.published_by = timezone.now(), by
    entry.withdrawn_at, entry.withdraw_reason = None, ""
    entry.save(update_fields=["published_at", "published_by", "withdrawn_at", "withdraw_reason"])
    audit.record(by=by, verb="catalogue.publish", obj=product)
    return 1


def _check_showable(product: Product) -> None:
    today = timezone.localdate()
    if not Recognition.objects.valid_on(today).filter(product=product).exists():
        raise DomainError(f"{product}: không có kết quả công nhận đang có hiệu lực nên không công khai được.")
    if product.status == ProductStatus.STOPPED:
        raise DomainError(f"{product}: đã ngừng sản xuất nên không công khai được.")
    if product.entity.merged_into_id:
        raise DomainError(f"{product}: chủ thể đã được gộp; hãy công khai sản phẩm của chủ thể còn lại.")


@transaction.atomic
def change_entry(*, product: Product, story: str, photos: Sequence[ProductPhoto], by: Any) -> CatalogueEntry:
    """Set the story and the photos the public sees, before or after publishing.

    Raises PermissionDenied, DomainError for a photo of another product.
    """
    require(by, PERMISSION, product)
    lock_product(product)
    if any(photo.product_id != product.pk for photo in photos):
        raise DomainError("Ảnh không thuộc sản phẩm này.", field="photos")
    entry, _ = CatalogueEntry.objects.select_for_update().get_or_create(product=product)
    before = {"story": entry.story, "photos": sorted(entry.photos.values_list("pk", flat=True))}
    entry.story = story.strip()
    entry.save(update_fields=["story"])
    entry.photos.set(photos)
    after = {"story": entry.story, "photos": sorted(photo.pk for photo in photos)}
    if after != before:
        audit.record(by=by, verb="catalogue.change", obj=product, before=before, after=after)
    return entry


@transaction.atomic
def withdraw(*, product: Product, reason: str, by: Any) -> CatalogueEntry:
    """Take a product off the catalogue. Raises DomainError without a reason or when it is not shown."""
    require(by, PERMISSION, product)
    if not reason.strip():
        raise DomainError("Hãy ghi lý do gỡ khỏi danh mục.", field="reason")
    entry = CatalogueEntry.objects.select_for_update().filter(product=product).first()
    if entry is None or entry.published_at is None or entry.withdrawn_at is not None:
        raise DomainError("Sản phẩm không có trong danh mục công khai.")
    entry.withdrawn_at, entry.withdraw_reason = timezone.now(), reason.strip()
    entry.save(update_fields=["withdrawn_at", "withdraw_reason"])
    audit.record(by=by, verb="catalogue.withdraw", obj=product, reason=entry.withdraw_reason)
    return entry

"""Pictures of products: added, described, put in order, taken away. The first one is the cover."""

from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import audit
from core.exceptions import DomainError
from products import pictures
from products.models import DossierVersion, Product, ProductPhoto
from products.services.common import allow, lock_product, save_row

MOST_PHOTOS = 12


def add_photo(product: Product, *, upload: IO[bytes], name: str, by: Any) -> ProductPhoto:
    """Keep a picture of the product, behind those it has. `name`: as the sender called the file.

    Raises PermissionDenied, DomainError on `photos`: no picture, too large, there already, one too many.
    """
    allow(by, "products.change_product", product)
    _check_room(product)
    # Drawing takes time: done before anything is locked.
    picture = pictures.prepare(upload, name)
    with transaction.atomic():
        lock_product(product)
        _check_room(product)
        if product.photos.filter(sha256=picture.sha256).exists():
            raise DomainError(f"Ảnh “{name}” đã có trong bộ ảnh của sản phẩm.", field="photos")
        photo = ProductPhoto(
            product=product,
            file=_store(picture.sha256, "", picture.data),
            thumbnail=_store(picture.sha256, "-nho", picture.thumbnail),
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            position=product.photos.count() + 1,
            uploaded_by=by,
        )
        save_row(photo)
        _record("photo_add", photo, by=by)
    return photo


def _check_room(product: Product) -> None:
    if product.photos.count() >= MOST_PHOTOS:
        raise DomainError(
            f"Mỗi sản phẩm có tối đa {MOST_PHOTOS} ảnh; hãy bớt ảnh cũ trước khi thêm.", field="photos"
        )


def _store(sha256: str, suffix: str, data: bytes) -> str:
    """The name in the storage; the same bytes are kept once, whoever sends them."""
    name = f"photos/{sha256[:2]}/{sha256}{suffix}.jpg"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))


@transaction.atomic
def describe_photo(photo: ProductPhoto, *, caption: str, by: Any) -> ProductPhoto:
    """Say what the picture shows."""
    photo = _locked(photo, by=by)
    before = photo.caption
    photo.caption = caption
    save_row(photo, update_fields=["caption"])
    if photo.caption != before:
        _record("photo_describe", photo, by=by)
    return photo


@transaction.atomic
def move_photo(photo: ProductPhoto, *, to: int, by: Any) -> None:
    """Put the picture at a place, 1 being the cover; the others close up. Beyond the ends is the end."""
    photo = _locked(photo, by=by)
    others = list(photo.product.photos.exclude(pk=photo.pk))
    others.insert(max(0, to - 1), photo)
    _number(others)
    _record("photo_move", photo, by=by)


@transaction.atomic
def remove_photo(photo: ProductPhoto, *, by: Any) -> None:
    """Take the picture away; its file goes when no other product shows it and no filed version names it."""
    photo = _locked(photo, by=by)
    _record("photo_remove", photo, by=by)
    product, names = photo.product, [str(photo.file.name), str(photo.thumbnail.name)]
    photo.delete()
    _number(list(product.photos.all()))
    if not ProductPhoto.objects.filter(sha256=photo.sha256).exists() and not _is_filed(photo):
        transaction.on_commit(lambda: _forget(names))


def _is_filed(photo: ProductPhoto) -> bool:
    """A version that was filed with the picture is kept for ever, and its picture with it."""
    named = [{"sha256": photo.sha256}]
    filed = DossierVersion.objects.filter(dossier__product=photo.product_id)
    return filed.filter(snapshot__product__photos__contains=named).exists()


def _forget(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _locked(photo: ProductPhoto, *, by: Any) -> ProductPhoto:
    """The stored picture while nobody else changes those of its product. Gone meanwhile: DomainError."""
    product = photo.product
    allow(by, "products.change_product", product)
    lock_product(product)
    found = product.photos.filter(pk=photo.pk).first()
    if found is None:
        raise DomainError("Ảnh này vừa được xóa.")
    found.product = product
    return found


def _number(photos: list[ProductPhoto]) -> None:
    for place, photo in enumerate(photos, start=1):
        if photo.position != place:
            photo.position = place
            photo.save(update_fields=["position"])


def _record(act: str, photo: ProductPhoto, *, by: Any) -> None:
    audit.record(
        by=by, verb=f"product.{act}", obj=photo.product, after={"photo": photo.pk, "caption": photo.caption}
    )

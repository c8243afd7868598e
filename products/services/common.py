"""What every verb of this app shares: ask the right, lock, store, say refusals in words."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from core import audit
from core.exceptions import DomainError
from products.models import Dossier, DossierVersion, Product

Row = TypeVar("Row", bound=Model)

# What people are told when the database refuses: constraint -> (field, sentence).
CONSTRAINT_WORDS: dict[str, tuple[str | None, str]] = {
    "entity_tax_code_unique": ("tax_code", "Mã số thuế này đã thuộc một chủ thể khác trong hệ thống."),
    "entity_local_workers_within_total": (
        "workers_local",
        "Lao động tại địa phương không được nhiều hơn tổng số lao động.",
    ),
    "evidence_file_once_a_version": (None, "Tệp này đã có trong hồ sơ, không cần tải lại."),
    "evidence_dates_in_order": ("expires_on", "Ngày hết hạn phải sau ngày cấp."),
    "product_name_once_per_entity": ("name", "Chủ thể đã có sản phẩm mang tên này."),
    "dossier_one_open_per_product": (None, "Sản phẩm đang có một hồ sơ chưa kết thúc; hãy mở hồ sơ đó."),
}


def allow(by: Any, permission: str, obj: Model) -> None:
    if not by.has_perm(permission, obj):
        raise PermissionDenied


def check(validator: Callable[..., None], *values: Any, field: str) -> None:
    """A validator of forms, asked here: its ValidationError becomes a DomainError on `field`."""
    try:
        validator(*values)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error


def lock_dossier(dossier: Dossier) -> Dossier:
    dossier.refresh_from_db(from_queryset=Dossier.objects.with_names().select_for_update(of=("self",)))
    return dossier


def lock_product(product: Product) -> None:
    """Locked and re-read: name and set cannot change between the check of a dossier and its freezing."""
    # Two statements: one that waited for a merge would join the product's entity of before, and find nothing.
    Product.objects.select_for_update().only("pk").get(pk=product.pk)
    product.refresh_from_db(from_queryset=Product.objects.with_names())


def lock_current_version(dossier: Dossier) -> DossierVersion:
    version = dossier.versions.select_for_update().latest("number")
    version.dossier = dossier
    return version


def create_row(obj: Row, permission: str, *, by: Any) -> Row:
    allow(by, permission, obj)
    save_row(obj)
    audit.record(by=by, verb=f"{obj._meta.model_name}.create", obj=obj)
    return obj


def update_row(obj: Any, permission: str, *, by: Any, fields: dict[str, Any]) -> Any:
    """Set the columns that differ, on a row of the user's area before and after; log only those."""
    allow(by, permission, obj)
    before = {name: getattr(obj, name) for name in fields}
    changed = [name for name, value in fields.items() if before[name] != value]
    if not changed:
        return obj
    for name in changed:
        setattr(obj, name, fields[name])
    allow(by, permission, obj)
    # Only what changed: a whole row would undo what others wrote since it was read (a product's code).
    save_row(obj, update_fields=changed)
    audit.record(
        by=by,
        verb=f"{obj._meta.model_name}.update",
        obj=obj,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(fields[name]) for name in changed},
    )
    return obj


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Model) else value


def column_label(obj: Model, name: str) -> str:
    """What people call a column, for the log: "mã số thuế"."""
    return str(getattr(obj._meta.get_field(name), "verbose_name", name))


def save_row(obj: Model, *, update_fields: list[str] | None = None) -> None:
    """Clean and store; what the columns or the database refuse is said as a DomainError."""
    clean_row(obj)
    try:
        with transaction.atomic():
            obj.save(update_fields=update_fields)
    except IntegrityError as error:
        raise _said(error) from error


def clean_row(obj: Model) -> None:
    """Ask the columns whether they take what the row holds. Raises DomainError on the first that refuses."""
    # References come from querysets and are guarded by the database: no query to look them up again.
    references = [field.name for field in obj._meta.concrete_fields if field.is_relation]
    try:
        obj.full_clean(exclude=references, validate_constraints=False, validate_unique=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == NON_FIELD_ERRORS else field) from error


def _said(error: IntegrityError) -> Exception:
    """The sentence for a broken constraint, or the error itself when nobody foresaw it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    field, words = CONSTRAINT_WORDS.get(name or "", (None, ""))
    return DomainError(words, field=field) if words else error

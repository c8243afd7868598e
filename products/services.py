"""What happens to entities, products and dossiers. Every verb: atomic, permission asked, logged.

Refusals: PermissionDenied (not yours), DomainError (a rule; Vietnamese message, perhaps a field),
ConflictError (somebody saved meanwhile).
"""

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from core import audit
from core.exceptions import ConflictError, DomainError
from core.models import AdminUnit
from core.text import nfc
from products import completeness, numbering, signals, snapshot, workflow
from products.enums import DossierKind, DossierState
from products.models import Dossier, DossierVersion, Entity, EntityAccount, Product, ProductSet, Recognition
from products.validators import check_legal_form

Row = TypeVar("Row", bound=Model)

# What people are told when the database refuses: constraint -> (field, sentence).
CONSTRAINT_WORDS: dict[str, tuple[str | None, str]] = {
    "entity_tax_code_unique": ("tax_code", "Mã số thuế này đã thuộc một chủ thể khác trong hệ thống."),
    "entity_local_workers_within_total": (
        "workers_local",
        "Lao động tại địa phương không được nhiều hơn tổng số lao động.",
    ),
    "product_name_once_per_entity": ("name", "Chủ thể đã có sản phẩm mang tên này."),
    "dossier_one_open_per_product": (None, "Sản phẩm đang có một hồ sơ chưa kết thúc; hãy mở hồ sơ đó."),
}


class IncompleteError(DomainError):
    """The dossier cannot be filed yet; `missing` lists everything still to do."""

    def __init__(self, missing: list[completeness.Missing]) -> None:
        self.missing = missing
        super().__init__("Hồ sơ chưa đủ để nộp. " + " ".join(item.text for item in missing))


# --- entities and products ---


@transaction.atomic
def create_entity(*, by: Any, **fields: Any) -> Entity:
    """A new entity in a commune of the officer's area; `fields` are columns of Entity."""
    return _create(Entity(**fields), "products.add_entity", by=by)


@transaction.atomic
def update_entity(entity: Entity, *, by: Any, **fields: Any) -> Entity:
    """Change columns of an entity. Its legal form must suit the products it has (Đ2 k3)."""
    _allow(by, "products.change_entity", entity)
    form = fields.get("legal_form", entity.legal_form)
    for product in entity.products.select_related("product_set"):
        _check(check_legal_form, form, product.product_set.is_tourism, field="legal_form")
    return _update(entity, "products.change_entity", by=by, fields=fields)


@transaction.atomic
def give_account(entity: Entity, *, user: Any, by: Any) -> EntityAccount:
    """Let a user act for the entity; officers of its area only. Giving it twice changes nothing."""
    _allow(by, "products.add_entity", entity)
    account, created = EntityAccount.objects.get_or_create(entity=entity, user=user)
    if created:
        audit.record(by=by, verb="entity.give_account", obj=entity, after={"user": str(user)})
    return account


@transaction.atomic
def create_product(
    *, entity: Entity, product_set: ProductSet, by: Any, commune: AdminUnit | None = None, **fields: Any
) -> Product:
    """A new product of an entity, in the entity's commune unless another one is given."""
    _check(check_legal_form, entity.legal_form, product_set.is_tourism, field="product_set")
    product = Product(entity=entity, product_set=product_set, commune=commune or entity.commune, **fields)
    return _create(product, "products.add_product", by=by)


@transaction.atomic
def update_product(product: Product, *, by: Any, **fields: Any) -> Product:
    """Change columns of a product; what a filed dossier or a code rests on stays.

    Name and set stay while a dossier is under assessment (a returned one may be put right) and, but for
    a provincial officer, while a recognition is in force; the commune once it is part of the code.
    """
    _lock_product(product)
    _allow(by, "products.change_product", product)
    chosen = fields.get("product_set", product.product_set)
    _check(check_legal_form, product.entity.legal_form, chosen.is_tourism, field="product_set")
    if nfc(fields.get("name", product.name)) != product.name:
        _check_identity_free(product, "tên", field="name", by=by)
    if chosen != product.product_set:
        _check_identity_free(product, "bộ sản phẩm", field="product_set", by=by)
    if product.code and fields.get("commune", product.commune) != product.commune:
        raise DomainError("Mã số sản phẩm đã cấp theo xã, không đổi xã được.", field="commune")
    return _update(product, "products.change_product", by=by, fields=fields)


def _check_identity_free(product: Product, word: str, *, field: str, by: Any) -> None:
    """Name or set (`word`) may change: no filed dossier rests on it, no certificate in force names it."""
    if product.dossiers.open().exclude(state__in=DossierState.editable).exists():
        raise DomainError(f"Sản phẩm đang có hồ sơ đã nộp, chưa đổi được {word}.", field=field)
    recognised = product.recognitions.valid_on(timezone.localdate()).exists()
    if recognised and not by.has_perm("products.rename_recognised_product", product):
        raise DomainError(
            f"Giấy chứng nhận còn hiệu lực ghi {word} này; chỉ cán bộ OCOP cấp tỉnh đổi được.", field=field
        )


# --- dossiers: beginning and writing ---


@transaction.atomic
def create_dossier(*, product: Product, kind: str, by: Any, year: int | None = None) -> Dossier:
    """Begin a dossier for the product with its first, empty version. `year` of evaluation: else this year."""
    _allow(by, "products.add_dossier", product)
    check_kind(product, kind)
    dossier = Dossier(
        product=product,
        commune=product.commune,
        kind=kind,
        year=year or timezone.localdate().year,
        created_by=by,
    )
    _save(dossier)
    DossierVersion.objects.create(dossier=dossier, number=1)
    audit.record(by=by, verb="dossier.create", obj=dossier, after={"kind": kind, "year": dossier.year})
    return dossier


@transaction.atomic
def update_registration(dossier: Dossier, *, by: Any, kind: str, year: int) -> Dossier:
    """Change kind and year of a dossier that was never filed."""
    locked = _lock(dossier)
    _allow(by, "products.change_dossier", locked)
    if locked.state != DossierState.DRAFT:
        raise DomainError("Hồ sơ đã nộp, không đổi được hình thức đăng ký và năm đánh giá.")
    check_kind(locked.product, kind)
    return _update(locked, "products.change_dossier", by=by, fields={"kind": kind, "year": year})


def check_kind(product: Product, kind: str) -> None:
    """Đ6 k1: upgrade and re-ranking follow a recognition; a product still recognised is not filed as first.

    Raises DomainError on the field `kind`.
    """
    if kind != DossierKind.FIRST and not product.recognitions.exists():
        label = DossierKind(kind).label.lower()
        raise DomainError(
            f"Sản phẩm chưa từng được công nhận nên chưa đăng ký {label} được; chọn Đánh giá lần đầu.",
            field="kind",
        )
    valid = Recognition.objects.filter(product=product).valid_on(timezone.localdate()).first()
    if kind == DossierKind.FIRST and valid:
        raise DomainError(
            f"Sản phẩm đang được công nhận {valid.star} sao; chọn Nâng hạng hoặc Đánh giá, phân hạng lại.",
            field="kind",
        )


@transaction.atomic
def save_draft(version: DossierVersion, *, by: Any, data: dict[str, Any], revision: int) -> DossierVersion:
    """Store what was typed, however incomplete. Gives the version with its new revision.

    `data`: columns of `completeness.DRAFT_FIELDS`, any of them; `revision`: the one the writer had read.
    Raises ConflictError when somebody saved since, DomainError when the version is already filed. Row
    history keeps every value (pghistory); the log of acts is not filled with keystrokes.
    """
    if unknown := data.keys() - set(completeness.DRAFT_FIELDS):
        raise TypeError(f"not part of a draft: {sorted(unknown)}")
    dossier = _lock(version.dossier)
    locked = DossierVersion.objects.select_for_update().get(pk=version.pk)
    locked.dossier = dossier
    _allow(by, "products.change_dossier", dossier)
    if locked.is_frozen or not dossier.is_editable:
        raise DomainError("Hồ sơ đã nộp nên không sửa được; nội dung đã nộp được giữ nguyên.")
    if locked.revision != revision:
        raise ConflictError("Hồ sơ vừa được lưu từ một thẻ hoặc một người khác.")
    return _write(locked, {name: _composed(value) for name, value in data.items()})


def _write(version: DossierVersion, data: dict[str, Any]) -> DossierVersion:
    changed = {name: value for name, value in data.items() if getattr(version, name) != value}
    for name, value in changed.items():
        setattr(version, name, value)
    if changed:
        version.revision += 1
        _save(version, update_fields=[*changed, "revision"])
    return version


def _composed(value: Any) -> Any:
    """Text in NFC with its paragraphs kept (TCVN 6909:2001)."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


# --- the road ---


@transaction.atomic
def perform(dossier: Dossier, transition_name: str, *, by: Any, note: str = "", **data: Any) -> Dossier:
    """Take one step of the road (`workflow.TRANSITIONS`). Gives the same dossier, locked and re-read.

    `note`: the reason, where the step needs one; `data`: the columns the step needs. Raises
    PermissionDenied, DomainError (wrong state, missing reason or data), IncompleteError at filing.
    """
    transition = workflow.TRANSITIONS[transition_name]
    dossier = _lock(dossier)
    _allow(by, transition.permission, dossier)
    _check_step(transition, dossier, note=note, data=data)
    before = _columns(dossier)
    finish = EFFECTS.get(transition.name, _nothing)(dossier, by=by, note=note)
    for name in transition.needs:
        setattr(dossier, name, data[name])
    dossier.state, dossier.state_since = transition.target, timezone.now()
    _save(dossier)
    finish()
    _record_move(dossier, transition, before, by=by, note=note)
    signals.dossier_moved.send(sender=Dossier, dossier=dossier, transition=transition, by=by)
    return dossier


def _check_step(
    transition: workflow.Transition, dossier: Dossier, *, note: str, data: dict[str, Any]
) -> None:
    if unknown := data.keys() - set(transition.needs):
        raise TypeError(f"{transition.name} takes no {sorted(unknown)}")
    if dossier.state not in transition.source:
        state = DossierState(dossier.state).label
        raise DomainError(f"Hồ sơ đang ở trạng thái “{state}” nên không thể thực hiện: {transition.label}.")
    if transition.needs_note and not note.strip():
        raise DomainError("Cần ghi lý do trả lại để chủ thể biết phải bổ sung gì.", field="note")
    for name in transition.needs:
        if not data.get(name):
            raise DomainError(f"Cần nhập {_label(name)}.", field=name)
    if (day := data.get("proposed_on")) and day > timezone.localdate():
        raise DomainError("Ngày công văn không được sau hôm nay.", field="proposed_on")


def _label(column: str) -> str:
    return str(getattr(Dossier._meta.get_field(column), "verbose_name", column))


def _file(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    """Filing: complete, numbered once, coded once, then frozen with its hash (Đ6, Đ7 k1)."""
    _lock_product(dossier.product)
    version = _lock_current_version(dossier)
    if missing := completeness.blockers(version):
        raise IncompleteError(missing)
    now = timezone.now()
    dossier.return_reason = ""
    dossier.submitted_at = dossier.submitted_at or now
    dossier.number = dossier.number or numbering.registration_number(dossier.commune, year=dossier.year)
    _give_code(dossier.product, year=dossier.year)
    return lambda: _freeze(version, by=by, at=now)


def _give_code(product: Product, *, year: int) -> None:
    if not product.code:
        product.code = numbering.product_code(product.commune, year=year)
        product.save(update_fields=["code"])


def _freeze(version: DossierVersion, *, by: Any, at: dt.datetime) -> None:
    version.snapshot = snapshot.take(version)
    version.sha256 = snapshot.sha256_of(version.snapshot)
    version.submitted_at, version.submitted_by = at, by
    _save(version, update_fields=["snapshot", "sha256", "submitted_at", "submitted_by"])


def _send_back(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    """A return: the reason stays on the dossier, the next version opens with what was filed."""
    dossier.return_reason = note.strip()
    dossier.proposal_number, dossier.proposed_on = "", None
    return lambda: _open_next_version(dossier)


def _open_next_version(dossier: Dossier) -> None:
    old = _lock_current_version(dossier)
    copied = {name: getattr(old, name) for name in completeness.DRAFT_FIELDS}
    new = DossierVersion.objects.create(dossier=dossier, number=old.number + 1, **copied)
    signals.version_opened.send(sender=DossierVersion, old=old, new=new)


def _nothing(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    return lambda: None


# Step -> what it changes on the dossier; the answer is done after the dossier is saved.
EFFECTS: dict[str, Callable[..., Callable[[], None]]] = {
    "submit": _file,
    "return_to_entity": _send_back,
    "return_from_province": _send_back,
}

_MOVING_COLUMNS = ("state", "number", "return_reason", "proposal_number", "proposed_on")


def _columns(dossier: Dossier) -> dict[str, Any]:
    return {name: getattr(dossier, name) for name in _MOVING_COLUMNS}


def _record_move(
    dossier: Dossier, transition: workflow.Transition, before: dict[str, Any], *, by: Any, note: str
) -> None:
    after = _columns(dossier)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        by=by,
        verb=f"dossier.{transition.name}",
        obj=dossier,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        reason=note.strip(),
    )


# --- shared by the verbs above ---


def _allow(by: Any, permission: str, obj: Model) -> None:
    if not by.has_perm(permission, obj):
        raise PermissionDenied


def _check(validator: Callable[..., None], *values: Any, field: str) -> None:
    """A validator of forms, asked here: its ValidationError becomes a DomainError on `field`."""
    try:
        validator(*values)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error


def _lock(dossier: Dossier) -> Dossier:
    dossier.refresh_from_db(from_queryset=Dossier.objects.with_names().select_for_update(of=("self",)))
    return dossier


def _lock_product(product: Product) -> None:
    """Locked and re-read: name and set cannot change between the check of a dossier and its freezing."""
    product.refresh_from_db(from_queryset=Product.objects.with_names().select_for_update(of=("self",)))


def _lock_current_version(dossier: Dossier) -> DossierVersion:
    version = dossier.versions.select_for_update().latest("number")
    version.dossier = dossier
    return version


def _create(obj: Row, permission: str, *, by: Any) -> Row:
    _allow(by, permission, obj)
    _save(obj)
    audit.record(by=by, verb=f"{obj._meta.model_name}.create", obj=obj)
    return obj


def _update(obj: Any, permission: str, *, by: Any, fields: dict[str, Any]) -> Any:
    """Set the columns that differ, on a row of the user's area before and after; log only those."""
    _allow(by, permission, obj)
    before = {name: getattr(obj, name) for name in fields}
    changed = [name for name, value in fields.items() if before[name] != value]
    if not changed:
        return obj
    for name in changed:
        setattr(obj, name, fields[name])
    _allow(by, permission, obj)
    # Only what changed: a whole row would undo what others wrote since it was read (a product's code).
    _save(obj, update_fields=changed)
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


def _save(obj: Model, *, update_fields: list[str] | None = None) -> None:
    """Clean and store; what the columns or the database refuse is said as a DomainError."""
    # References come from querysets and are guarded by the database: no query to look them up again.
    references = [field.name for field in obj._meta.concrete_fields if field.is_relation]
    try:
        obj.full_clean(exclude=references, validate_constraints=False, validate_unique=False)
        with transaction.atomic():
            obj.save(update_fields=update_fields)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == NON_FIELD_ERRORS else field) from error
    except IntegrityError as error:
        raise _said(error) from error


def _said(error: IntegrityError) -> Exception:
    """The sentence for a broken constraint, or the error itself when nobody foresaw it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    field, words = CONSTRAINT_WORDS.get(name or "", (None, ""))
    return DomainError(words, field=field) if words else error

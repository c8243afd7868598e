"""Kiểm tra, giám sát sản phẩm sau công nhận (Đ9 QĐ 26/2026): planned, carried out, followed up."""

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from core.numbers import format_date
from core.text import nfc
from evaluation.enums import InspectionState, InspectionVerdict
from evaluation.models import Inspection, InspectionPhoto
from evaluation.services.guards import require
from evaluation.services.revocations import people_of
from products import pictures
from products.models import Product, Recognition, StoredFile

MANAGE = "evaluation.manage_inspection"
MOST_PHOTOS = 20
MOST_AT_ONCE = 200


@transaction.atomic
def plan(
    *,
    products: Iterable[Product],
    kind: str,
    basis: str,
    planned_on: date,
    by: Any,
    contents: str = "",
    team: str = "",
) -> list[Inspection]:
    """Plan the inspection of recognised products on one paper and day, all or none (Đ9).

    Raises DomainError without products, for more than 200, for one without a recognition in force or with
    an inspection planned already (naming them), and without the paper it rests on.
    """
    chosen = list(products)
    if not chosen:
        raise DomainError("Hãy chọn ít nhất một sản phẩm.", field="products")
    if len(chosen) > MOST_AT_ONCE:
        raise DomainError(f"Mỗi lần lập tối đa {MOST_AT_ONCE} sản phẩm; hãy chọn ít hơn.", field="products")
    for product in chosen:
        require(by, MANAGE, product)
    if not basis.strip():
        raise DomainError("Hãy ghi quyết định hoặc kế hoạch kiểm tra làm căn cứ.", field="basis")
    _check_products(chosen)
    rows = [
        Inspection.objects.create(
            unit_id=product.commune.parent_id or product.commune_id,
            product=product,
            kind=kind,
            basis=nfc(basis),
            planned_on=planned_on,
            contents=contents.strip(),
            team=team.strip(),
            created_by=by,
        )
        for product in chosen
    ]
    told = {"kind": kind, "planned_on": planned_on}
    audit.record_all([audit.entry(by=by, verb="inspection.plan", obj=row, after=told) for row in rows])
    return rows


def _check_products(products: list[Product]) -> None:
    ids = [product.pk for product in products]
    # Two hands that plan the same product take turns, in one order.
    list(Product.objects.select_for_update().filter(pk__in=ids).order_by("pk").only("pk"))
    valid = Recognition.objects.valid_on(timezone.localdate()).filter(product__in=ids)
    recognised = set(valid.values_list("product", flat=True))
    planned = set(
        Inspection.objects.filter(product__in=ids, state=InspectionState.PLANNED).values_list(
            "product", flat=True
        )
    )
    if names := [product.name for product in products if product.pk not in recognised]:
        raise DomainError(
            f"Chỉ kiểm tra sản phẩm đang được công nhận; hãy bỏ: {', '.join(names)}.", field="products"
        )
    if names := [product.name for product in products if product.pk in planned]:
        raise DomainError(
            f"Đã có cuộc kiểm tra chưa thực hiện; hãy bỏ: {', '.join(names)}.", field="products"
        )


@transaction.atomic
def carry_out(
    *,
    inspection: Inspection,
    done_on: date,
    findings: str,
    verdict: str,
    by: Any,
    team: str = "",
    follow_up: str = "",
    follow_up_due: date | None = None,
) -> Inspection:
    """Record what was found and concluded; told again, it is put right until something rests on it.

    To mend asks what and until when. Commune and entity are told. Raises DomainError for a day in the future,
    empty findings, a cancelled inspection, one followed up already or one that a revocation rests on.
    """
    row = _locked(inspection, by)
    _check_may_be_told(row)
    _check_result(done_on, findings, verdict, follow_up, follow_up_due)
    mends = verdict == InspectionVerdict.TO_MEND
    before = {"state": row.state, "verdict": row.verdict}
    row.state, row.done_on, row.verdict = InspectionState.DONE, done_on, verdict
    row.findings, row.team = findings.strip(), team.strip() or row.team
    row.follow_up = follow_up.strip() if mends else ""
    row.follow_up_due = follow_up_due if mends else None
    row.save()
    after = {"state": row.state, "verdict": verdict, "done_on": done_on, "follow_up_due": row.follow_up_due}
    audit.record(by=by, verb="inspection.carry_out", obj=row, before=before, after=after)
    _tell(row, by=by)
    return row


def _check_may_be_told(row: Inspection) -> None:
    if row.state == InspectionState.CANCELLED:
        raise DomainError("Cuộc kiểm tra này đã hủy; hãy lập kế hoạch mới.")
    if row.followed_up_on is not None:
        raise DomainError("Đã ghi kết quả khắc phục nên không sửa kết quả kiểm tra được nữa.")
    if row.revocations.exists():
        raise DomainError("Đã mở việc thu hồi từ cuộc kiểm tra này nên không sửa kết quả được nữa.")


def _check_result(done_on: date, findings: str, verdict: str, follow_up: str, due: date | None) -> None:
    if done_on > timezone.localdate():
        raise DomainError("Ngày kiểm tra không thể ở tương lai.", field="done_on")
    if not findings.strip():
        raise DomainError("Hãy ghi kết quả kiểm tra.", field="findings")
    if verdict not in InspectionVerdict.values:
        raise DomainError("Hãy chọn kết luận.", field="verdict")
    if verdict != InspectionVerdict.TO_MEND:
        return
    if not follow_up.strip():
        raise DomainError("Hãy ghi nội dung phải khắc phục.", field="follow_up")
    if due is None or due < done_on:
        raise DomainError("Hãy ghi hạn khắc phục, không trước ngày kiểm tra.", field="follow_up_due")


@transaction.atomic
def record_follow_up(*, inspection: Inspection, followed_up_on: date, result: str, by: Any) -> Inspection:
    """What was asked is mended: when, and how it was seen. Also after its day; the page says how late.

    Raises DomainError when nothing waits to be mended, for a day before the inspection or in the future, and
    without words.
    """
    row = _locked(inspection, by)
    if not row.waits_for_mending or row.done_on is None:
        raise DomainError("Cuộc kiểm tra này không có yêu cầu khắc phục đang chờ.")
    if not row.done_on <= followed_up_on <= timezone.localdate():
        raise DomainError(
            f"Ngày khắc phục từ ngày kiểm tra ({format_date(row.done_on)}) đến hôm nay.",
            field="followed_up_on",
        )
    if not result.strip():
        raise DomainError("Hãy ghi kết quả khắc phục.", field="result")
    row.followed_up_on, row.follow_up_result = followed_up_on, result.strip()
    row.save()
    after = {"followed_up_on": followed_up_on}
    audit.record(by=by, verb="inspection.follow_up", obj=row, after=after, reason=row.follow_up_result)
    return row


@transaction.atomic
def cancel(*, inspection: Inspection, reason: str, by: Any) -> Inspection:
    """A planned inspection is not carried out. Raises DomainError without a reason or once it is done."""
    row = _locked(inspection, by)
    if row.state != InspectionState.PLANNED:
        raise DomainError("Chỉ hủy cuộc kiểm tra chưa thực hiện.")
    if not reason.strip():
        raise DomainError("Hãy ghi lý do không thực hiện.", field="reason")
    row.state, row.cancel_reason = InspectionState.CANCELLED, reason.strip()
    row.save()
    audit.record(by=by, verb="inspection.cancel", obj=row, reason=row.cancel_reason)
    return row


def _locked(inspection: Inspection, by: Any) -> Inspection:
    rows = Inspection.objects.select_for_update(of=("self",)).with_names()
    row = rows.get(pk=inspection.pk)
    require(by, MANAGE, row)
    return row


def _tell(row: Inspection, *, by: Any) -> None:
    due = f", khắc phục trước ngày {format_date(row.follow_up_due)}" if row.follow_up_due else ""
    notices.send(
        [user for user in people_of(row.product) if user != by],
        kind=NoticeKind.RECOGNITION,
        title=f"Kết quả kiểm tra sản phẩm OCOP: {row.product.name}",
        body=f"{InspectionVerdict(row.verdict).label}{due}",
        url=reverse("evaluation:inspection", args=[row.pk]),
        key=f"inspection:{row.pk}:{row.done_on}:{row.verdict}:{row.follow_up_due}",
    )


# --- photos ---


def add_photo(
    *, inspection: Inspection, upload: IO[bytes], name: str, by: Any, caption: str = ""
) -> InspectionPhoto:
    """Keep a picture taken at the inspection: made smaller, without the camera's data.

    Raises DomainError on `photos`: no picture, too large, there already, one too many, inspection cancelled.
    """
    require(by, MANAGE, inspection)
    _check_room(inspection)
    # Drawing takes time: done before anything is locked.
    picture = pictures.prepare(upload, name)
    with transaction.atomic():
        row = _locked(inspection, by)
        _check_room(row)
        stored = _stored(picture)
        if row.photos.filter(stored=stored).exists():
            raise DomainError(f"Ảnh “{name}” đã có ở cuộc kiểm tra này.", field="photos")
        photo = InspectionPhoto.objects.create(inspection=row, stored=stored, caption=caption, added_by=by)
        audit.record(by=by, verb="inspection.photo_add", obj=row, after={"photo": photo.pk})
    return photo


@transaction.atomic
def remove_photo(*, photo: InspectionPhoto, by: Any) -> None:
    """Take a picture away; its bytes go with `prune_files` when nothing else uses them."""
    row = _locked(photo.inspection, by)
    audit.record(by=by, verb="inspection.photo_remove", obj=row, after={"photo": photo.pk})
    photo.delete()


def _check_room(inspection: Inspection) -> None:
    if inspection.state == InspectionState.CANCELLED:
        raise DomainError("Cuộc kiểm tra này đã hủy nên không thêm ảnh được.", field="photos")
    if inspection.photos.count() >= MOST_PHOTOS:
        raise DomainError(
            f"Mỗi cuộc kiểm tra có tối đa {MOST_PHOTOS} ảnh; hãy bớt ảnh cũ trước khi thêm.", field="photos"
        )


def _stored(picture: pictures.Picture) -> StoredFile:
    """The bytes, kept once: whoever comes second uses the row of the first."""
    found = StoredFile.objects.select_for_update().filter(sha256=picture.sha256).first()
    if found is not None:
        return found
    name = f"inspections/{picture.sha256[:2]}/{picture.sha256}.jpg"
    try:
        with transaction.atomic():
            stored = StoredFile.objects.create(
                sha256=picture.sha256, file=name, size=len(picture.data), content_type="image/jpeg"
            )
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(picture.data))
            return stored
    except IntegrityError:
        return StoredFile.objects.select_for_update().get(sha256=picture.sha256)

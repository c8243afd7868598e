"""What a class hands out: invitations, files, certificates of attendance."""

from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from core.models import AdminUnit
from products import evidence_files
from products.services.evidence import inspect_upload, store_upload
from training.enums import ClassState
from training.models import AttendanceCertificate, ClassMaterial, Enrolment, TrainingClass
from training.services.attendance import lock_class
from training.services.common import CLASSES, allow, create


@transaction.atomic
def invite(*, training_class: TrainingClass, by: Any) -> tuple[int, int]:
    """Tell the enrolled, each account once for these dates; gives how many were told and how many cannot.

    An account is the person's own, or one of the entity the person leads. Raises DomainError when nobody is
    enrolled or the class has ended.
    """
    allow(by, CLASSES, training_class)
    kept = lock_class(training_class)
    if kept.state not in ClassState.changeable:
        raise DomainError("Lớp đã kết thúc hoặc đã hủy nên không mời được nữa.")
    enrolled = list(kept.enrolments.select_related("person"))
    if not enrolled:
        raise DomainError("Chưa ghi danh ai; hãy ghi danh trước khi mời.")
    accounts = _accounts_of(enrolled)
    reached = [row for row in enrolled if accounts.get(row.person_id)]
    users = {user for row in reached for user in accounts[row.person_id]}
    days = f"{kept.starts_on:%d/%m/%Y}"
    if kept.ends_on != kept.starts_on:
        days += f" đến {kept.ends_on:%d/%m/%Y}"
    where = kept.place or ("trực tuyến" if kept.online_link else "địa điểm báo sau")
    notices.send(
        users,
        kind=NoticeKind.TRAINING,
        title=f"Mời dự lớp tập huấn “{kept.title}”",
        body=f"{days}, {where}. Đơn vị tổ chức: {kept.organiser}.",
        url=reverse("training:my_class", args=[kept.pk]),
        key=f"class-{kept.pk}-invited-{kept.starts_on:%Y%m%d}-{kept.ends_on:%Y%m%d}",
    )
    now = timezone.now()
    kept.enrolments.filter(pk__in=[row.pk for row in reached], invited_at=None).update(invited_at=now)
    after = {"told": len(reached), "without_account": len(enrolled) - len(reached)}
    audit.record(by=by, verb="class.invite", obj=kept, after=after)
    return len(reached), len(enrolled) - len(reached)


def _accounts_of(enrolled: list[Enrolment]) -> dict[int, list[User]]:
    """Active accounts by person."""
    persons = [row.person_id for row in enrolled]
    own = User.objects.filter(is_active=True, register_persons__in=persons)
    of_entity = User.objects.filter(is_active=True, entity_accounts__entity__register_persons__in=persons)
    found: dict[int, list[User]] = {}
    for users in (
        own.annotate(person=F("register_persons")).filter(person__in=persons),
        of_entity.annotate(person=F("entity_accounts__entity__register_persons")).filter(person__in=persons),
    ):
        for user in users:
            found.setdefault(user.person, []).append(user)
    return found


@transaction.atomic
def add_material(*, training_class: TrainingClass, upload: Any, title: str, by: Any) -> ClassMaterial:
    """Keep a file of the class. Raises DomainError: type not taken, too large, there already."""
    allow(by, CLASSES, training_class)
    found = inspect_upload(upload)
    stored = store_upload(upload, found)
    filename = evidence_files.safe_filename(upload.name or "", found.kind)
    if training_class.materials.filter(stored=stored).exists():
        raise DomainError("Tệp này đã có trong tài liệu của lớp.", field="file")
    row = ClassMaterial(
        training_class=training_class,
        stored=stored,
        filename=filename,
        title=title or filename.rsplit(".", 1)[0],
        uploaded_by=by,
    )
    return create(row, by=by, verb="class.material_add", filename=filename)


@transaction.atomic
def remove_material(*, material: ClassMaterial, by: Any) -> None:
    """Take a file out of the class; the bytes stay until unused files are cleared away."""
    allow(by, CLASSES, material.training_class)
    audit.record(
        by=by,
        verb="class.material_remove",
        obj=material.training_class,
        before={"filename": material.filename},
    )
    material.delete()


@transaction.atomic
def issue_certificates(*, training_class: TrainingClass, by: Any) -> int:
    """A certificate for everybody who attended enough of a finished class and has none yet.

    With a test also the pass mark is asked. Numbers run within the class's unit and the year, in the order of
    names, without gaps. Returns how many were issued; raises DomainError before the class is finished.
    """
    allow(by, CLASSES, training_class)
    kept = lock_class(training_class)
    if kept.state != ClassState.FINISHED:
        raise DomainError("Kết thúc lớp trước, rồi mới cấp giấy chứng nhận.")
    earned = kept.enrolments.filter(certificate=None, attended=True)
    if kept.has_test:
        earned = earned.filter(Q(score__gte=kept.pass_mark))
    today = timezone.localdate()
    # One after another: the next number is read while nobody else can give one.
    AdminUnit.objects.select_for_update().get(pk=kept.unit_id)
    series = AttendanceCertificate.objects.filter(unit=kept.unit_id, year=today.year)
    last = series.aggregate(last=Max("number"))["last"] or 0
    rows = [
        AttendanceCertificate(
            enrolment=row, unit_id=kept.unit_id, year=today.year, number=number, issued_on=today, issued_by=by
        )
        for number, row in enumerate(earned.order_by("person__sort_name", "pk"), last + 1)
    ]
    AttendanceCertificate.objects.bulk_create(rows)
    if rows:
        numbers = {"year": today.year, "from": rows[0].number, "to": rows[-1].number}
        audit.record(by=by, verb="class.certificates", obj=kept, after=numbers)
    return len(rows)

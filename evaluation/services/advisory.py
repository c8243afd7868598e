"""The advisory team: who is to review which accepted dossier for the council."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from core.numbers import format_date
from evaluation.models import AdvisoryAssignment, AdvisoryReview
from evaluation.services.guards import require
from products.enums import DossierState
from products.models import Dossier

ASSIGN = "evaluation.assign_advisory"


@transaction.atomic
def assign(
    *, dossier: Dossier, member: User, by: Any, due_on: date | None = None, note: str = ""
) -> AdvisoryAssignment:
    """Give an accepted dossier to a member of the province's advisory team, who may then read it.

    Raises DomainError for a dossier not waiting for the council, a person without the role, one who has an
    account of the dossier's entity or has it already, and a day in the past.
    """
    dossier = _locked(dossier, by)
    _check_member(dossier, member)
    if due_on and due_on < timezone.localdate():
        raise DomainError("Hạn tham mưu không thể ở quá khứ.", field="due_on")
    if dossier.advisory_assignments.filter(member=member).exists():
        raise DomainError(f"{member} đã được giao hồ sơ này.", field="members")
    assignment = AdvisoryAssignment.objects.create(
        dossier=dossier, member=member, due_on=due_on, note=note.strip(), assigned_by=by
    )
    after = {"person": str(member), "due_on": due_on and format_date(due_on), "dossier": str(dossier)}
    audit.record(by=by, verb="advisory.assign", obj=assignment, after=after, reason=note.strip())
    _tell(assignment)
    return assignment


def _tell(assignment: AdvisoryAssignment) -> None:
    """The member hears of the task, and until when."""
    dossier, due = assignment.dossier, assignment.due_on
    notices.send(
        [assignment.member],
        kind=NoticeKind.DOSSIER,
        title=f"Được giao tham mưu hồ sơ: {dossier.product.name}",
        body=f"{dossier.product.entity}, {dossier.commune}" + (f", hạn {format_date(due)}" if due else ""),
        url=reverse("evaluation:assigned_dossier", args=[dossier.pk]),
        key=f"advisory:{assignment.pk}",
    )


@transaction.atomic
def assign_all(
    *, dossier: Dossier, members: Sequence[User], by: Any, due_on: date | None = None, note: str = ""
) -> list[AdvisoryAssignment]:
    """Give a dossier to several members, all or none; see `assign`."""
    if not members:
        raise DomainError("Hãy chọn ít nhất một thành viên.", field="members")
    return [assign(dossier=dossier, member=person, due_on=due_on, note=note, by=by) for person in members]


@transaction.atomic
def unassign(*, assignment: AdvisoryAssignment, by: Any, reason: str) -> None:
    """Take a dossier back from a member, with a reason; the member no longer reads it.

    Raises DomainError without a reason, a second time, or when the member has a review of it.
    """
    dossier = _locked(Dossier(pk=assignment.dossier_id), by)
    if not reason.strip():
        raise DomainError("Cần ghi lý do thôi giao.", field="reason")
    found = AdvisoryAssignment.objects.select_related("member").filter(pk=assignment.pk).first()
    if found is None:
        raise DomainError("Người này đã được thôi giao hồ sơ.")
    if AdvisoryReview.objects.filter(assignment=found).exists():
        raise DomainError(
            f"{found.member} đã lập báo cáo tham mưu hồ sơ này nên không thôi giao được; báo cáo được lưu "
            "cùng hồ sơ. Có thể giao thêm cho người khác."
        )
    before = {"person": str(found.member), "dossier": str(dossier)}
    audit.record(by=by, verb="advisory.unassign", obj=found, before=before, reason=reason.strip())
    found.delete()


def _locked(dossier: Dossier, by: Any) -> Dossier:
    """The dossier under a lock, in the officer's area and still waiting for the council."""
    locked = Dossier.objects.with_names().select_for_update(of=("self",)).get(pk=dossier.pk)
    require(by, ASSIGN, locked)
    if locked.state not in DossierState.assessable:
        state = DossierState(locked.state).label
        raise DomainError(f"Hồ sơ đang ở trạng thái “{state}” nên không thay đổi được việc giao Tổ tư vấn.")
    return locked


def _check_member(dossier: Dossier, member: User) -> None:
    if dossier.commune.parent_id not in member.scope.unit_ids(Role.ADVISORY_MEMBER):
        raise DomainError(f"{member} không phải thành viên Tổ tư vấn của tỉnh.", field="members")
    if member.entity_accounts.filter(entity=dossier.product.entity_id).exists():
        raise DomainError(f"{member} làm việc cho chủ thể nên không tham mưu hồ sơ này.", field="members")

"""A draft sent back: the reviewer says why, whoever made it is told and makes another."""

import unicodedata
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from reports.enums import PaperState
from reports.kinds import keepers_of
from reports.models import Paper
from reports.services.issuing import locked

LONGEST_REASON = 2000


@transaction.atomic
def return_draft(*, paper: Paper, reason: str, by: Any) -> Paper:
    """Send a draft, or a reviewed paper that is not issued yet, back to whoever made it.

    It is kept as it is and never issued; a number an attempt to issue gave it is free again. Raises
    PermissionDenied without the right to review, DomainError without a reason and for a paper that cannot be
    returned.
    """
    if not by.has_perm("reports.review_paper", paper):
        raise PermissionDenied
    reason = unicodedata.normalize("NFC", reason.replace("\x00", "")).strip()
    if not reason:
        raise DomainError("Ghi lý do trả lại để người lập biết cần sửa gì.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise DomainError(f"Lý do trả lại dài nhất {LONGEST_REASON} chữ: hãy rút gọn.", field="reason")
    stored = locked(paper)
    _check(stored, by)
    before = {"state": stored.state, "number": stored.number_text}
    stored.state, stored.return_reason = PaperState.RETURNED, reason
    stored.returned_by, stored.returned_at = by, timezone.now()
    stored.number, stored.symbol, stored.issued_on, stored.issued_by = None, "", None, None
    stored.save()
    after = {"state": stored.state, "sha256": stored.sha256}
    audit.record(by=by, verb="paper_returned", obj=stored, before=before, after=after, reason=reason)
    notices.send(
        [user for user in _makers(stored) if user.pk != by.pk],
        kind=NoticeKind.DOCUMENT,
        title=f"Dự thảo bị trả lại: {stored.title}",
        body=f"{by} trả lại. Lý do: {reason}",
        url=stored.get_absolute_url(),
        key=f"paper-returned:{stored.pk}",
    )
    return stored


def _check(paper: Paper, by: Any) -> None:
    if not paper.may_go_back:
        raise DomainError(
            "Chỉ trả lại dự thảo, hoặc văn bản đã soát chưa phát hành; "
            f"văn bản này: {paper.state_now[0].lower()}."
        )
    if paper.requested_by_id == by.pk:
        raise DomainError("Người lập không tự trả lại: thấy sai thì lập bản mới.")


def _makers(paper: Paper) -> list[User]:
    """Who made it; of one the system prepared, or whose maker has left, the officers of the province."""
    maker = paper.requested_by
    return list(keepers_of(paper.unit)) if paper.prepared or not maker.is_active else [maker]

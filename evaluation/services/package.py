"""The file of a potential five-star product for the Ministry: its papers (Đ6 k3); it is sent by
`results.send_to_ministry`."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from evaluation.enums import ItemState, PackagePaperKind
from evaluation.models import AgendaItem, PackagePaper
from evaluation.services.guards import locked_item, require
from products.enums import DossierState
from products.evidence_files import Inspected
from products.services.evidence import MB, inspect_upload, store_upload

PERMISSION = "evaluation.manage_package"


def add_paper(
    *,
    item: AgendaItem,
    kind: str,
    upload: Any,
    by: Any,
    title: str = "",
    number: str = "",
    dated_on: date | None = None,
) -> PackagePaper:
    """Take a file in as a paper of the province for the Ministry; an empty title is that of its kind.

    Raises PermissionDenied, DomainError: no potential five stars, answered already, not PDF or a picture,
    too large, there already, dated in the future.
    """
    require(by, PERMISSION, item)
    if dated_on is not None and dated_on > timezone.localdate():
        raise DomainError("Ngày của giấy tờ không thể ở tương lai.", field="dated_on")
    found = inspect_upload(upload)
    if not found.kind.has_pictures:
        raise DomainError("Giấy tờ trình Bộ là bản PDF hoặc ảnh quét; hãy lưu tệp thành PDF.", field="upload")
    title = title.strip() or PackagePaperKind(kind).label
    return _add(item, kind, upload, found, {"title": title, "number": number, "dated_on": dated_on}, by)


@transaction.atomic
def _add(
    item: AgendaItem, kind: str, upload: Any, found: Inspected, facts: dict[str, Any], by: Any
) -> PackagePaper:
    item = locked_item(item)
    _require_open(item, *DossierState.awaiting_decision)
    used = item.package_papers.aggregate(used=Sum("stored__size"))["used"] or 0
    if used + found.size > settings.EVIDENCE_MAX_DOSSIER_MB * MB:
        raise DomainError("Giấy tờ trình Bộ đã quá nhiều, không thêm được tệp này.", field="upload")
    stored = store_upload(upload, found)
    if item.package_papers.filter(kind=kind, stored=stored).exists():
        raise DomainError("Tệp này đã có trong hồ sơ trình Bộ.", field="upload")
    paper = PackagePaper.objects.create(item=item, kind=kind, stored=stored, added_by=by, **facts)
    after = {"kind": kind, "title": paper.title, "sha256": stored.sha256}
    audit.record(by=by, verb="package.add", obj=item, after=after)
    return paper


@transaction.atomic
def remove_paper(*, paper: PackagePaper, by: Any) -> None:
    """Take a paper out again. Raises DomainError once the file was sent."""
    item = locked_item(paper.item)
    require(by, PERMISSION, item)
    _require_open(item, DossierState.SCORED)
    before = {"kind": paper.kind, "title": paper.title, "sha256": paper.stored.sha256}
    paper.delete()
    audit.record(by=by, verb="package.remove", obj=item, before=before)


def record_download(item: AgendaItem, *, by: Any) -> None:
    """Write down that somebody took the whole file away (personal data leaves the system)."""
    audit.record(by=by, verb="package.download", obj=item, after={"papers": item.package_papers.count()})


def _require_open(item: AgendaItem, *states: str) -> None:
    dossier = item.version.dossier
    if item.state != ItemState.CLOSED or not item.result.potential_five:
        raise DomainError("Chỉ hồ sơ tiềm năng 5 sao có hồ sơ trình Bộ.")
    if dossier.state not in states:
        raise DomainError(f"Hồ sơ đang ở trạng thái “{dossier.get_state_display()}” nên không đổi được nữa.")

"""Telling entity and commune of an approval, which no step of the dossier's road tells."""

from typing import Any

from django.urls import reverse

from core import notices
from core.enums import NoticeKind
from evaluation.models import AgendaItem
from products.receivers import COMMUNE, ENTITY, people_of


def tell_of_approval(item: AgendaItem, *, by: Any) -> None:
    """A potential five-star result was approved: the province makes the file for the Ministry (Đ7 k3e)."""
    dossier = item.version.dossier
    notices.send(
        [user for whom in (ENTITY, COMMUNE) for user in people_of(dossier, whom) if user != by],
        kind=NoticeKind.DOSSIER,
        title=f"Kết quả đã được phê duyệt, tỉnh lập hồ sơ trình Bộ: {dossier.product.name}",
        body=f"{dossier.product.entity}, {dossier.commune}",
        url=reverse("evaluation:result_notice", args=[dossier.pk]),
        key=f"item:{item.pk}:approved",
    )

"""Kinds and states of entities, products and dossiers."""

from enum import nonmember

from django.db import models


class LegalForm(models.TextChoices):
    """Who may be an OCOP entity (Đ2 k3 QĐ 26/2026); the last three for tourism only (set 26)."""

    COOPERATIVE = "cooperative", "Hợp tác xã"
    COOPERATIVE_GROUP = "cooperative_group", "Tổ hợp tác"
    SME = "sme", "Doanh nghiệp nhỏ và vừa"
    FARM = "farm", "Trang trại"
    HOUSEHOLD = "household", "Hộ sản xuất, hộ kinh doanh"
    ASSOCIATION = "association", "Hội, hiệp hội"
    MANAGING_CENTRE = "managing_centre", "Trung tâm điều hành"
    OTHER_TOURISM = "other_tourism", "Đối tượng du lịch tương đương"

    tourism_only = nonmember(("association", "managing_centre", "other_tourism"))


class ProductOrigin(models.TextChoices):
    """How the product counts in a plan: newly developed, or an existing one completed."""

    NEW = "new", "Phát triển mới"
    UPGRADED = "upgraded", "Hoàn thiện, chuẩn hóa"


class DossierKind(models.TextChoices):
    """Đ6 k1 QĐ 26/2026."""

    FIRST = "first", "Đánh giá lần đầu"
    UPGRADE = "upgrade", "Nâng hạng"
    RE_RANKING = "re_ranking", "Đánh giá, phân hạng lại"


class DossierState(models.TextChoices):
    """Where a dossier stands on its road (Đ5-Đ7 QĐ 26/2026)."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ xã kiểm tra"
    RETURNED = "returned", "Trả lại để bổ sung"
    PROPOSED = "proposed", "Chờ tỉnh kiểm tra"
    ACCEPTED = "accepted", "Đã tiếp nhận, chờ đánh giá"
    SCORED = "scored", "Đã chấm điểm, chờ quyết định"
    RECOGNISED = "recognised", "Đã công nhận"
    SENT_TO_MINISTRY = "sent_to_ministry", "Đã trình Bộ (tiềm năng 5 sao)"
    NOT_RECOGNISED = "not_recognised", "Không được công nhận"
    EXCLUDED = "excluded", "Hồ sơ bị loại"

    editable = nonmember(("draft", "returned"))
    with_commune = nonmember(("submitted",))
    with_province = nonmember(("proposed", "accepted", "scored", "sent_to_ministry"))
    assessable = nonmember(("accepted",))
    with_result = nonmember(("scored", "recognised", "sent_to_ministry", "not_recognised", "excluded"))
    # The province has still something to enter.
    awaiting_decision = nonmember(("scored", "sent_to_ministry"))
    decided = nonmember(("recognised", "not_recognised", "excluded"))
    # The province has spoken: entity and commune read the result.
    announced = nonmember(("recognised", "sent_to_ministry", "not_recognised", "excluded"))
    joined = nonmember(
        (
            "submitted",
            "proposed",
            "accepted",
            "scored",
            "recognised",
            "sent_to_ministry",
            "not_recognised",
            "excluded",
        )
    )

    @property
    def badge_kind(self) -> str:
        """Kind of `status_badge` that shows this state."""
        return BADGE_KINDS[self.value]


BADGE_KINDS = {
    "draft": "neutral",
    "submitted": "waiting",
    "returned": "warning",
    "proposed": "waiting",
    "accepted": "info",
    "scored": "info",
    "recognised": "good",
    "sent_to_ministry": "info",
    "not_recognised": "neutral",
    "excluded": "danger",
}


class RecognitionState(models.TextChoices):
    VALID = "valid", "Còn hiệu lực"
    REVOKED = "revoked", "Đã thu hồi"
    REPLACED = "replaced", "Được thay bằng kết quả mới"

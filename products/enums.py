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


class ProductStatus(models.TextChoices):
    """Whether the product is made and sold today."""

    PRODUCING = "producing", "Đang sản xuất"
    PAUSED = "paused", "Tạm ngừng"
    STOPPED = "stopped", "Ngừng sản xuất"


class SalesChannel(models.TextChoices):
    """Where a product is sold."""

    AT_PLACE = "at_place", "Tại cơ sở"
    MARKET = "market", "Chợ, đại lý"
    SHOP = "shop", "Cửa hàng, điểm bán OCOP"
    SUPERMARKET = "supermarket", "Siêu thị, chuỗi bán lẻ"
    E_COMMERCE = "e_commerce", "Sàn thương mại điện tử"
    SOCIAL = "social", "Mạng xã hội"
    TOURISM = "tourism", "Điểm du lịch"
    EXPORT = "export", "Xuất khẩu"


class Gender(models.TextChoices):
    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class Desk(models.TextChoices):
    """Who checks a filed dossier: first the commune, then the province."""

    COMMUNE = "commune", "Cấp xã"
    PROVINCE = "province", "Cấp tỉnh"


class Verdict(models.TextChoices):
    """What a desk found on one section of a dossier."""

    OK = "ok", "Đạt"
    LACKING = "lacking", "Cần bổ sung"


class EvidenceGroup(models.TextChoices):
    """Groups of papers Mẫu 02 asks for (Phụ lục III QĐ 26/2026)."""

    REGISTRATION = "registration", "Đăng ký kinh doanh"
    ELIGIBILITY = "eligibility", "Đủ điều kiện sản xuất, an toàn thực phẩm"
    MATERIAL = "material", "Nguồn gốc nguyên liệu, liên kết chuỗi"
    ENVIRONMENT = "environment", "Bảo vệ môi trường"
    LABOUR = "labour", "Danh sách lao động địa phương"
    GROWTH = "growth", "Tăng trưởng sản xuất, kinh doanh"
    INTELLECTUAL_PROPERTY = "intellectual_property", "Sở hữu trí tuệ"
    MARKET = "market", "Thị trường, xúc tiến thương mại"
    PROMOTION = "promotion", "Quảng bá"
    STORY = "story", "Câu chuyện sản phẩm"
    QUALITY_DECLARATION = "quality_declaration", "Công bố chất lượng"
    TEST_REPORT = "test_report", "Phiếu kiểm nghiệm"
    TRACEABILITY = "traceability", "Mã số mã vạch, truy xuất nguồn gốc"
    QUALITY_MANAGEMENT = "quality_management", "Quản lý chất lượng"
    AWARD = "award", "Giải thưởng, bình chọn"
    OTHER = "other", "Giấy tờ khác"


class ImportState(models.TextChoices):
    """Where an import of a workbook stands."""

    CHECKING = "checking", "Đang kiểm tra"
    CHECKED = "checked", "Đã kiểm tra, chờ xác nhận"
    APPLYING = "applying", "Đang ghi vào hệ thống"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không thực hiện được"
    DISCARDED = "discarded", "Đã bỏ"


class ImportMode(models.TextChoices):
    """What happens to the good rows when others are bad."""

    ALL_OR_NOTHING = "all_or_nothing", "Chỉ ghi khi mọi dòng đều đúng"
    GOOD_ROWS = "good_rows", "Ghi các dòng đúng, bỏ qua dòng lỗi"


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
    WITHDRAWN = "withdrawn", "Đã rút"

    editable = nonmember(("draft", "returned"))
    with_commune = nonmember(("submitted",))
    with_province = nonmember(("proposed", "accepted", "scored", "sent_to_ministry"))
    assessable = nonmember(("accepted",))
    with_result = nonmember(("scored", "recognised", "sent_to_ministry", "not_recognised", "excluded"))
    # The province has still something to enter.
    awaiting_decision = nonmember(("scored", "sent_to_ministry"))
    decided = nonmember(("recognised", "not_recognised", "excluded"))
    # The road has ended: by a decision, or because the writer gave it up.
    ended = nonmember(("recognised", "not_recognised", "excluded", "withdrawn"))
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
    "withdrawn": "neutral",
}


class RecognitionState(models.TextChoices):
    VALID = "valid", "Còn hiệu lực"
    REVOKED = "revoked", "Đã thu hồi"
    REPLACED = "replaced", "Được thay bằng kết quả mới"

"""States and kinds of the evaluation room, and the settings of a council's regulation."""

from enum import nonmember

from django.db import models


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "Dự thảo"
    IN_FORCE = "in_force", "Đang áp dụng"
    RETIRED = "retired", "Hết hiệu lực"

    published = nonmember(("in_force", "retired"))


class GateRule(models.TextChoices):
    """How several members' choices meet a minimum condition (law leaves it to the regulation)."""

    MAJORITY = "majority", "Quá nửa số phiếu"
    MEAN = "mean", "Điểm trung bình"
    ALL = "all", "Tất cả các phiếu"
    CONCLUSION = "conclusion", "Kết luận của Hội đồng"


class QuorumBasis(models.TextChoices):
    """What makes the quorum (the law leaves it to the regulation)."""

    SHEETS = "sheets", "Số phiếu đã nộp"
    ATTENDANCE = "attendance", "Số thành viên dự họp"


class ScoreSight(models.TextChoices):
    """From when on a member sees what the others chose, and any mean."""

    AFTER_CLOSING = "after_closing", "Sau khi đóng kết quả"
    AFTER_OWN = "after_own", "Sau khi đã nộp phiếu của mình"
    ALWAYS = "always", "Trong khi chấm"


class RecusalRule(models.TextChoices):
    """Whether a member who does not score a dossier still counts among those the quorum is a share of."""

    LEAVES = "leaves", "Không tính vào số thành viên của hồ sơ đó"
    COUNTS = "counts", "Vẫn tính vào số thành viên khi xét túc số"


class SeatRole(models.TextChoices):
    CHAIR = "chair", "Chủ tịch Hội đồng"
    VICE_CHAIR = "vice_chair", "Phó Chủ tịch Hội đồng"
    SECRETARY = "secretary", "Thư ký Hội đồng"
    MEMBER = "member", "Ủy viên"
    EXPERT = "expert", "Chuyên gia được mời"

    keeps_minutes = nonmember(("chair", "secretary"))


class SessionKind(models.TextChoices):
    """How the council works on a session's dossiers (Đ7 k6d: written opinion for re-ranking)."""

    MEETING = "meeting", "Họp Hội đồng"
    WRITTEN = "written", "Lấy ý kiến bằng văn bản"


class SessionState(models.TextChoices):
    PLANNED = "planned", "Chưa mở"
    OPEN = "open", "Đang chấm điểm"
    PAUSED = "paused", "Tạm dừng"
    CLOSED = "closed", "Đã kết thúc"

    # Sheets exist and are not final yet.
    running = nonmember(("open", "paused"))


class AttendanceState(models.TextChoices):
    PRESENT = "present", "Có mặt"
    ONLINE = "online", "Dự trực tuyến"
    EXCUSED = "excused", "Vắng có lý do"
    ABSENT = "absent", "Vắng"

    attending = nonmember(("present", "online"))


class ItemState(models.TextChoices):
    SCORING = "scoring", "Đang chấm điểm"
    PAUSED = "paused", "Tạm dừng chấm"
    CLOSED = "closed", "Đã có kết quả"
    SENT_BACK = "sent_back", "Trả lại Hội đồng xem xét lại"

    # Still without a result.
    unfinished = nonmember(("scoring", "paused"))
    # The frozen result is there, also when it was sent back and another meeting decides anew.
    with_result = nonmember(("closed", "sent_back"))


class SheetState(models.TextChoices):
    DRAFT = "draft", "Đang chấm"
    SUBMITTED = "submitted", "Đã nộp"
    SET_ASIDE = "set_aside", "Không tính"


class RecusalGround(models.TextChoices):
    """Why a member does not score a dossier."""

    SAME_UNIT = "same_unit", "Công tác tại xã đề nghị hồ sơ"
    SIGNED_REPORT = "signed_report", "Đã ký hoặc lập báo cáo của cấp xã"
    ADVISED = "advised", "Đã tham mưu hồ sơ trong Tổ tư vấn"
    REPRESENTATIVE = "representative", "Là người đại diện hoặc làm việc cho chủ thể"
    RELATED = "related", "Có quan hệ gia đình hoặc lợi ích với chủ thể"
    OTHER = "other", "Lý do khác"


class MinuteKind(models.TextChoices):
    """What is written into the minutes of a dossier beside sheets and conclusions."""

    DISCUSSION = "discussion", "Nội dung thảo luận"
    DISSENT = "dissent", "Ý kiến bảo lưu"


class ReviewState(models.TextChoices):
    """An adviser's review of a dossier."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Đã gửi Hội đồng"


class SubmissionState(models.TextChoices):
    """Tờ trình: results on their way to the Chairman of the provincial People's Committee."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Đã trình"
    APPROVED = "approved", "Đã phê duyệt"
    SENT_BACK = "sent_back", "Trả lại"

    open_states = nonmember(("draft", "submitted"))


class PackagePaperKind(models.TextChoices):
    """Papers the province adds to a five-star file for the Ministry (Đ6 k3)."""

    LETTER = "letter", "Văn bản đề nghị của tỉnh"
    ADVISORY_REPORT = "advisory_report", "Báo cáo của Tổ tư vấn"
    COUNCIL_REPORT = "council_report", "Biên bản, báo cáo của Hội đồng"
    APPROVAL = "approval", "Quyết định phê duyệt kết quả"
    EXTRA_TEST = "extra_test", "Phiếu kiểm nghiệm bổ sung"
    OTHER = "other", "Giấy tờ khác"

    # Without these a file is not complete.
    required = nonmember(("letter", "advisory_report", "council_report", "approval"))


class CertificateState(models.TextChoices):
    """How a certificate stands on a day; worked out from its recognition, never stored."""

    VALID = "valid", "Còn hiệu lực"
    EXPIRING = "expiring", "Sắp hết hiệu lực"
    EXTENDED = "extended", "Được gia hạn"
    EXPIRED = "expired", "Hết hiệu lực"
    REVOKED = "revoked", "Đã thu hồi"
    REPLACED = "replaced", "Đã được thay thế"

    in_force = nonmember(("valid", "expiring", "extended"))


class RevocationGround(models.TextChoices):
    """The six grounds of Đ8 QĐ 26/2026."""

    FALSE_PAPERS = "false_papers", "Giả mạo, gian lận hồ sơ, tài liệu"
    CRITERIA_LOST = "criteria_lost", "Không còn đáp ứng tiêu chí của hạng sao được công nhận"
    LAW_BROKEN = (
        "law_broken",
        "Vi phạm pháp luật về chất lượng, an toàn thực phẩm, môi trường, sở hữu trí tuệ, ghi nhãn",
    )
    MARK_MISUSED = "mark_misused", "Sử dụng sai quy định biểu trưng, nhãn hiệu OCOP"
    STOPPED = "stopped", "Ngừng sản xuất, kinh doanh sản phẩm"
    OTHER_CONCLUSION = "other_conclusion", "Theo kết luận khác của cơ quan có thẩm quyền"


class RevocationState(models.TextChoices):
    OPEN = "open", "Đang xử lý"
    REVOKED = "revoked", "Đã thu hồi"
    DROPPED = "dropped", "Không thu hồi"


class InspectionKind(models.TextChoices):
    PERIODIC = "periodic", "Định kỳ"
    AD_HOC = "ad_hoc", "Đột xuất"


class InspectionState(models.TextChoices):
    PLANNED = "planned", "Đã lên kế hoạch"
    DONE = "done", "Đã kiểm tra"
    CANCELLED = "cancelled", "Không thực hiện"


class InspectionVerdict(models.TextChoices):
    PASSED = "passed", "Đạt yêu cầu"
    TO_MEND = "to_mend", "Yêu cầu khắc phục"
    REVOKE = "revoke", "Kiến nghị thu hồi"

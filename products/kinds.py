"""Which kind of dossier a product may file, and when (Đ6 k1, Đ7 k6a QĐ 26/2026)."""

from datetime import date

from django.utils import timezone

from products import windows
from products.enums import DossierKind, RecognitionState
from products.models import Dossier, Product, Recognition

HIGHEST_STAR = 5


def current_recognition(product: Product) -> Recognition | None:
    """The newest decision that was neither replaced nor revoked; it may have expired."""
    return product.recognitions.filter(state=RecognitionState.VALID).first()


def kind_problem(product: Product, kind: str) -> str:
    """Why the product may not begin or file a dossier of this kind today, in words; else empty.

    Upgrade and re-ranking follow a recognition; a product still recognised is not filed as first (Đ6 k1).
    """
    today = timezone.localdate()
    current = current_recognition(product)
    in_force = current is not None and _holds(current, today)
    if kind == DossierKind.FIRST:
        return _problem_of_first(current) if current and in_force else ""
    if current is None:
        return _problem_without_recognition(product, kind)
    if kind == DossierKind.UPGRADE:
        return _problem_of_upgrade(current, in_force)
    return _problem_of_re_ranking(current, today)


def _holds(recognition: Recognition, today: date) -> bool:
    end = recognition.extended_until or recognition.expires_on
    return recognition.decided_on <= today and (end is None or end >= today)


def _problem_of_first(current: Recognition) -> str:
    return f"Sản phẩm đang được công nhận {current.star} sao; chọn Nâng hạng hoặc Đánh giá, phân hạng lại."


def _problem_without_recognition(product: Product, kind: str) -> str:
    label = DossierKind(kind).label.lower()
    if product.recognitions.exists():
        return f"Kết quả công nhận đã bị thu hồi nên chưa đăng ký {label} được; chọn Đánh giá lần đầu."
    return f"Sản phẩm chưa từng được công nhận nên chưa đăng ký {label} được; chọn Đánh giá lần đầu."


def _problem_of_upgrade(current: Recognition, in_force: bool) -> str:
    if not in_force:
        return "Kết quả công nhận đã hết hạn nên không nâng hạng được; chọn Đánh giá, phân hạng lại."
    if current.star >= HIGHEST_STAR:
        return "Sản phẩm đã được công nhận 5 sao, không còn hạng cao hơn; chọn Đánh giá, phân hạng lại."
    return ""


def _problem_of_re_ranking(current: Recognition, today: date) -> str:
    window = windows.window_of(current)
    if window is None or today >= window.drafts_from:
        return ""
    return (
        f"Chưa đến lúc đánh giá lại: cửa sổ nộp hồ sơ {window} (Đ7 k6). "
        f"Soạn được từ {window.drafts_from:%d/%m/%Y}."
    )


def kept_against(dossier: Dossier, star: int) -> Recognition | None:
    """The recognition with more stars, in force today, that an upgrade to `star` must not take away; or None.

    Nâng hạng asks for a higher class: a lower outcome is no revocation (Đ8), so what holds goes on holding.
    A re-ranking replaces the recognition whatever comes out.
    """
    if dossier.kind != DossierKind.UPGRADE:
        return None
    return dossier.product.recognitions.valid_on(timezone.localdate()).filter(star__gt=star).first()


def window_for(dossier: Dossier) -> windows.Window | None:
    """The days on which this dossier is filed in time; only a re-ranking has such days."""
    if dossier.kind != DossierKind.RE_RANKING:
        return None
    current = current_recognition(dossier.product)
    return windows.window_of(current) if current else None


def filing_problem(dossier: Dossier) -> str:
    """What keeps the dossier from being filed for the first time today; a later filing keeps the first day.

    Outside the window of Đ7 k6a: too early is refused with the day, too late asks for a reason.
    """
    if dossier.submitted_at is not None:
        return ""
    window, today = window_for(dossier), timezone.localdate()
    if window and today < window.opens_on:
        return (
            f"Chưa đến ngày nộp: hồ sơ đánh giá lại nộp {window} (180 đến 120 ngày trước khi hết hạn, Đ7 k6)."
        )
    if window and today > window.closes_on and not dossier.late_reason.strip():
        return (
            f"Đã quá cửa sổ nộp hồ sơ đánh giá lại ({window}, Đ7 k6): hãy ghi lý do nộp muộn. "
            "Cơ quan OCOP cấp tỉnh có thể gia hạn kết quả cũ tối đa 180 ngày (Đ12 k3)."
        )
    return kind_problem(dossier.product, dossier.kind)

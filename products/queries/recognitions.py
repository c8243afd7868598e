"""The recognitions of a product as its page tells them, and the window of the next assessment."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from products import kinds, signals, windows
from products.enums import RecognitionState
from products.models import Dossier, Product, Recognition

# Days are counted on the page when the window is this near.
SOON = 180


@dataclass(frozen=True)
class Linked:
    """What a higher app keeps of a recognition: its name, where to open it, and its state as a badge."""

    label: str
    url: str
    word: str
    kind: str


@dataclass(frozen=True)
class RecognitionRow:
    """One line of the history: the decision, what it is worth today, what the user may do with it."""

    recognition: Recognition
    word: str
    kind: str
    may_correct: bool
    may_extend: bool
    certificate: Linked | None = None


def kept_by_hand(recognition: Recognition) -> bool:
    """Entered by a person or an import, so that it may be put right; not the result of a dossier."""
    return recognition.dossier_id is None


def recognition_rows(product: Product, user: Any) -> list[RecognitionRow]:
    """Every recognition under whatever legal basis, the newest first."""
    today = timezone.localdate()
    keeper = user.has_perm("products.record_recognition", product)
    answers: list[Any] = signals.collect_recognition_links.send(Product, product=product, user=user)
    links: dict[int, Linked] = {}
    for _, found in answers:
        links |= found
    return [_row(recognition, today, keeper, links) for recognition in product.recognitions.all()]


def _row(recognition: Recognition, today: date, keeper: bool, links: dict[int, Linked]) -> RecognitionRow:
    link = links.get(recognition.pk)
    word, kind = (link.word, link.kind) if link else worth_on(recognition, today)
    return RecognitionRow(
        recognition,
        word,
        kind,
        may_correct=keeper and kept_by_hand(recognition) and recognition.state != RecognitionState.REVOKED,
        may_extend=keeper and _window_missed(recognition, today),
        certificate=link,
    )


def worth_on(recognition: Recognition, today: date) -> tuple[str, str]:
    """What a recognition is worth on a day: word and kind of its badge."""
    if recognition.state != RecognitionState.VALID:
        revoked = recognition.state == RecognitionState.REVOKED
        return ("Đã thu hồi", "danger") if revoked else ("Đã thay thế", "neutral")
    if recognition.expires_on is None or recognition.expires_on >= today:
        return "Còn hiệu lực", "good"
    if recognition.extended_until and recognition.extended_until >= today:
        return "Được gia hạn", "warning"
    return "Hết hạn", "neutral"


def _window_missed(recognition: Recognition, today: date) -> bool:
    window, latest = windows.window_of(recognition), windows.latest_extension(recognition)
    if recognition.state != RecognitionState.VALID or window is None or latest is None:
        return False
    return window.closes_on < today <= latest


@dataclass(frozen=True)
class WindowNote:
    """What a page says of the days on which a re-ranking is filed in time (Đ7 k6a)."""

    words: str
    kind: str
    late: bool = False


def window_note(window: windows.Window | None) -> WindowNote | None:
    """The window in words with where today stands; None without a window."""
    if window is None:
        return None
    today = timezone.localdate()
    said = f"Cửa sổ nộp hồ sơ đánh giá lại: {window}"
    if today < window.opens_on:
        days = (window.opens_on - today).days
        return WindowNote(f"{said}, còn {days} ngày nữa mở." if days <= SOON else f"{said}.", "neutral")
    if today <= window.closes_on:
        return WindowNote(f"{said}. Đang mở, còn {(window.closes_on - today).days} ngày.", "waiting")
    return WindowNote(f"{said}. Đã đóng.", "warning", late=True)


def window_note_of_product(product: Product) -> WindowNote | None:
    """The window of the product's newest recognition."""
    current = kinds.current_recognition(product)
    return window_note(windows.window_of(current)) if current else None


def window_note_of(dossier: Dossier) -> WindowNote | None:
    """The window of a re-ranking that is still to be filed for the first time."""
    return None if dossier.submitted_at else window_note(kinds.window_for(dossier))

"""What must be settled before a result is closed."""

from collections.abc import Sequence

from core.exceptions import DomainError
from evaluation.models import AgendaItem, ReScoring, Sheet
from evaluation.queries.distances import unsettled_pairs, waiting_words
from evaluation.queries.quorum import quorum_of
from evaluation.scoring import Rating


def require_quorum(item: AgendaItem) -> None:
    """Raise DomainError naming the numbers unless the quorum of the regulation is there."""
    quorum = quorum_of(item)
    if not quorum.reached:
        raise DomainError(quorum.refusal)


def require_no_rescoring(item: AgendaItem) -> None:
    """Raise DomainError naming the members who were asked to score again and have not submitted yet."""
    asked = ReScoring.objects.waiting().filter(sheet__item=item).select_related("sheet__seat__user")
    if names := [str(rescoring.sheet.seat.user) for rescoring in asked]:
        raise DomainError(
            f"Đang chờ chấm lại: {', '.join(names)}. "
            "Chờ nộp phiếu chấm lại, hoặc rút yêu cầu rồi đóng kết quả."
        )


def require_settled(item: AgendaItem, sheets: Sequence[Sheet], rating: Rating) -> None:
    """Raise DomainError while two sheets are farther apart than the regulation allows without discussion.

    The refusal names neither members nor points: who presses the button sees no scores before closing.
    """
    if unsettled_pairs(item, sheets, [score.total for score in rating.sheets]):
        raise DomainError(waiting_words(item.session.regulation_in_use.spread_limit))

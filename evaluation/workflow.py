"""What may follow what: sessions of a council."""

from dataclasses import dataclass

from evaluation.enums import SessionState


@dataclass(frozen=True)
class SessionStep:
    """One step of a session: from where, to where, and the words on its button."""

    name: str
    label: str
    source: SessionState
    target: SessionState
    confirm: str
    needs_reason: bool = False


OPEN = SessionStep(
    name="open",
    label="Mở phiên chấm điểm",
    source=SessionState.PLANNED,
    target=SessionState.OPEN,
    confirm="Mỗi thành viên sẽ nhận một phiếu cho từng hồ sơ và bắt đầu chấm được ngay.",
)
PAUSE = SessionStep(
    name="pause",
    label="Tạm dừng phiên",
    source=SessionState.OPEN,
    target=SessionState.PAUSED,
    confirm="Không ai chấm hoặc nộp phiếu được cho đến khi phiên tiếp tục. Những gì đã chấm được giữ nguyên.",
    needs_reason=True,
)
RESUME = SessionStep(
    name="resume",
    label="Tiếp tục phiên",
    source=SessionState.PAUSED,
    target=SessionState.OPEN,
    confirm="Các thành viên chấm tiếp được ngay.",
)
CLOSE = SessionStep(
    name="close",
    label="Kết thúc phiên",
    source=SessionState.OPEN,
    target=SessionState.CLOSED,
    confirm="Phiên đã kết thúc thì không mở lại được.",
)
SESSION_STEPS = (OPEN, RESUME, CLOSE, PAUSE)


def next_step(state: str) -> SessionStep | None:
    """The step that leads on from a state; None when the session is over."""
    return next((step for step in SESSION_STEPS if step.source == state), None)

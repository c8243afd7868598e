"""What may follow what: sessions of a council, submissions of their results."""

from dataclasses import dataclass

from evaluation.enums import SessionState, SubmissionState


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


@dataclass(frozen=True)
class SubmissionStep:
    """One step of a submission; `needs`: columns it fills. The office enters what was done on paper."""

    name: str
    label: str
    done: str
    source: SubmissionState
    target: SubmissionState
    needs: tuple[str, ...]
    note: str
    style: str = "primary"


SUBMISSION_STEPS = {
    step.name: step
    for step in (
        SubmissionStep(
            name="submit",
            label="Ghi đã trình",
            done="Đã ghi số, ngày tờ trình.",
            source=SubmissionState.DRAFT,
            target=SubmissionState.SUBMITTED,
            needs=("number", "submitted_on"),
            note="Từ lúc này danh sách kết quả được giữ nguyên cho đến khi có quyết định hoặc bị trả lại.",
        ),
        SubmissionStep(
            name="approve",
            label="Ghi quyết định phê duyệt",
            done="Đã phê duyệt: mọi kết quả trong tờ trình được ghi cùng lúc.",
            source=SubmissionState.SUBMITTED,
            target=SubmissionState.APPROVED,
            needs=("decision_number", "decided_on"),
            note="Mọi kết quả được ghi cùng một lúc hoặc không kết quả nào; chủ thể và xã nhận thông báo.",
        ),
        SubmissionStep(
            name="send_back",
            label="Trả lại cả tờ trình",
            done="Đã ghi trả lại: các hồ sơ chờ Hội đồng xem xét lại.",
            source=SubmissionState.SUBMITTED,
            target=SubmissionState.SENT_BACK,
            needs=("sent_back_reason",),
            note="Các hồ sơ về trạng thái chờ đánh giá và vào được phiên họp khác; kết quả cũ vẫn đọc được.",
            style="danger",
        ),
    )
}


def submission_steps(state: str) -> list[SubmissionStep]:
    """The steps that lead on from a submission's state, the usual one first."""
    return [step for step in SUBMISSION_STEPS.values() if step.source == state]

"""What may follow what: the statuses of a plan."""

from dataclasses import dataclass

from training.enums import PlanStatus


@dataclass(frozen=True)
class PlanStep:
    """One step of a plan: from where, to where, the words on its button, and whether it needs a reason."""

    name: str
    label: str
    source: PlanStatus
    target: PlanStatus
    confirm: str
    needs_note: bool = False


ISSUE = PlanStep(
    name="issue",
    label="Đưa vào thực hiện",
    source=PlanStatus.DRAFT,
    target=PlanStatus.IN_FORCE,
    confirm="Các xã sẽ đọc được kế hoạch; tiến độ và nhắc hạn bắt đầu chạy.",
)
TAKE_BACK = PlanStep(
    name="take_back",
    label="Đưa về dự thảo",
    source=PlanStatus.IN_FORCE,
    target=PlanStatus.DRAFT,
    confirm="Các xã không còn đọc được kế hoạch cho đến khi đưa vào thực hiện lại.",
    needs_note=True,
)
CLOSE = PlanStep(
    name="close",
    label="Kết thúc kế hoạch",
    source=PlanStatus.IN_FORCE,
    target=PlanStatus.CLOSED,
    confirm="Kế hoạch đã kết thúc thì không giao thêm, không nhắc hạn nữa.",
)
REOPEN = PlanStep(
    name="reopen",
    label="Mở lại kế hoạch",
    source=PlanStatus.CLOSED,
    target=PlanStatus.IN_FORCE,
    confirm="Kế hoạch được theo dõi và nhắc hạn trở lại.",
    needs_note=True,
)
PLAN_STEPS = {step.name: step for step in (ISSUE, CLOSE, TAKE_BACK, REOPEN)}


def steps_from(status: str) -> list[PlanStep]:
    """The steps that lead on from a status."""
    return [step for step in PLAN_STEPS.values() if step.source == status]

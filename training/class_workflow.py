"""What may follow what in the life of a training class."""

from dataclasses import dataclass

from training.enums import ClassState


@dataclass(frozen=True)
class Step:
    """From one of `sources` to `target`; `label` stands on the button, `done` is said afterwards."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    done: str
    asks_reason: bool = False
    kind: str = ""


STEPS = {
    step.name: step
    for step in (
        Step("open", "Mở ghi danh", (ClassState.PLANNED,), ClassState.OPEN, "Đã mở ghi danh."),
        Step("start", "Bắt đầu học", ClassState.to_come, ClassState.RUNNING, "Lớp đang học."),
        Step(
            "finish",
            "Kết thúc lớp",
            (ClassState.RUNNING,),
            ClassState.FINISHED,
            "Đã kết thúc lớp; điểm danh và điểm kiểm tra đã khóa.",
        ),
        Step("reopen", "Mở lại để sửa", (ClassState.FINISHED,), ClassState.RUNNING, "Đã mở lại lớp.", True),
        Step(
            "cancel",
            "Hủy lớp",
            ClassState.changeable,
            ClassState.CANCELLED,
            "Đã hủy lớp.",
            True,
            "danger",
        ),
    )
}


def steps_from(state: str) -> list[Step]:
    """The steps a class may take from its state, in the order of the table."""
    return [step for step in STEPS.values() if state in step.sources]

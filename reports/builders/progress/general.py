"""I. How the plan stands in all; IV. what is late or missing; V. what is still owed."""

from fractions import Fraction

from core.numbers import format_number
from reports import words
from reports.builders.progress.facts import Facts
from reports.builders.progress.targets import is_percent, row_name
from reports.document import Block, Paragraph, Points
from training.enums import TargetStatus, TaskStatus
from training.queries import PlanProgress, TargetProgress, TaskLine


def general_blocks(facts: Facts) -> tuple[Block, ...]:
    """How much time has passed, and how the targets and tasks stand in all."""
    texts = [time_sentence(facts), status_sentence(facts.progress), task_sentence(facts)]
    return tuple(Paragraph(text) for text in texts if text)


def time_sentence(facts: Facts) -> str:
    """The plan's period and the share of it that has passed."""
    start, end = words.short_date(facts.plan.starts_on), words.short_date(facts.plan.ends_on)
    if facts.has_ended:
        return f"Kế hoạch thực hiện từ ngày {start} đến ngày {end}; thời gian thực hiện đã kết thúc."
    passed = words.percent(facts.progress.time_share)
    return (
        f"Kế hoạch thực hiện từ ngày {start} đến ngày {end}. Đến hết ngày "
        f"{words.short_date(facts.as_of)} đã qua {passed} thời gian thực hiện."
    )


STATUS_WORDS = {
    TargetStatus.DONE: "đã đạt",
    TargetStatus.ON_TRACK: "đúng tiến độ",
    TargetStatus.AT_RISK: "có nguy cơ không đạt",
    TargetStatus.BEHIND: "chậm so với thời gian đã qua",
    TargetStatus.OVERDUE: "quá hạn mà chưa đạt",
    TargetStatus.NO_DATA: "chưa có số liệu",
}


def status_sentence(progress: PlanProgress) -> str:
    """ "Trong 15 chỉ tiêu được giao: 6 chỉ tiêu đã đạt (40,0%), …"."""
    total = len(progress.targets)
    if not total:
        return "Kế hoạch chưa giao chỉ tiêu."
    if max(progress.status_counts.values()) == total:
        return f"Cả {total} chỉ tiêu được giao đều {STATUS_WORDS[progress.targets[0].status]}."
    counted = [
        f"{number} chỉ tiêu {word} ({words.percent(Fraction(number, total))})"
        for status, word in STATUS_WORDS.items()
        if (number := progress.status_counts[status])
    ]
    return f"Trong {total} chỉ tiêu được giao có {words.listing(counted)}."


def task_sentence(facts: Facts) -> str:
    """ "Trong 13 nhiệm vụ được giao có 5 nhiệm vụ đã xong và 8 nhiệm vụ chưa xong, trong đó 2 quá hạn."."""
    progress = facts.progress
    active = [task for task in progress.tasks if task.status != TaskStatus.CANCELLED]
    if not active or facts.plan.is_reference:
        return f"Kế hoạch giao {len(active)} nhiệm vụ." if active else ""
    left = len(active) - progress.tasks_done
    late = f", trong đó {progress.tasks_overdue} nhiệm vụ quá hạn" if progress.tasks_overdue else ""
    counted = [f"{progress.tasks_done} nhiệm vụ đã xong"] * bool(progress.tasks_done)
    counted += [f"{left} nhiệm vụ chưa xong{late}"] * bool(left)
    return f"Trong {len(active)} nhiệm vụ được giao có {words.listing(counted)}."


def shortcoming_blocks(facts: Facts) -> tuple[Block, ...]:
    """What the figures show as late, missing or not adding up, and what officers add."""
    texts = [
        *(_targets_in(facts, status, word) for status, word in SHORTCOMINGS.items()),
        *(_overdue_task(task) for task in facts.progress.tasks if task.is_overdue),
        *facts.progress.warnings,
    ]
    return _listed([text for text in texts if text], facts, "shortcomings")


SHORTCOMINGS = {
    TargetStatus.OVERDUE: "chỉ tiêu quá hạn mà chưa đạt",
    TargetStatus.BEHIND: "chỉ tiêu chậm so với thời gian đã qua",
    TargetStatus.AT_RISK: "chỉ tiêu có nguy cơ không đạt",
    TargetStatus.NO_DATA: "chỉ tiêu chưa có số liệu",
}


def _targets_in(facts: Facts, status: TargetStatus, word: str) -> str:
    found = [words.lower_first(row_name(t)) for t in facts.progress.targets if t.status == status]
    return f"{len(found)} {word}: {'; '.join(found)}" if found else ""


def _overdue_task(task: TaskLine) -> str:
    due = words.short_date(task.due_on)
    return f"nhiệm vụ quá hạn: {words.lower_first(task.title)} ({task.lead_unit}, hạn {due})"


def coming_blocks(facts: Facts) -> tuple[Block, ...]:
    """What is still owed until the plan's end (targets, tasks), and what officers add."""
    if facts.has_ended:
        return entered_blocks(facts, "coming")
    owed = [text for target in facts.progress.targets if (text := _owed(target))]
    targets = [f"Tiếp tục thực hiện {len(owed)} chỉ tiêu chưa đạt: {'; '.join(owed)}"] if owed else []
    waiting = [task for task in facts.progress.tasks if task.status in (TaskStatus.OPEN, TaskStatus.DOING)]
    return _listed([*targets, *map(_waiting, waiting)], facts, "coming")


def entered_blocks(facts: Facts, section: str) -> tuple[Block, ...]:
    """What officers entered, one point a line."""
    return _listed([], facts, section)


def _listed(counted: list[str], facts: Facts, section: str) -> tuple[Block, ...]:
    """Điểm a), b) …: what was counted, then what officers entered; a single one is a paragraph."""
    texts = [words.sentence(text) for text in (*counted, *facts.entered.points(section))]
    if len(texts) > 1:
        return (Points.lettered(texts),)
    return tuple(Paragraph(text) for text in texts)


def _owed(target: TargetProgress) -> str:
    """ "sản phẩm được công nhận (còn thiếu 8 sản phẩm)"; nothing for what is reached or not counted."""
    if target.planned is None or target.actual is None or target.status == TargetStatus.DONE:
        return ""
    missing = max(target.planned - target.actual, 0)
    due = f", hạn {words.short_date(target.due_on)}" if target.due_on else ""
    left = f"còn thiếu {format_number(missing)} {_missing_unit(target)}"
    return f"{words.lower_first(row_name(target))} ({left}{due})"


def _missing_unit(target: TargetProgress) -> str:
    if is_percent(target):
        return "điểm phần trăm"
    # "Each commune at least one" is counted in communes that reached it ("2 đơn vị đạt").
    return "đơn vị" if "đơn vị" in target.actual_text else target.unit_name


def _waiting(task: TaskLine) -> str:
    due = f", hạn {words.short_date(task.due_on)}" if task.due_on else ""
    return f"{task.title} ({task.lead_unit}{due})"

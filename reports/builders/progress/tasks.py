"""III. The tasks of the plan and the training classes held."""

from core.numbers import format_number
from reports import words
from reports.builders.progress.facts import Facts
from reports.builders.progress.standing import trained_sentence
from reports.document import Block, Column, Heading, Paragraph, Points, Row, Table
from training.queries import ClassLine, TaskLine

# More classes than these are counted, not named one by one.
MOST_CLASSES_NAMED = 8


def task_blocks(facts: Facts) -> tuple[Block, ...]:
    """The tasks of the plan with their state."""
    tasks = facts.progress.tasks
    if not tasks:
        return ()
    columns = (
        Column("TT", 6, "center", "number"),
        Column("Nhiệm vụ", 33),
        Column("Đơn vị chủ trì", 20),
        Column("Hạn", 14, "center", "date"),
        Column("Tình trạng, kết quả", 27),
    )
    rows = [
        Row((str(place), task.title, task.lead_unit, words.short_date(task.due_on), _task_state(task)))
        for place, task in enumerate(tasks, start=1)
    ]
    return Heading("Nhiệm vụ được giao"), Table("Tình hình thực hiện nhiệm vụ", columns, tuple(rows))


def _task_state(task: TaskLine) -> str:
    done = f" ngày {words.short_date(task.done_on)}" if task.done_on else ""
    result = f": {words.lower_first(task.result)}" if task.result else ""
    return f"{task.status_text}{done}{result}"


def class_blocks(facts: Facts) -> tuple[Block, ...]:
    """Training classes held up to the day, and how many of the persons on the register were trained."""
    held = [row for row in facts.progress.classes if row.ends_on <= facts.as_of]
    persons = [Paragraph(text)] if (text := trained_sentence(facts)) else []
    if not held:
        return (Heading("Tập huấn"), *persons) if persons else ()
    present = sum(row.came for row in held)
    trainees = f" với {format_number(present)} lượt học viên" if present else ""
    day = words.short_date(facts.as_of)
    texts = [class_sentence(row) for row in held]
    return (
        Heading("Tập huấn"),
        Paragraph(f"Đến hết ngày {day} đã tổ chức {len(held)} lớp tập huấn{trainees}."),
        *([Points.dashed(texts)] if len(held) <= MOST_CLASSES_NAMED else []),
        *persons,
    )


def class_sentence(row: ClassLine) -> str:
    """Title, days, organiser and number of trainees of one class."""
    first, last = words.short_date(row.starts_on), words.short_date(row.ends_on)
    days = f"ngày {first}" if first == last else f"từ ngày {first} đến ngày {last}"
    trainees = f", {format_number(row.came)} học viên" if row.came else ""
    return words.sentence(f"{row.title}: {days}, {row.organiser} tổ chức{trainees}")

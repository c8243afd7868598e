"""Attendance as a workbook: the list of the class to tick, and a filled one matched to persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.exceptions import DomainError
from core.tables import Column
from core.text import name_key, search_key
from training.models import Enrolment, HalfDay, RegisterPerson, TrainingClass
from training.queries import classes_pages
from training.sheets import Line, Said, below_head, head_key, lines_of, text_of

MOST_ROWS = 1000
NAME, UNIT = "Họ và tên", "Đơn vị"
NAME_HEADS, UNIT_HEADS = {"ho va ten", "ho ten"}, {"don vi", "xa phuong", "don vi cong tac"}
THERE, AWAY = {"x", "co", "co mat", "1", "✓", "✔", "true"}, {"", "0", "vang", "vang mat", "false", "-"}
NOTES = (
    "Ghi x ở buổi có mặt, để trống nếu vắng. Không đổi tên các cột buổi học.",
    "Thêm người ngoài danh sách ở cuối: khi tải lên, hệ thống hỏi đó là ai trước khi ghi.",
)
MOST_SUGGESTED = 4


def half_day_head(half: HalfDay) -> str:
    return f"{half.get_part_display()} {half.day:%d/%m/%Y}"


def template(grid: classes_pages.Grid) -> tuple[list[Column], list[classes_pages.GridRow]]:
    """Columns and rows of the workbook: who is enrolled, and what is marked so far."""
    columns = [
        Column("name", NAME, lambda row: row.enrolment.person.name, width=30),
        Column("unit", UNIT, lambda row: row.enrolment.person.unit.name, width=26),
        Column("position", "Chức vụ", lambda row: row.enrolment.person.position, width=26),
    ]
    columns += [
        Column(
            f"h{place}",
            half_day_head(head.half_day),
            lambda row, place=place: "x" if row.cells[place].is_present else "",
            width=18,
        )
        for place, head in enumerate(grid.heads)
    ]
    return columns, list(grid.rows)


@dataclass
class Sheet:
    """A checked workbook: its lines, and the half-days it has columns of."""

    lines: list[Line]
    half_days: list[HalfDay]

    @property
    def bad(self) -> int:
        """How many lines cannot be written as they stand."""
        return sum(not line.is_good for line in self.lines)

    @property
    def unknown(self) -> list[Line]:
        """Good lines of somebody who is not in the class."""
        return [line for line in self.lines if line.is_good and line.result[0] is None]


def check(upload: Any, training_class: TrainingClass, user: Any) -> Sheet:
    """Every filled line; `result` of a good one: the person (None when unknown) and the half-days there.

    An unknown name comes with `choices`: people of the register it may be. Raises DomainError when the file
    has no column of a half-day of this class.
    """
    lines = lines_of(upload, MOST_ROWS)
    head, below = below_head(lines, lambda keys: bool(keys & NAME_HEADS), [NAME])
    keys = [head_key(cell) for cell in head]
    by_head = {head_key(half_day_head(half)): half for half in training_class.half_days.all()}
    columns = {by_head[key]: place for place, key in enumerate(keys) if key in by_head}
    if not columns:
        raise DomainError("Tệp không có cột buổi học nào của lớp này. Hãy tải danh sách của lớp rồi điền.")
    name_at = next(place for place, key in enumerate(keys) if key in NAME_HEADS)
    unit_at = next((place for place, key in enumerate(keys) if key in UNIT_HEADS), None)
    people = _People(training_class, user)
    checked = []
    for number, cells in below:
        name, unit = text_of(cells, name_at), text_of(cells, unit_at)
        checked.append(
            _line(number, name, unit, {h: text_of(cells, at) for h, at in columns.items()}, people)
        )
    return Sheet(checked, list(columns))


def _line(number: int, name: str, unit: str, marks: dict[HalfDay, str], people: "_People") -> Line:
    said = {"name": Said(name, label=NAME), "unit": Said(unit, label=UNIT)}
    there = []
    for half, text in marks.items():
        cell = said[f"h{half.pk}"] = Said(text, label=half_day_head(half))
        key = search_key(text)
        if key in THERE:
            there.append(half.pk)
        elif key not in AWAY:
            cell.error = "Ghi x nếu có mặt, để trống nếu vắng."
    if not name:
        said["name"].error = "Thiếu họ và tên."
    line = Line(number, said)
    person = people.find(name, unit)
    if person is not None and person in people.met:
        said["name"].error = f"Đã có ở dòng {people.met[person]} của tệp này."
    elif person is not None:
        people.met[person] = number
    line.result = (person, there)
    if person is None and name:
        line.choices = people.like(name)
    return line


class _People:
    """Who is in the class and who could be, by name."""

    def __init__(self, training_class: TrainingClass, user: Any) -> None:
        enrolled = Enrolment.objects.visible_to(user).filter(training_class=training_class)
        self.enrolled = [row.person for row in enrolled.select_related("person__unit")]
        self.in_class = {person.pk for person in self.enrolled}
        self.register = list(classes_pages.candidates(training_class, user))
        # Person -> line it stood in.
        self.met: dict[int, int] = {}

    def find(self, name: str, unit: str) -> int | None:
        """The one person of the class with this name, and this unit when the name is not enough."""
        named = [person for person in self.enrolled if name_key(person.name) == name_key(name)]
        # Typed without diacritics, or with some of them wrong.
        named = named or [person for person in self.enrolled if person.search_name == search_key(name)]
        if unit:
            key = search_key(unit)
            of_unit = [p for p in named if key in (p.unit.search_name, search_key(p.unit.short_name))]
            # A unit written otherwise does not make a stranger of the only one of that name.
            named = of_unit or (named if len(named) == 1 else [])
        return named[0].pk if len(named) == 1 else None

    def like(self, name: str) -> list[tuple[str, str]]:
        """People of the same or a similar name, of the class first."""
        everybody = self.enrolled + [p for p in self.register if p.pk not in self.in_class]
        by_name: dict[str, list[RegisterPerson]] = {}
        for person in everybody:
            by_name.setdefault(person.search_name, []).append(person)
        near = get_close_matches(search_key(name), by_name, n=MOST_SUGGESTED, cutoff=0.72)
        return [(str(p.pk), self._words(p)) for p in self._flat(by_name[key] for key in near)]

    def _flat(self, groups: Iterable[list[RegisterPerson]]) -> list[RegisterPerson]:
        return [person for group in groups for person in group]

    def _words(self, person: RegisterPerson) -> str:
        note = "đã trong lớp" if person.pk in self.in_class else "ghi danh thêm"
        return f"{person.name}, {person.unit} ({note})"


def packed(sheet: Sheet) -> dict[str, Any]:
    """What the sheet says, as plain data to be sealed: half-days; of each line name, person, half-days."""
    rows = [
        [line.number, line.cells["name"].value, *line.result, [key for key, _ in line.choices]]
        for line in sheet.lines
        if line.is_good
    ]
    return {"half_days": [half.pk for half in sheet.half_days], "rows": rows}

"""Danh sách học viên and bảng chấm công of a training class."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from reports.builders import common
from reports.document import Block, Document, Head, Layout, Paragraph, Section, Signature, Table
from reports.letterhead import letterhead_of
from training.models import Enrolment, HalfDay, Presence, TrainingClass

# Half-days side by side on a landscape page; a longer class has several tables.
MOST_HALVES = 10
MARK = "x"


def build_list(training_class: TrainingClass, *, today: date) -> Document:
    """The class list: who is enrolled, from where, with room to sign."""
    people = _enrolments(training_class)
    titles = common.columns(
        ("TT", 7, "center"), ("Họ và tên", 25, "left"), ("Chức vụ", 24, "left"), ("Đơn vị", 26, "left"),
        ("Ký tên", 18, "left"),
    )  # fmt: skip
    rows = ((row.person.name, row.person.position, row.person.unit.name, "") for row in people)
    table = Table("", titles, common.counted(rows), empty="Lớp chưa có học viên.")
    total = f"Danh sách gồm {len(people)} học viên."
    return _paper(training_class, "DANH SÁCH HỌC VIÊN", (table, Paragraph(total)), today, landscape=False)


def build_attendance(training_class: TrainingClass, *, today: date) -> Document:
    """Who was there at which half-day, confirmed sign-ins only, and whether that is a full attendance."""
    halves = list(training_class.half_days.all())
    people = _enrolments(training_class)
    there = _presences(training_class)
    blocks: list[Block] = [
        _grid(people, group, there, last=group[-1] is halves[-1]) for group in map(list, _groups(halves))
    ]
    needed = training_class.halves_needed(len(halves))
    full = sum(row.attended for row in people)
    blocks.append(
        Paragraph(
            f'Dấu "{MARK}" là có mặt. Dự đủ khi có mặt từ {needed}/{len(halves)} buổi: {full}/{len(people)} '
            "học viên."
            if halves
            else "Lớp chưa có buổi học nào nên chưa có dữ liệu điểm danh."
        )
    )
    return _paper(training_class, "BẢNG CHẤM CÔNG", tuple(blocks), today, landscape=True)


def _groups(halves: Sequence[HalfDay]) -> Any:
    return (halves[at : at + MOST_HALVES] for at in range(0, len(halves), MOST_HALVES))


def _enrolments(training_class: TrainingClass) -> list[Enrolment]:
    rows = Enrolment.objects.filter(training_class=training_class).select_related("person__unit")
    return list(rows.order_by("person__sort_name", "pk"))


def _presences(training_class: TrainingClass) -> set[tuple[int, int]]:
    """(enrolment, half-day) of everybody who was there; a sign-in by name waits for the trainer's word."""
    found = Presence.objects.filter(half_day__training_class=training_class, confirmed_at__isnull=False)
    return set(found.values_list("enrolment_id", "half_day_id"))


def _grid(
    people: Sequence[Enrolment], halves: Sequence[HalfDay], there: set[tuple[int, int]], *, last: bool
) -> Table:
    """Persons by half-days; the sums stand in the last table."""
    width = 46 // max(len(halves), 4)
    sums = [("Số buổi", 8, "center"), ("Dự đủ", 8, "center")] if last else []
    rest = 100 - 5 - width * len(halves) - 8 * len(sums)
    heads = [(f"{half.get_part_display()} {half.day:%d/%m}", width, "center") for half in halves]
    titles = common.columns(
        ("TT", 5, "center"), ("Họ và tên", rest * 5 // 10, "left"), ("Đơn vị", rest - rest * 5 // 10, "left"),
        *heads, *sums,
    )  # fmt: skip
    rows = []
    for row in people:
        marks = [MARK if (row.pk, half.pk) in there else "" for half in halves]
        counts = [str(row.present_halves), "Có" if row.attended else ""] if last else []
        rows.append((row.person.name, row.person.unit.name, *marks, *counts))
    return Table("", titles, common.counted(rows), empty="Lớp chưa có học viên.")


def _paper(
    training_class: TrainingClass, name: str, blocks: tuple[Block, ...], today: date, *, landscape: bool
) -> Document:
    head = letterhead_of(training_class.unit, today)
    days = common.day_text(training_class.starts_on)
    if training_class.ends_on != training_class.starts_on:
        days = f"{days} đến ngày {common.day_text(training_class.ends_on)}"
    held = f"Thời gian: ngày {days}. Địa điểm: {training_class.place or common.DOTS}. " + (
        f"Đơn vị tổ chức: {training_class.organiser}."
    )
    return Document(
        head=Head(head.governing_body, head.issuing_body),
        type_name=name,
        subject=training_class.title,
        opening=held,
        sections=(Section("", blocks),),
        signatures=(
            Signature(("NGƯỜI LẬP",), place_date="\u00a0"),
            Signature(head.signer_position, head.signer_name, place_date=head.place_date(today)),
        ),
        layout=Layout.FORM,
        landscape=landscape,
    )

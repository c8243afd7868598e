"""What the workbooks share: the first sheet, sheets of tuples, the answer that sends them."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone

from core import workbooks
from core.numbers import format_datetime
from core.tables import Column
from core.workbooks import Sheet

FRESH = "Số liệu tính từ dữ liệu của hệ thống lúc tải tệp."


def answer(file: IO[bytes], name: str) -> FileResponse:
    """The workbook as a download, named after what it holds and the day."""
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=workbooks.CONTENT_TYPE)


def cover(title: str, facts: Iterable[tuple[str, Any]], *, by: Any, note: str = FRESH) -> Sheet:
    """The first sheet: what the workbook is about."""
    rows = [*facts, ("Tải lúc", format_datetime(timezone.now())), ("Người tải", str(by)), ("Ghi chú", note)]
    return Sheet(title, [], [column("Mục", 0, 24), column("Nội dung", 1, 80)], rows)


def column(label: str, place: int, width: int = 18) -> Column:
    """A column of rows that are tuples."""
    return Column(f"c{place}", label, lambda row: row[place], width=width)


def table(
    title: str, heads: Sequence[tuple[str, int]], rows: Iterable[tuple], notes: Sequence[str] = ()
) -> Sheet:
    """A sheet of tuples; `heads`: label and width of each column."""
    columns = [column(label, place, width) for place, (label, width) in enumerate(heads)]
    return Sheet(title, notes, columns, rows)


def plan_words(plan: Any) -> str:
    return str(plan.title) if plan else "chưa có kế hoạch năm"

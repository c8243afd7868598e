"""Cells of the tables people arrange (`core.tables`)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template

from core import numbers
from core.tables import Column

register = template.Library()


@register.filter
def cell_text(row: Any, column: Column) -> str:
    """A column's value of a row as people write it: 05/11/2026, 1.234,5, Có; nothing is a dash."""
    value = column.value(row)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, dt.date):
        return numbers.format_date(value)
    if isinstance(value, int | float | Decimal):
        return numbers.format_number(value)
    return numbers.NOTHING if value in (None, "") else str(value)

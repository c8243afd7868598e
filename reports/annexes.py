"""The annexes of a paper as workbooks: the table of the paper with numbers as numbers."""

from decimal import Decimal
from typing import IO, Any

from django.http import Http404
from django.utils import timezone
from django.utils.http import content_disposition_header

from core import workbooks
from core.numbers import format_datetime, parse_number
from core.tables import Column

Data = dict[str, Any]


def names(data: Data) -> list[tuple[int, str]]:
    """(place, name) of the annexes that are tables."""
    annexes = enumerate(data.get("annexes", ()), 1)
    return [(place, annex["number"]) for place, annex in annexes if _table(annex)]


def _table(annex: Data) -> Data | None:
    found: Data | None = next((block for block in annex["blocks"] if block["kind"] == "table"), None)
    return found


def workbook(data: Data, number: int, by: str) -> IO[bytes]:
    """The first table of the annex; raises Http404 when there is none."""
    annexes = data.get("annexes", ())
    table = _table(annexes[number - 1]) if 0 < number <= len(annexes) else None
    if table is None:
        raise Http404
    annex = annexes[number - 1]
    columns = [
        Column(str(place), column["title"], _reader(place, column["align"]), width=max(8, column["width"]))
        for place, column in enumerate(table["columns"])
    ]
    notes = [annex["title"], data["title"], f"Lập lúc {format_datetime(timezone.now())}, {by}."]
    return workbooks.write_list(title=annex["number"], notes=notes, columns=columns, rows=table["rows"])


def _reader(place: int, align: str) -> Any:
    """The cell of a row; figures of centred and right columns become numbers."""

    def read(row: Data) -> str | Decimal:
        text = row["cells"][place] if place < len(row["cells"]) else ""
        return text if align == "left" else _number(text)

    return read


def _number(text: str) -> str | Decimal:
    try:
        return parse_number(text)
    except ValueError:
        return text


def attachment(name: str) -> str:
    """The header that gives a download its name, letters with marks too."""
    return content_disposition_header(True, name) or "attachment"

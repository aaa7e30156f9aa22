"""Write the answer to a query for a terminal, a spreadsheet or a program."""

import json
import math
import unicodedata
from decimal import Decimal
from typing import Any

import pyarrow as pa

from marketing_warehouse.read import csv_text

WIDEST = 60
NUMBERS = (int, float, Decimal)


def written(table: pa.Table, form: str) -> str:
    """Return a table as aligned text, CSV or JSON (`table`, `csv` or `json`)."""
    match form:
        case "csv":
            return csv_text(table)
        case "json":
            return json.dumps(_rows(table), ensure_ascii=False, indent=1, default=_spoken) + "\n"
        case _:
            return aligned(table.column_names, [list(row.values()) for row in table.to_pylist()])


def aligned(header: list[str], rows: list[list[Any]]) -> str:
    """Return rows as columns of text, numbers to the right, long texts cut."""
    cells = [[_cell(value) for value in row] for row in [header, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [any(isinstance(row[place], NUMBERS) for row in rows) for place in range(len(header))]
    lines = [
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    """Return a value as one line that cannot give a terminal orders."""
    text = "" if value is None else str(value)
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return plain if len(plain) <= WIDEST else plain[: WIDEST - 1] + "…"


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return [{name: _finite(value) for name, value in row.items()} for row in table.to_pylist()]


def _finite(value: Any) -> Any:
    """Return None for what JSON cannot say."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _spoken(value: Any) -> Any:
    """Return what JSON has no word for: decimals as numbers, dates and the rest as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)

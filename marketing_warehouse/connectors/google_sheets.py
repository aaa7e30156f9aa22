"""Google Sheets: one sheet as a table, with the values that stand behind what it shows.

`spreadsheets.get` is asked rather than `values.get`: both tell a date as a number of days, and only
the former says which numbers are dates, whatever the sheet's language, and which cells are merged.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal, cast
from urllib.parse import quote

import pyarrow as pa
from pydantic import AfterValidator

from marketing_warehouse.connectors.csv import Header
from marketing_warehouse.connectors.pieces import (
    Batch,
    Connector,
    Mark,
    Piece,
    Reading,
    Replaces,
    Rows,
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.options import Address, ApiOptions
from marketing_warehouse.connectors.rest.sign_in import SignIn, parameter, service_account
from marketing_warehouse.connectors.rest.streams import Api
from marketing_warehouse.errors import SourceRefusedError
from marketing_warehouse.sections import Text, not_allowed

SIGN_IN: dict[str, SignIn] = {
    "service_account": service_account("https://www.googleapis.com/auth/spreadsheets.readonly"),
    "api_key": parameter("key", "api_key"),
}
CELL = "effectiveValue,effectiveFormat(numberFormat(type))"
FIELDS = f"sheets(properties(title),merges,data(startRow,startColumn,rowData(values({CELL}))))"
DAY_ZERO = datetime(1899, 12, 30)  # a sheet's time has no zone of its own
MILLISECONDS_OF_A_DAY = 86_400_000
ADDRESS = re.compile(r"https://docs\.google\.com/spreadsheets/d/([\w-]+)")


def _spreadsheet(said: str) -> str:
    """Accept a spreadsheet's id, or its address in the browser."""
    found = ADDRESS.match(said)
    if found:
        return found[1]
    if not re.fullmatch(r"[\w-]+", said):
        raise not_allowed("a spreadsheet's address, or the id in it")
    return said


class GoogleSheetsOptions(ApiOptions):
    """Which sheet it is.

    Attributes:
        spreadsheet: its address in the browser, or the id in that.
        sheet: the name on the sheet's tab.
        cells: the cells to read, such as A3:G; all of the sheet if not said.
        sign_in: with a service account to which the sheet is shared, or with an API key if anyone
            may see it who has the link.
        url: the address of the API.
    """

    spreadsheet: Annotated[Text, AfterValidator(_spreadsheet)]
    sheet: Text
    cells: Text | None = None
    sign_in: Literal["service_account", "api_key"] = "service_account"
    url: Address = "https://sheets.googleapis.com"


@dataclass(frozen=True)
class _Row:
    """A row of the sheet: its number as the sheet shows it, and the texts of its cells."""

    number: int
    cells: list[str | None]


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield the sheet as it is now; it takes the place of what it was."""
    options = cast(GoogleSheetsOptions, reading.source.options)
    yield Piece(
        options.sheet,
        partial(_open, reading),
        noun="the sheet",
        mark=lambda: Mark({}),
        replaces=Replaces(),
    )


GOOGLE_SHEETS = Connector("google_sheets", GoogleSheetsOptions, pieces)


@contextlib.contextmanager
def _open(reading: Reading) -> Iterator[Rows]:
    """Read the sheet: the first row that is not blank is its header.

    Raises:
        SourceRefusedError: it has none.
    """
    options = cast(GoogleSheetsOptions, reading.source.options)
    rows = [row for row in _rows_of(reading, options) if any(row.cells)]
    if not rows:
        raise SourceRefusedError(
            f"Source {reading.source.name}: the sheet {options.sheet} is empty; give it a header."
        )
    header = Header([cell or "" for cell in rows[0].cells])
    yield Rows(header.columns, iter([_batch(header, rows[1:])]), header.repeated)


def _rows_of(reading: Reading, options: GoogleSheetsOptions) -> list[_Row]:
    client = Client(Api("{url}", sign_in=SIGN_IN[options.sign_in]), reading)
    name = options.sheet.replace("'", "''")
    wanted = f"'{name}'!{options.cells}" if options.cells else f"'{name}'"
    path = f"v4/spreadsheets/{quote(options.spreadsheet)}"
    answer = client.get(path, {"ranges": wanted, "fields": FIELDS})
    (sheet,) = answer["sheets"]
    (data,) = sheet["data"]
    first_row, first_column = data.get("startRow", 0), data.get("startColumn", 0)
    rows = [
        _Row(
            first_row + place + 1,
            [_spelt(cell, options.decimal) for cell in row.get("values", ())],
        )
        for place, row in enumerate(data.get("rowData", ()))
    ]
    for merge in sheet.get("merges", ()):
        _fill_down(rows, merge, first_row, first_column)
    return rows


def _fill_down(rows: list[_Row], merge: dict[str, int], first_row: int, first_column: int) -> None:
    """Let a merged cell stand in each of the rows over which it reaches."""
    column = merge.get("startColumnIndex", 0) - first_column
    start = merge.get("startRowIndex", 0) - first_row
    if start < 0 or start >= len(rows) or not 0 <= column < len(rows[start].cells):
        return
    for row in rows[start + 1 : merge.get("endRowIndex", 0) - first_row]:
        row.cells.extend([None] * (column + 1 - len(row.cells)))
        row.cells[column] = rows[start].cells[column]


def _batch(header: Header, rows: list[_Row]) -> Batch:
    width = len(header.columns)
    faults = [
        (row.number, f"the row has a cell beyond the header's {width} columns")
        for row in rows
        if any(row.cells[width:])
    ]
    fitting = [row for row in rows if not any(row.cells[width:])]
    padded = [(row.cells + [None] * width)[:width] for row in fitting]
    columns = list(zip(*padded, strict=True)) or [()] * width
    cells = [pa.array(column, pa.string()) for column in columns]
    lines = pa.array([row.number for row in fitting], pa.int64())
    return Batch(pa.table(cells, names=list(header.columns)), lines, faults)


def _spelt(cell: dict[str, Any], decimal: str) -> str | None:
    """Spell a cell's value; an error of a formula as what it is, which no number is."""
    value = cell.get("effectiveValue", {})
    if "numberValue" in value:
        shown_as = cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type", "NUMBER")
        return _spelt_number(value["numberValue"], shown_as, decimal)
    if "boolValue" in value:
        return "true" if value["boolValue"] else "false"
    if "errorValue" in value:
        return f"#{value['errorValue'].get('type', 'ERROR')}"
    said = value.get("stringValue")
    return said.strip() or None if said is not None else None


def _spelt_number(number: int | Decimal, shown_as: str, decimal: str) -> str:
    if shown_as not in ("DATE", "DATE_TIME", "TIME"):
        return format(Decimal(number), "f").replace(".", decimal)
    # A sheet keeps a time as a fraction of a day in binary: rounded, it is the one that was meant.
    moment = DAY_ZERO + timedelta(milliseconds=round(number * MILLISECONDS_OF_A_DAY))
    if shown_as == "TIME" and 0 <= number < 1:
        return moment.time().isoformat()
    if shown_as == "DATE" and number == int(number):
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")

"""Workbook: tables as an Excel file with real numbers, their formats, and what each KPI is."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from marketing_warehouse.read import text_guarded
from reporting import formats
from reporting.charts.answer import is_number
from reporting.language import say
from reporting.marts import Report
from reporting.palette import LIGHT

WIDEST = 46  # characters; a longer text runs on in its cell
NARROWEST = 9
LOOKED_AT = 200  # rows, for the width of a column
NAME_LENGTH = 31  # Excel's own limit of a sheet's name
NOT_IN_NAMES = r"[]:*?/\\"

# Excel writes these with the signs of its reader's own language.
NUMBER_FORMATS = {
    "money": "#,##0.00",
    "ratio": "0.0%",
    "times": "#,##0.00",
    "count": "#,##0",
    "days": "#,##0.0",
    "hours": "#,##0.0",
    "months": "#,##0.0",
    "day": "d mmm yyyy",
    "moment": "d mmm yyyy hh:mm",
}


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    Attributes:
        name: of the sheet; cut where Excel needs it shorter.
        table: its rows.
        units: the unit of a column, by its name; numbers of unknown unit stand as they are.
        notes: what a column is, shown at its header.
        row_unit: the column that says the unit of each row's other numbers, as in the scorecard.
    """

    name: str
    table: pa.Table
    units: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    row_unit: str = ""


def workbook(report: Report, sheets: Sequence[Sheet]) -> bytes:
    """Write tables into one Excel file, and on its last sheet where they come from.

    Texts stay texts: none becomes a formula or a link, and one that begins like a formula gets a
    `'` in front, as in every other export.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": report.settings.business_name, "comments": _origin(report)})
        looks = _Looks(book)
        for sheet in sheets:
            _write(book.add_worksheet(_sheet_name(sheet.name)), sheet, looks)
        _write_origin(book.add_worksheet(_sheet_name(say("About"))), report, looks)
    return file.getvalue()


class _Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        letters = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.header = book.add_format(
            {
                **letters,
                "bold": True,
                "bottom": 1,
                "bottom_color": LIGHT.comparison,
                "text_wrap": True,
                "valign": "bottom",
            }
        )
        self.text = book.add_format(letters)
        self.wrapped = book.add_format({**letters, "text_wrap": True})
        self.title = book.add_format({**letters, "bold": True, "font_size": 14})
        self.by_unit = {
            unit: book.add_format({**letters, "num_format": written})
            for unit, written in NUMBER_FORMATS.items()
        }

    def of(self, unit: str) -> Format:
        return self.by_unit.get(unit, self.text)


def _write(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    table = sheet.table
    units = [_unit(sheet, field) for field in table.schema]
    row_units = table.column(sheet.row_unit).to_pylist() if sheet.row_unit else []
    for place, name in enumerate(table.column_names):
        page.write_string(0, place, text_guarded(name), looks.header)
        if sheet.notes.get(name):
            page.write_comment(0, place, sheet.notes[name], {"x_scale": 2.2})
        cells = table.column(place).to_pylist()
        is_measure = is_number(table.schema.field(place).type) and name not in sheet.units
        measures = bool(row_units) and is_measure
        for row, cell in enumerate(cells, start=1):
            unit = row_units[row - 1] if measures else units[place]
            _write_cell(page, row, place, cell, looks.of(unit))
        page.set_column(place, place, _width(name, cells, units[place]))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(table.num_rows, 1), max(table.num_columns - 1, 0))
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(page: Worksheet, row: int, place: int, cell: Any, look: Format) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_boolean(row, place, cell, look)
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, cell.replace(tzinfo=None), look)
    elif isinstance(cell, date):
        page.write_datetime(row, place, cell, look)
    elif hasattr(cell, "__float__"):
        _write_number(page, row, place, float(cell), look)
    else:
        page.write_string(row, place, text_guarded(str(cell)), look)


def _write_number(page: Worksheet, row: int, place: int, number: float, look: Format) -> None:
    """Write a number; Excel knows neither infinities nor nan, so such a cell stays empty."""
    if number - number == 0:
        page.write_number(row, place, number, look)


def _unit(sheet: Sheet, column: pa.Field) -> str:
    if column.name in sheet.units:
        return sheet.units[column.name]
    if pa.types.is_timestamp(column.type):
        return "moment"
    if pa.types.is_date(column.type):
        return "day"
    if pa.types.is_integer(column.type):
        return "count"
    # What is exact to four places is an amount of money.
    return "money" if pa.types.is_decimal(column.type) else ""


def _width(name: str, cells: Sequence[Any], unit: str) -> float:
    if unit in ("day", "moment"):
        return 13 if unit == "day" else 18
    shown = [
        len(f"{cell:,.2f}") if isinstance(cell, float) else len(str(cell))
        for cell in cells[:LOOKED_AT]
        if cell is not None
    ]
    return float(min(WIDEST, max([NARROWEST, len(name) + 3, *(size + 2 for size in shown)])))


def _sheet_name(name: str) -> str:
    kept = "".join(" " if sign in NOT_IN_NAMES else sign for sign in name).strip("' ")
    return kept[:NAME_LENGTH] or "1"


# ------------------------------------------------------------------------------ where it comes from


def _origin(report: Report) -> str:
    settings = report.settings
    return say(
        "Data as of {day}, build {build}, amounts in {currency}.",
        day=formats.day(settings.as_of),
        build=report.publication.build_id,
        currency=settings.currency,
    )


def _write_origin(page: Worksheet, report: Report, looks: _Looks) -> None:
    """Say whose numbers these are, and what every KPI is."""
    page.write_string(0, 0, text_guarded(report.settings.business_name), looks.title)
    page.write_string(1, 0, _origin(report), looks.text)
    heads = (say("KPI"), say("Name"), say("What it is"), say("Unit"))
    for place, head in enumerate(heads):
        page.write_string(3, place, head, looks.header)
    for row, known in enumerate(report.definitions.values(), start=4):
        cells = (known.kpi, say(known.label), say(known.formula), known.unit)
        for place, cell in enumerate(cells):
            page.write_string(row, place, cell, looks.wrapped)
    for place, width in enumerate((28, 30, 90, 10)):
        page.set_column(place, place, width)
    page.freeze_panes(4, 1)

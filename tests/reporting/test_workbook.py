"""The Excel file, read back from its own XML: real numbers, dates, formats, notes, no formula."""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from reporting.marts import Report
from reporting.sheets import numbers
from reporting.view import View
from reporting.workbook import Sheet, workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Book:
    """A workbook as its reader sees it."""

    def __init__(self, content: bytes) -> None:
        self.parts = zipfile.ZipFile(BytesIO(content))
        strings = self.parts.read("xl/sharedStrings.xml")
        self.texts = ["".join(item.itertext()) for item in ElementTree.fromstring(strings)]
        styles = ElementTree.fromstring(self.parts.read("xl/styles.xml"))
        codes = {
            code.get("numFmtId"): code.get("formatCode") for code in styles.iter(f"{MAIN}numFmt")
        }
        codes |= {"3": "#,##0", "4": "#,##0.00"}  # Excel's own
        looks = styles.find(f"{MAIN}cellXfs")
        assert looks is not None
        self.formats = [codes.get(look.get("numFmtId"), "") for look in looks]

    def names(self) -> list[str]:
        book = ElementTree.fromstring(self.parts.read("xl/workbook.xml"))
        return [str(sheet.get("name")) for sheet in book.iter(f"{MAIN}sheet")]

    def cells(self, number: int = 1) -> dict[str, tuple[str | float | bool, str]]:
        """Return each cell's content and its number format, by its place such as `B2`."""
        sheet = ElementTree.fromstring(self.parts.read(f"xl/worksheets/sheet{number}.xml"))
        found: dict[str, tuple[str | float | bool, str]] = {}
        for cell in sheet.iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            if value is None or value.text is None:
                continue
            kinds = {"s": lambda text: self.texts[int(text)], "b": lambda text: text == "1"}
            content = kinds.get(cell.get("t", ""), float)(value.text)
            found[str(cell.get("r"))] = (content, self.formats[int(cell.get("s", 0))])
        return found

    def xml(self) -> str:
        return " ".join(
            self.parts.read(name).decode() for name in self.parts.namelist() if "sheet" in name
        )


def test_numbers_dates_and_truths_are_no_texts(company: Report) -> None:
    table = pa.table(
        {
            "day": [date(2026, 10, 31)],
            "at": [datetime(2026, 10, 31, 12)],
            "amount": pa.array([Decimal("-1234.5")], pa.decimal128(18, 4)),
            "count": [7],
            "share": [0.125],
            "final": [True],
            "text": ["Iași"],
            "nothing": pa.array([None], pa.float64()),
        }
    )
    book = Book(workbook(company, [Sheet("Numbers", table, units={"share": "ratio"})]))
    cells = book.cells()
    # Excel counts days from 30 December 1899: 31 October 2026 is day 46326.
    assert (date(2026, 10, 31) - date(1899, 12, 30)).days == 46326
    assert cells["A2"] == (46326.0, "d mmm yyyy")
    assert cells["B2"] == (46326.5, "d mmm yyyy hh:mm")
    assert cells["C2"] == (-1234.5, "#,##0.00")
    assert cells["D2"] == (7.0, "#,##0")
    assert cells["E2"] == (0.125, "0.0%")
    assert cells["F2"][0] is True
    assert cells["G2"][0] == "Iași"
    assert "H2" not in cells


@pytest.mark.parametrize("text", ["=1+1", "+40", "-x", "@sum", "\tx", "=HYPERLINK(1)"])
def test_no_text_becomes_a_formula_or_a_link(company: Report, text: str) -> None:
    book = Book(workbook(company, [Sheet("s", pa.table({text: [text, "https://example.com"]}))]))
    cells = book.cells()
    assert cells["A1"][0] == cells["A2"][0] == f"'{text}"
    assert cells["A3"][0] == "https://example.com"
    assert "<f>" not in book.xml()
    assert "hyperlink" not in book.xml()


def test_what_excel_cannot_write_is_an_empty_cell(company: Report) -> None:
    table = pa.table({"value": [float("nan"), float("inf"), 1.5]})
    assert set(Book(workbook(company, [Sheet("s", table)])).cells()) == {"A1", "A4"}


def test_the_header_stays_when_one_scrolls(company: Report) -> None:
    xml = Book(workbook(company, [Sheet("s", pa.table({"a": [1]}))])).xml()
    assert re.search(r'<pane xSplit="1" ySplit="1"[^>]* state="frozen"', xml)


def test_a_sheets_name_is_one_that_excel_takes(company: Report) -> None:
    names = Book(workbook(company, [Sheet("What: is/this? [a] " + "x" * 40, pa.table({"a": [1]}))]))
    assert [len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names.names()] == [
        True,
        True,
    ]


def test_the_scorecard_stands_wide_and_with_its_parts(company: Report) -> None:
    view = View("month", date(2026, 9, 1), date(2026, 10, 31), None, None, "all", "")
    book = Book(workbook(company, numbers(company, view, ["leads", "lead_quality_rate"])))
    assert book.names() == ["Numbers", "With parts", "About"]
    wide = book.cells(1)
    # October is the fifth month since June: 1000 + 5 leads; a share of 12 + 5 % 5 of 62.
    assert (wide["B1"][0], wide["B2"]) == ("Leads", (1005.0, "#,##0"))
    assert wide["C2"] == (pytest.approx(12 / 62), "0.0%")
    assert wide["B3"][0] == 1004.0
    # Each row of the long sheet has the format of its own KPI.
    long = book.cells(2)
    heads = {
        content: place[:-1]
        for place, (content, _) in long.items()
        if place[-1:] == "1" and place[:-1].isalpha()
    }
    formats = {
        long[f"{heads['kpi']}{row}"][0]: long[f"{heads['value']}{row}"][1] for row in range(2, 6)
    }
    assert formats == {"leads": "#,##0", "lead_quality_rate": "0.0%"}


def test_a_header_says_the_formula_of_its_kpi(company: Report) -> None:
    view = View("month", date(2026, 10, 1), date(2026, 10, 31), None, None, "all", "")
    book = Book(workbook(company, numbers(company, view, ["leads"])))
    [notes] = [name for name in book.parts.namelist() if name.endswith("comments1.xml")]
    said = ElementTree.fromstring(book.parts.read(notes))
    assert company.definitions["leads"].formula in [
        "".join(text.itertext()) for text in said.iter(f"{MAIN}text")
    ]


def test_one_member_alone_has_its_own_rows(company: Report) -> None:
    view = View("month", date(2026, 10, 1), date(2026, 10, 31), None, None, "method", "Fair")
    wide, long = numbers(company, view, ["leads"])
    assert wide.table.num_rows == long.table.num_rows == 1
    assert long.table["member"].to_pylist() == ["Fair"]

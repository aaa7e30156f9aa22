"""Downloads: one menu for all that can be taken away from what stands above it."""

from collections.abc import Callable, Sequence
from contextvars import copy_context

import streamlit as st

from marketing_warehouse import read
from reporting import language
from reporting.charts.picture import Picture
from reporting.language import say
from reporting.marts import Report
from reporting.pictures import png
from reporting.printed.pdf import printed
from reporting.printed.period import Period
from reporting.view import View
from reporting.workbook import Sheet, workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def menu(
    report: Report,
    name: str,
    sheet: Sheet | None = None,
    picture: Picture | None = None,
    *,
    before: Sequence[Sheet] = (),
    view: View | None = None,
) -> None:
    """Offer a table as CSV and Excel, a chart as PNG, and a period's report as PDF.

    Each is made when it is asked for, in the language and the colours of the visitor.

    Args:
        report: the publication that they are of.
        name: of the files, without ending; one menu of a page has it.
        sheet: the table, with what Excel should know of it.
        picture: the chart; one without anything to draw is not offered.
        before: tables that stand before it in Excel.
        view: whose period the printed report is about, where one is to be offered.
    """
    with st.popover(say("Download"), icon=":material/download:", type="tertiary"):
        if sheet is not None:
            # The mark at its beginning tells spreadsheets that it is UTF-8.
            rows, book = sheet.table, [*before, sheet]
            _offer(
                "CSV", f"{name}.csv", "text/csv", lambda: read.csv_text(rows).encode("utf-8-sig")
            )
            _offer("Excel", f"{name}.xlsx", EXCEL, lambda: workbook(report, book))
        if picture is not None and picture.chart is not None:
            _offer(say("Chart (PNG)"), f"{name}.png", "image/png", lambda: png(report, picture))
        if view is not None and view.start is not None:
            period = Period(view.grain, view.start)
            _offer(
                say("Printed report of {period} (PDF)", period=view.period),
                f"report-{period.name}-{language.current()}.pdf",
                "application/pdf",
                lambda: printed(report, period, language.current()),
            )


def _offer(label: str, file: str, mime: str, make: Callable[[], bytes]) -> None:
    # The file is made after this run, on another thread, which speaks no language of its own.
    worn = copy_context()
    st.download_button(
        label,
        data=lambda: worn.copy().run(make),
        file_name=file,
        mime=mime,
        on_click="ignore",
        type="tertiary",
        width="stretch",
        key=f"download_{file}",
    )

"""Tables: the numbers behind a chart, to compare, to sort, and to take away."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from marketing_warehouse import read
from reporting import formats, phrases
from reporting.marts import Definition, Report, Value
from reporting.view import View

PALE = "color: #8b9097; font-style: italic"
CENTS_MATTER_UNDER = 1000


def by_period(
    report: Report, view: View, kpis: Sequence[Definition], values: Sequence[Value]
) -> None:
    """Show one row per period, the newest first, and one column per KPI."""
    starts = sorted({value.period_start for value in values}, reverse=True)
    cells = {(value.period_start, value.kpi): value for value in values}
    as_of = report.settings.as_of
    ends = {value.period_start: value.period_end for value in values}

    def name(start: date) -> str:
        return formats.period(view.grain, start) + (" (so far)" if ends[start] > as_of else "")

    columns = [[cells.get((start, known.kpi)) for start in starts] for known in kpis]
    _show(report, "Period", [name(start) for start in starts], kpis, columns)


def by_member(
    report: Report,
    view: View,
    kpis: Sequence[Definition],
    values: Sequence[Value],
    order: Sequence[str],
) -> None:
    """Show one row per member and one column per KPI, of one period."""
    cells = {(value.member, value.kpi): value for value in values}
    columns = [[cells.get((member, known.kpi)) for member in order] for known in kpis]
    _show(report, view.dimension.capitalize(), order, kpis, columns)


def with_parts(report: Report, view: View, values: Sequence[Value]) -> None:
    """Show every KPI of one period with its parts, its target and its interval."""
    currency = report.settings.currency

    def part(size: float | None, value: Value) -> str:
        unit = "money" if value.unit == "money" else "count"
        return "" if size is None else formats.exact(size, unit, currency)

    frame = pd.DataFrame(
        {
            "KPI": report.definitions[value.kpi].label,
            "Value": formats.exact(value.value, value.unit, currency),
            "Made of": phrases.parts_line(report, value),
            "Before": formats.exact(value.previous_value, value.unit, currency),
            "Target": phrases.target_line(report, value),
            "How sure": phrases.maturity_line(report, value) or "final",
            "What it is": report.definitions[value.kpi].formula,
        }
        for value in values
    )
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt="Every number with its parts",
    )


def download(label: str, table: pa.Table, name: str) -> None:
    """Offer a table as CSV; the mark at its beginning tells spreadsheets that it is UTF-8."""
    st.download_button(
        label,
        data=lambda: read.csv_text(table).encode("utf-8-sig"),  # made when it is asked for
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"download_{name}",
    )


def _show(
    report: Report,
    head: str,
    names: Sequence[str],
    kpis: Sequence[Definition],
    columns: Sequence[Sequence[Value | None]],
) -> None:
    frame = pd.DataFrame({head: list(names)})
    looks = pd.DataFrame({head: [""] * len(names)})
    config: dict[str, Any] = {}
    for known, cells in zip(kpis, columns, strict=True):
        sizes = pd.Series([cell.value if cell else None for cell in cells], dtype="float64")
        needs_cents = known.unit == "money" and sizes.abs().max() < CENTS_MATTER_UNDER
        # Whole numbers read best, unless they are so small that the cents matter.
        frame[known.kpi] = sizes.round() if known.unit == "money" and not needs_cents else sizes
        looks[known.kpi] = [PALE if cell and phrases.is_unsure(cell) else "" for cell in cells]
        config[known.kpi] = _column(report, known, needs_cents)
    st.dataframe(
        frame.style.apply(lambda _: looks, axis=None),
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * max(len(frame), 1), 430),
        column_config=config,
        placeholder=formats.NO_VALUE,
        alt="Table of the numbers above",
    )
    if (looks == PALE).any(axis=None):
        st.caption("Pale numbers are still moving or rest on few cases.")


def _column(report: Report, known: Definition, needs_cents: bool) -> st.column_config.NumberColumn:
    label = known.label
    if known.unit == "money":
        label = f"{label} ({report.settings.currency})"
    written = "percent" if known.unit == "ratio" else "%.2f" if needs_cents else "localized"
    return st.column_config.NumberColumn(label, help=known.formula, format=written)

"""Tables: the numbers behind a chart, to compare, to sort, and to take away."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import pyarrow as pa
import streamlit as st

from components import formats, tiles
from components.choice import View
from components.marts import Definition, Report, Value
from marketing_warehouse import read


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

    frame = pd.DataFrame({"Period": [name(start) for start in starts]})
    _fill(frame, kpis, [[cells.get((start, known.kpi)) for start in starts] for known in kpis])
    _show(report, frame, kpis)


def by_member(
    report: Report,
    view: View,
    kpis: Sequence[Definition],
    values: Sequence[Value],
    order: Sequence[str],
) -> None:
    """Show one row per member and one column per KPI, of one period."""
    cells = {(value.member, value.kpi): value for value in values}
    frame = pd.DataFrame({view.dimension.capitalize(): list(order)})
    _fill(frame, kpis, [[cells.get((member, known.kpi)) for member in order] for known in kpis])
    _show(report, frame, kpis)


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
            "Made of": tiles.parts_line(report, value),
            "Before": formats.exact(value.previous_value, value.unit, currency),
            "Target": tiles.target_line(report, value),
            "How sure": tiles.maturity_line(report, value) or "final",
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


def _fill(
    frame: pd.DataFrame, kpis: Sequence[Definition], columns: Sequence[Sequence[Value | None]]
) -> None:
    for known, cells in zip(kpis, columns, strict=True):
        frame[known.kpi] = pd.array(
            [cell.value if cell else None for cell in cells], dtype="Float64"
        ).astype("float64")


def _show(report: Report, frame: pd.DataFrame, kpis: Sequence[Definition]) -> None:
    config = {known.kpi: _column(report, known, frame[known.kpi]) for known in kpis}
    height = min(38 + 35 * max(len(frame), 1), 430)
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=height,
        column_config=config,
        alt="Table",
        placeholder=formats.NO_VALUE,
    )


def _column(
    report: Report, known: Definition, cells: "pd.Series[float]"
) -> st.column_config.NumberColumn:
    unit = known.unit
    label = f"{known.label} ({report.settings.currency})" if unit == "money" else known.label
    if unit == "ratio":
        return st.column_config.NumberColumn(label, help=known.formula, format="percent")
    # Whole numbers read best, unless they are so small that the cents matter.
    needs_cents = unit == "money" and cells.abs().max() < 1000
    written = "%.2f" if needs_cents else "localized"
    return st.column_config.NumberColumn(label, help=known.formula, format=written)

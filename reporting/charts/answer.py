"""Answer: what an analyst's own question returned, one column drawn against another."""

import altair as alt
import pandas as pd
import pyarrow as pa

from reporting.charts.picture import Picture, dressed
from reporting.language import say
from reporting.palette import colours

MOST_BARS = 30
HEIGHT = 300


def number_columns(table: pa.Table) -> list[str]:
    """Return the columns that can be drawn."""
    return [field.name for field in table.schema if is_number(field.type)]


def naming_column(table: pa.Table) -> str:
    """Return the column to draw against unless another is chosen: a day, else a text."""
    for fits in (pa.types.is_temporal, pa.types.is_string):
        for field in table.schema:
            if fits(field.type):
                return str(field.name)
    return str(table.column_names[0])


def answer(table: pa.Table, name: str, amount: str) -> Picture:
    """Draw a column of numbers against another column: a line, dots or bars, by its type."""
    title = say("{amount} by {name}", amount=amount, name=name)
    kind = table.schema.field(name).type
    frame = table.select([name, amount] if name != amount else [name]).to_pandas()
    frame = pd.DataFrame({"name": frame[name], "amount": frame[amount].astype(float)})
    note = ""
    if pa.types.is_temporal(kind) and not pa.types.is_time(kind):
        frame["name"] = pd.to_datetime(frame["name"])
        chart = _upwards(frame, name, "T", amount).mark_line(point=True)
    elif is_number(kind):
        frame["name"] = frame["name"].astype(float)
        chart = _upwards(frame, name, "Q", amount).mark_circle(size=48, opacity=0.8)
    else:
        if len(frame) > MOST_BARS:
            note = say("The first {rows} rows are drawn; the table has all.", rows=MOST_BARS)
        frame["name"] = frame["name"].astype(str)
        chart = _bars(frame.head(MOST_BARS), amount, name)
    return Picture(title, dressed(chart), note=note)


def _upwards(frame: pd.DataFrame, name: str, kind: str, amount: str) -> alt.Chart:
    chart: alt.Chart = alt.Chart(frame, height=HEIGHT).encode(
        x=alt.X(f"name:{kind}", title=name),
        y=alt.Y("amount:Q", title=amount),
        color=alt.value(colours().chain),
        tooltip=_pointer(name, kind, amount),
    )
    return chart


def _bars(frame: pd.DataFrame, amount: str, name: str) -> alt.Chart:
    bars: alt.Chart = (
        alt.Chart(frame, height=28 * len(frame) + 20)
        .mark_bar(color=colours().chain, height={"band": 0.62})
        .encode(
            y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
            x=alt.X("amount:Q", title=amount, axis=alt.Axis(tickCount=6)),
            tooltip=_pointer(name, "N", amount),
        )
    )
    return bars


def _pointer(name: str, kind: str, amount: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"name:{kind}", title=name), alt.Tooltip("amount:Q", title=amount)]


def is_number(kind: pa.DataType) -> bool:
    """Say whether a column's type is a number."""
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )

"""Console chart: any answer as a picture, by the columns that a visitor picks."""

import altair as alt
import pyarrow as pa
import streamlit as st

from reporting.language import say, say_n
from components.palette import SERIES_COLOURS

MOST_BARS = 30


def show(table: pa.Table) -> None:
    """Let the visitor pick two columns of an answer and draw one against the other."""
    amounts = [field.name for field in table.schema if _is_number(field.type)]
    if not amounts or table.num_columns < 2:
        st.info(say("A chart needs a column of numbers and another one to draw it against."))
        return
    across, up = st.columns(2)
    named = _naming_column(table)
    with across:
        name = st.selectbox(
            say("Against"), table.column_names, index=table.column_names.index(named)
        )
    with up:
        rest = [amount for amount in amounts if amount != name] or amounts
        amount = st.selectbox(say("Draw"), rest, index=len(rest) - 1)
    st.altair_chart(_chart(table, name, amount), width="stretch")


def _naming_column(table: pa.Table) -> str:
    """Return the column to draw against: a day, else a text, else the first one."""
    for fits in (pa.types.is_temporal, pa.types.is_string):
        for field in table.schema:
            if fits(field.type):
                return str(field.name)
    return str(table.column_names[0])


def _chart(table: pa.Table, name: str, amount: str) -> alt.Chart:
    frame = table.select([name, amount]).to_pandas()
    frame[amount] = frame[amount].astype(float)
    frame.columns = ["name", "amount"]
    kind = table.schema.field(name).type
    tooltip = [alt.Tooltip("name", title=name), alt.Tooltip("amount", title=amount, format=",.4~f")]
    if pa.types.is_temporal(kind):
        frame["name"] = frame["name"].astype("datetime64[ns]")
        return _drawn(
            alt.Chart(frame)
            .mark_line(point=True, color=SERIES_COLOURS[0])
            .encode(x=alt.X("name:T", title=name), y=_upwards(amount), tooltip=tooltip)
        )
    if _is_number(kind):
        return _drawn(
            alt.Chart(frame)
            .mark_circle(size=48, color=SERIES_COLOURS[0])
            .encode(x=alt.X("name:Q", title=name), y=_upwards(amount), tooltip=tooltip)
        )
    if len(frame) > MOST_BARS:
        st.caption(say_n("The first {number} row.", "The first {number} rows.", MOST_BARS))
        frame = frame.head(MOST_BARS)
    frame["name"] = frame["name"].astype(str)
    return (
        alt.Chart(frame)
        .mark_bar(color=SERIES_COLOURS[0], height={"band": 0.62})
        .encode(
            y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
            x=alt.X("amount:Q", title=amount),
            tooltip=tooltip,
        )
    )


def _upwards(amount: str) -> alt.Y:
    return alt.Y("amount:Q", title=amount)


def _drawn(chart: alt.Chart) -> alt.Chart:
    return chart.properties(height=320)


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )

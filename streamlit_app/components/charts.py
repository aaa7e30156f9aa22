"""Charts: one question each, and the title is the answer in words."""

from collections.abc import Sequence
from html import escape
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from altair.utils import schemapi

from components import formats, tiles
from components.choice import View
from components.marts import Definition, Report, Value
from components.palette import COMPARISON, SERIES_COLOURS, colour_of

# Checking a chart against the schema of Vega-Lite takes longer than making it.
schemapi.DEBUG_MODE = False

MOST_SERIES = len(SERIES_COLOURS)
MOST_BARS = 15
DATE_FORMATS = {
    "day": "%d %b",
    "week": "%d %b",
    "month": "%b %Y",
    "quarter": "Q%q %Y",
    "year": "%Y",
}
MOST_TICKS = 14


def trend(report: Report, view: View, known: Definition, values: Sequence[Value]) -> None:
    """Draw how one KPI of one member went on; what may still move is hollow and dashed."""
    title = trend_title(report, view, known, values)
    st.markdown(f"**{plain(title)}**")
    frame = _frame(report, values).sort_values("start")
    if not frame["value"].notna().any():
        st.info(f"There is no {known.label.lower()} in these dates yet.")
        return
    if len(frame) == 1:
        st.caption(f"Only one {view.grain} so far: a trend begins with the second.")
    colour = colour_of(known.process)
    line = alt.Chart(frame).encode(x=_time_axis(view, frame), y=_value_axis(report, known, frame))
    final = line.transform_filter("datum.final").mark_line(color=colour, strokeWidth=2)
    moving = line.transform_filter("datum.dashed").mark_line(
        color=colour, strokeWidth=1.5, strokeDash=[4, 3], opacity=0.7
    )
    points = line.mark_point(size=46, color=colour, strokeWidth=1.6).encode(
        fill=alt.condition("datum.final", alt.value(colour), alt.value("white")),
        tooltip=_tooltip(),
    )
    layers: list[Any] = [final, moving, points]
    if frame["low"].notna().any():
        layers.insert(0, _band(line, colour))
    if frame["target"].notna().any():
        layers.insert(0, _targets(line))
    _draw(alt.layer(*layers).properties(height=270), title)


def trends(report: Report, view: View, known: Definition, values: Sequence[Value]) -> None:
    """Draw how one KPI went on for the largest members of a dimension."""
    order = _largest(values)
    shown = [value for value in values if value.member in order[:MOST_SERIES]]
    frame = _frame(report, shown).sort_values("start")
    title = f"{known.label} by {view.dimension}, {view.grain} by {view.grain}"
    st.markdown(f"**{plain(title)}**")
    if frame.empty or not frame["value"].notna().any():
        st.info(f"There is no {known.label.lower()} in these dates yet.")
        return
    if len(order) > MOST_SERIES:
        st.caption(f"The {MOST_SERIES} largest of {len(order)}; the table has all.")
    colour = alt.Color(
        "member:N",
        title=None,
        sort=order[:MOST_SERIES],
        scale=alt.Scale(domain=order[:MOST_SERIES], range=list(SERIES_COLOURS)),
        legend=alt.Legend(orient="bottom", columns=4, symbolType="stroke", labelLimit=200),
    )
    line = alt.Chart(frame).encode(
        x=_time_axis(view, frame),
        y=_value_axis(report, known, frame),
        color=colour,
        tooltip=_tooltip(),
    )
    lines = line.mark_line(strokeWidth=1.8)
    _draw(alt.layer(lines, line.mark_circle(size=30)).properties(height=270), title)


def bars(report: Report, known: Definition, values: Sequence[Value], order: Sequence[str]) -> None:
    """Draw one KPI of one period for each member; the order is the same in every chart."""
    title = bars_title(report, known, values)
    st.html(f'<div class="wh-title">{escape(title)}</div>')
    frame = _frame(report, [value for value in values if value.member in order])
    if frame.empty or not frame["value"].notna().any():
        st.info(f"There is no {known.label.lower()} in this period yet.")
        return
    colour = colour_of(known.process)
    chart = alt.Chart(frame).encode(
        y=alt.Y("member:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=130)),
        x=alt.X(
            "value:Q",
            title=_axis_title(report, known),
            scale=alt.Scale(zero=True),
            axis=alt.Axis(format=_axis_format(known, frame), tickCount=4),
        ),
        tooltip=_tooltip(),
    )
    layers: list[Any] = [
        chart.mark_bar(color=colour, height={"band": 0.62}).encode(
            opacity=alt.condition("datum.final && !datum.small", alt.value(0.95), alt.value(0.45))
        ),
        chart.mark_text(align="left", dx=4, fontSize=11).encode(x="written_at:Q", text="shown:N"),
    ]
    if frame["low"].notna().any():
        layers.insert(
            1,
            chart.transform_filter("isValid(datum.low)")
            .mark_rule(color=COMPARISON, strokeWidth=1.4)
            .encode(x=alt.X("low:Q"), x2="high:Q"),
        )
    height = max(110, 27 * frame["member"].nunique() + 50)
    _draw(alt.layer(*layers).properties(height=height), title)


def trend_title(report: Report, view: View, known: Definition, values: Sequence[Value]) -> str:
    """Answer the chart's question: how much is it, and which way does it go?"""
    of = f" of {view.whose}" if view.whose else ""
    chosen = next((value for value in values if value.period_start == view.start), None)
    if chosen is None or chosen.value is None:
        return f"{known.label}{of}: no value {view.within}"
    shown = formats.tile(chosen.value, chosen.unit, report.settings.currency)
    line = tiles.change_line(report, view, chosen)
    so_far = " so far" if tiles.is_running(report, chosen) else ""
    said = f"{known.label}{of}: {shown} {view.within}{so_far}"
    return f"{said} ({line})" if line else said


def bars_title(report: Report, known: Definition, values: Sequence[Value]) -> str:
    """Name the member with the most, or the best and the worst; those without a name stand back."""
    having = [value for value in values if value.value is not None]
    named = [value for value in having if not value.member.startswith("(")] or having
    judged = [value for value in named if not value.is_small] or named
    if not judged:
        return known.label
    ordered = sorted(judged, key=lambda value: (value.value or 0.0, value.member))
    low, high = ordered[0], ordered[-1]

    def written(value: Value) -> str:
        shown = formats.tile(value.value, value.unit, report.settings.currency)
        return f"{value.member} ({shown})"

    if len(ordered) > 1 and low.value == high.value:
        said = f"{known.label}: the same everywhere"
    elif len(ordered) == 1 or known.unit == "count":
        said = f"{known.label}: most from {written(high)}"
    elif known.direction == "down":
        said = f"{known.label}: lowest {written(low)}, highest {written(high)}"
    else:
        said = f"{known.label}: highest {written(high)}, lowest {written(low)}"
    if any(not value.is_mature for value in judged):
        return f"{said}, still moving"
    return f"{said}, on few cases" if all(value.is_small for value in judged) else said


def plain(text: str) -> str:
    """Keep Markdown from reading signs of the data as its own."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>()#+-.!|$~:" else sign for sign in text)


# ------------------------------------------------------------------------------ parts of a chart


def _frame(report: Report, values: Sequence[Value]) -> pd.DataFrame:
    currency = report.settings.currency
    starts = sorted({value.period_start for value in values if value.is_mature})
    last_final = starts[-1] if starts else None
    return pd.DataFrame(
        {
            "start": pd.Timestamp(value.period_start),
            "period": formats.period(value.period_grain, value.period_start),
            "member": value.member,
            "value": value.value,
            "low": value.low,
            "high": value.high,
            "target": value.target,
            "written_at": max(value.value or 0.0, value.high or 0.0),
            "final": value.is_mature,
            # The dashed line begins where the firm one ends.
            "dashed": not value.is_mature or value.period_start == last_final,
            "small": value.is_small,
            "shown": formats.tile(value.value, value.unit, currency),
            "exactly": formats.exact(value.value, value.unit, currency),
            "parts": tiles.parts_line(report, value),
            "note": tiles.maturity_line(report, value),
        }
        for value in values
    )


def _largest(values: Sequence[Value]) -> list[str]:
    """Return the members by their largest value, which keeps the order over all periods."""
    sizes: dict[str, float] = {}
    for value in values:
        sizes[value.member] = max(sizes.get(value.member, 0.0), value.value or 0.0)
    return sorted(sizes, key=lambda member: (-sizes[member], member))


def _time_axis(view: View, frame: pd.DataFrame) -> alt.X:
    starts = sorted(set(frame["start"]))
    # Few periods are all named where they begin; of many, the axis picks some.
    ticks = (
        {"values": [start.isoformat() for start in starts]}
        if len(starts) <= MOST_TICKS
        else {"tickCount": 8}
    )
    axis = alt.Axis(format=DATE_FORMATS[view.grain], grid=False, labelOverlap=True, **ticks)
    return alt.X("start:T", title=None, axis=axis)


def _axis_format(known: Definition, frame: pd.DataFrame) -> str:
    largest = frame["value"].abs().max()
    if known.unit == "ratio":
        return ".0%" if largest >= 0.05 else ".1%"
    if largest >= 10_000:
        return "~s"
    return ",.0f" if largest >= 10 else ",.1f"


def _value_axis(report: Report, known: Definition, frame: pd.DataFrame) -> alt.Y:
    axis = alt.Axis(format=_axis_format(known, frame), tickCount=5, gridOpacity=0.5)
    return alt.Y("value:Q", title=_axis_title(report, known), scale=alt.Scale(zero=True), axis=axis)


def _axis_title(report: Report, known: Definition) -> str:
    words = {"money": f"{known.label}, {report.settings.currency}", "count": known.label}
    return words.get(known.unit, known.label if known.unit == "ratio" else f"{known.unit}")


def _tooltip() -> list[alt.Tooltip]:
    names = {"period": "Period", "member": "Member", "exactly": "Value", "parts": "Made of"}
    return [
        alt.Tooltip(f"{name}:N", title=title) for name, title in (names | {"note": "Note"}).items()
    ]


def _band(line: alt.Chart, colour: str) -> alt.Chart:
    return (
        line.transform_filter("isValid(datum.low)")
        .mark_area(color=colour, opacity=0.12)
        .encode(y=alt.Y("low:Q"), y2="high:Q")
    )


def _targets(line: alt.Chart) -> alt.Chart:
    return (
        line.transform_filter("isValid(datum.target)")
        .mark_line(color=COMPARISON, strokeDash=[2, 2], interpolate="step-after")
        .encode(y=alt.Y("target:Q"))
    )


def _draw(chart: alt.LayerChart, text_alternative: str) -> None:
    st.altair_chart(chart, width="stretch", alt=text_alternative)

"""Bars: one KPI of one period, a bar for each member of a dimension."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from reporting import formats
from reporting.charts.parts import (
    axis_title,
    frame_of,
    pointer,
    rows_of,
    value_ticks,
)
from reporting.charts.picture import Picture, dressed, where
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import colours
from reporting.view import member_name

MOST_BARS = 15
ROOM = 1.2


def bars(
    report: Report, known: Definition, values: Sequence[Value], order: Sequence[str]
) -> Picture:
    """Draw one KPI of one period for each member; the order is the same in every chart."""
    title = bars_title(report, known, values)
    frame = frame_of(report, [value for value in values if value.member in order])
    label = say(known.label)
    if frame.empty or not frame["value"].notna().any():
        return Picture(title, None, missing=say("{kpi}: no value in this period yet.", kpi=label))
    worn = colours()
    low, high = frame["value"].min(), frame["written_at"].max()
    chart = alt.Chart(frame).encode(
        y=alt.Y(
            "member:N",
            sort=[member_name(member, values[0].dimension) for member in order],
            title=None,
            axis=alt.Axis(labelLimit=130),
        ),
        x=alt.X(
            "value:Q",
            title=axis_title(report, known),
            # Bars begin at zero, and beside the longest there is room for its number.
            scale=alt.Scale(domain=[min(low, 0.0), max(high, 0.0) * ROOM], nice=False),
            axis=value_ticks(known, frame, 4),
        ),
        tooltip=pointer(),
    )
    layers: list[Any] = [
        chart.mark_bar(color=worn.of(known.process), height={"band": 0.62}).encode(
            opacity=alt.OpacityValue(0.45, condition=where("datum.final && !datum.small", 0.95))
        ),
        chart.mark_text(align="left", dx=4, fontSize=11).encode(
            x=alt.X("written_at:Q"), text=alt.Text("shown:N")
        ),
    ]
    if frame["low"].notna().any():
        layers.insert(
            1,
            chart.transform_filter("isValid(datum.low)")
            .mark_rule(color=worn.comparison, strokeWidth=1.4)
            .encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        )
    height = max(110, 27 * frame["member"].nunique() + 50)
    return Picture(
        title=title,
        chart=dressed(alt.layer(*layers, height=height)),
        rows=rows_of(frame, label),
    )


def bars_title(report: Report, known: Definition, values: Sequence[Value]) -> str:
    """Name the member with the most, or the best and the worst; those without a name stand back."""
    having = [value for value in values if value.value is not None]
    named = [value for value in having if not value.member.startswith("(")] or having
    judged = [value for value in named if not value.is_small] or named
    if not judged:
        return say(known.label)
    said = _extremes(report, known, judged)
    if any(not value.is_mature for value in judged):
        return say("{answer}, still moving", answer=said)
    if all(value.is_small for value in judged):
        return say("{answer}, on few cases", answer=said)
    return said


def _extremes(report: Report, known: Definition, judged: Sequence[Value]) -> str:
    ordered = sorted(judged, key=lambda value: (value.value or 0.0, value.member))
    low, high = ordered[0], ordered[-1]

    def written(value: Value) -> str:
        return formats.tile(value.value, value.unit, report.settings.currency)

    what = {
        "kpi": say(known.label),
        "low": member_name(low.member, low.dimension),
        "high": member_name(high.member, high.dimension),
        "least": written(low),
        "most": written(high),
    }
    if len(ordered) > 1 and low.value == high.value:
        return say("{kpi}: the same everywhere", **what)
    if len(ordered) == 1 or known.unit == "count":
        return say("{kpi}: most from {high} ({most})", **what)
    if known.direction == "down":
        return say("{kpi}: lowest {low} ({least}), highest {high} ({most})", **what)
    return say("{kpi}: highest {high} ({most}), lowest {low} ({least})", **what)

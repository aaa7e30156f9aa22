"""Trend: how one KPI went on, of one member or of the largest of a dimension."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.parts import frame_of, pointer, rows_of, time_axis, value_axis
from reporting.charts.picture import Picture, dressed, where
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import MOST_SERIES, colours
from reporting.phrases import change_line, is_running
from reporting.view import View, member_name

HEIGHT = 270


def trend(report: Report, view: View, known: Definition, values: Sequence[Value]) -> Picture:
    """Draw how one KPI of one member went on; what may still move is hollow and dashed."""
    title = trend_title(report, view, known, values)
    frame = frame_of(report, values)
    label = say(known.label)
    if frame.empty or not frame["value"].notna().any():
        return Picture(title, None, missing=say("{kpi}: no value in these dates yet.", kpi=label))
    worn = colours()
    colour = worn.of(known.process)
    line = alt.Chart(frame).encode(
        x=time_axis(view.grain, frame), y=value_axis(report, known, frame)
    )
    final = line.transform_filter("datum.final").mark_line(color=colour, strokeWidth=2)
    moving = line.transform_filter("datum.dashed").mark_line(
        color=colour, strokeWidth=1.5, strokeDash=[4, 3], opacity=0.7
    )
    points = line.mark_point(size=46, color=colour, strokeWidth=1.6, opacity=1).encode(
        fill=alt.FillValue(worn.ground, condition=where("datum.final", colour)),
        tooltip=pointer(),
    )
    layers: list[Any] = [final, moving, points]
    if frame["low"].notna().any():
        layers.insert(0, _band(line, colour))
    if frame["target"].notna().any():
        layers.insert(0, _targets(line))
    only_one = say("Only one period so far: a trend begins with the second.")
    return Picture(
        title=title,
        chart=dressed(alt.layer(*layers, height=HEIGHT)),
        rows=rows_of(frame, label),
        description=_course(frame),
        note=only_one if len(frame) == 1 else "",
    )


def trends(report: Report, view: View, known: Definition, values: Sequence[Value]) -> Picture:
    """Draw how one KPI went on for the largest members of a dimension."""
    order = largest(values)
    shown = [value for value in values if value.member in order[:MOST_SERIES]]
    frame = frame_of(report, shown)
    label = say(known.label)
    title = trends_title(known, view)
    if frame.empty or not frame["value"].notna().any():
        return Picture(title, None, missing=say("{kpi}: no value in these dates yet.", kpi=label))
    names = [member_name(member, view.dimension) for member in order[:MOST_SERIES]]
    colour = alt.Color(
        "member:N",
        title=None,
        scale=alt.Scale(domain=names, range=list(colours().series)),
        legend=alt.Legend(orient="bottom", columns=4, symbolType="stroke", labelLimit=200),
    )
    line = alt.Chart(frame).encode(
        x=time_axis(view.grain, frame),
        y=value_axis(report, known, frame),
        color=colour,
        tooltip=pointer(),
    )
    lines = alt.layer(line.mark_line(strokeWidth=1.8), line.mark_circle(size=30, opacity=1))
    left_out = say(
        "The {shown} largest of {all}; the table has all.", shown=MOST_SERIES, all=len(order)
    )
    return Picture(
        title=title,
        chart=dressed(lines.properties(height=HEIGHT)),
        rows=rows_of(frame, label),
        note=left_out if len(order) > MOST_SERIES else "",
    )


def trend_title(report: Report, view: View, known: Definition, values: Sequence[Value]) -> str:
    """Answer the chart's question: how much is it, and which way does it go?"""
    chosen = next((value for value in values if value.period_start == view.start), None)
    what = {"kpi": say(known.label), "member": view.whose, "when": view.within}
    if chosen is None or chosen.value is None:
        if view.whose:
            return say("{kpi} of {member}: no value {when}", **what)
        return say("{kpi}: no value {when}", **what)
    what["value"] = formats.tile(chosen.value, chosen.unit, report.settings.currency)
    said = _running_title(what) if is_running(report, chosen) else _ended_title(what)
    line = change_line(report, view, chosen)
    return f"{said} ({line})" if line else said


def _ended_title(what: dict[str, str]) -> str:
    if what["member"]:
        return say("{kpi} of {member}: {value} {when}", **what)
    return say("{kpi}: {value} {when}", **what)


def _running_title(what: dict[str, str]) -> str:
    if what["member"]:
        return say("{kpi} of {member}: {value} {when} so far", **what)
    return say("{kpi}: {value} {when} so far", **what)


def trends_title(known: Definition, view: View) -> str:
    """Name what is compared, and over which periods."""
    label = say(known.label)
    sentences = {
        "method": say("{kpi} of each method over time", kpi=label),
        "campaign": say("{kpi} of each campaign over time", kpi=label),
        "unit": say("{kpi} of each unit over time", kpi=label),
        "employee": say("{kpi} of each employee over time", kpi=label),
    }
    return sentences.get(view.dimension, label)


def largest(values: Sequence[Value]) -> list[str]:
    """Return the members by their largest value, which keeps the order over all periods."""
    sizes: dict[str, float] = {}
    for value in values:
        sizes[value.member] = max(sizes.get(value.member, 0.0), value.value or 0.0)
    return sorted(sizes, key=lambda member: (-sizes[member], member))


def _course(frame: pd.DataFrame) -> str:
    """Say where a line begins and ends, and where it is highest and lowest."""
    having = frame[frame["value"].notna()]
    first, last = having.iloc[0], having.iloc[-1]
    high, low = having.loc[having["value"].idxmax()], having.loc[having["value"].idxmin()]
    return say(
        "From {first} ({first_period}) to {last} ({last_period}); highest {high} "
        "({high_period}), lowest {low} ({low_period}).",
        first=first["shown"],
        first_period=first["period"],
        last=last["shown"],
        last_period=last["period"],
        high=high["shown"],
        high_period=high["period"],
        low=low["shown"],
        low_period=low["period"],
    )


def _band(line: alt.Chart, colour: str) -> alt.Chart:
    known = line.transform_filter("isValid(datum.low)")
    band: alt.Chart = known.mark_area(color=colour, opacity=0.14).encode(
        y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    return band


def _targets(line: alt.Chart) -> alt.Chart:
    known = line.transform_filter("isValid(datum.target)")
    steps: alt.Chart = known.mark_line(
        color=colours().comparison, strokeDash=[2, 2], interpolate="step-after"
    ).encode(y=alt.Y("target:Q"))
    return steps

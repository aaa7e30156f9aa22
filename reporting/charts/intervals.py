"""Intervals: a share of each member with the range in which chance leaves it."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.parts import frame_of, pointer, rows_of
from reporting.charts.picture import Chart, Picture, dressed, where
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import colours
from reporting.view import member_name

MOST_MEMBERS = 12
ROW_HEIGHT = 42


def intervals(
    report: Report, known: Definition, values: Sequence[Value], whole: Value | None = None
) -> Picture:
    """Draw a proportion of one period for each member, the one with most cases first.

    Args:
        report: the publication.
        known: the KPI, a proportion.
        values: its values, of one period and dimension.
        whole: that of the whole business, drawn as a line to compare with.
    """
    having = [value for value in values if value.value is not None]
    having.sort(key=lambda value: (-(value.denominator or 0.0), value.member))
    if not having:
        missing = say("{kpi}: no value in this period yet.", kpi=say(known.label))
        return Picture(say(known.label), None, missing=missing)
    shown = having[:MOST_MEMBERS]
    note = say(
        "The {shown} largest of {all}; the table has all.", shown=len(shown), all=len(having)
    )
    return Picture(
        title=intervals_title(report, known, having),
        chart=dressed(_drawn(report, known, shown, whole)),
        rows=rows_of(frame_of(report, having), say(known.label)),
        description=say("Each dot is a share, its line the range in which chance leaves it."),
        note=note if len(having) > len(shown) else "",
    )


def intervals_title(report: Report, known: Definition, values: Sequence[Value]) -> str:
    """Name the highest and the lowest, and say whether chance alone could part them."""
    named = [value for value in values if not value.member.startswith("(")] or list(values)
    judged = [value for value in named if not value.is_small] or named
    ordered = sorted(judged, key=lambda value: (value.value or 0.0, value.member))
    low, high = ordered[0], ordered[-1]
    currency = report.settings.currency
    said = {
        "kpi": say(known.label),
        "high": member_name(high.member, high.dimension),
        "most": formats.tile(high.value, high.unit, currency),
        "low": member_name(low.member, low.dimension),
        "least": formats.tile(low.value, low.unit, currency),
    }
    answer = _answer(low, high, said) if len(ordered) > 1 else say("{kpi}: {high} {most}", **said)
    if any(not value.is_mature for value in judged):
        return say("{answer}, still moving", answer=answer)
    return answer


def _answer(low: Value, high: Value, said: dict[str, str]) -> str:
    if low.value == high.value:
        return say("{kpi}: {most} everywhere", **said)
    if low.high is not None and high.low is not None and high.low > low.high:
        return say("{kpi}: {high} {most}, {low} {least}: more than chance", **said)
    return say("{kpi}: {high} {most}, {low} {least}: may be chance", **said)


def _drawn(report: Report, known: Definition, shown: Sequence[Value], whole: Value | None) -> Chart:
    worn = colours()
    colour = worn.of(known.process)
    frame = frame_of(report, shown)
    frame["firm"] = frame["final"] & ~frame["small"]
    frame["written"] = frame["member"].map(
        {member_name(value.member, value.dimension): _written(report, value) for value in shown}
    )
    edge = max(float(frame["written_at"].max()), 0.01)
    base = alt.Chart().encode(
        y=alt.Y(
            "member:N",
            sort=[member_name(value.member, value.dimension) for value in shown],
            title=None,
            axis=alt.Axis(labelLimit=120, labelColor=worn.text),
        ),
        tooltip=pointer(),
    )
    scale = alt.Scale(domain=[0, edge * 1.02], nice=False)
    across = alt.X(
        "value:Q",
        title=None,
        scale=scale,
        axis=alt.Axis(format=".0%" if edge >= 0.05 else ".1%", tickCount=4),
    )
    layers: list[Any] = []
    if whole is not None and whole.value is not None:
        line = alt.Chart(pd.DataFrame({"value": [whole.value]}))
        layers.append(line.mark_rule(color=worn.comparison, strokeDash=[3, 3]).encode(x=across))
    ranges = base.transform_filter("isValid(datum.low)").mark_rule(
        color=colour, strokeWidth=3, opacity=0.35
    )
    dots = base.mark_point(size=80, color=colour, strokeWidth=1.8, opacity=1)
    below: dict[str, Any] = {"align": "left", "baseline": "top", "dy": 6, "fontSize": 11}
    # The ground around the letters keeps the line of the whole business from crossing them.
    around = base.mark_text(stroke=worn.ground, strokeWidth=3, **below)
    said = base.mark_text(color=worn.muted, **below)
    layers += [
        ranges.encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")),
        dots.encode(
            x=across,
            # Hollow: still moving, or few cases.
            fill=alt.FillValue(worn.ground, condition=where("datum.firm", colour)),
        ),
        around.encode(x=alt.X("low:Q", scale=scale), text=alt.Text("written:N")),
        said.encode(x=alt.X("low:Q", scale=scale), text=alt.Text("written:N")),
    ]
    return alt.layer(*layers, data=frame, height=ROW_HEIGHT * len(frame) + 30)


def _written(report: Report, value: Value) -> str:
    return say(
        "{share}, {cases} of {all}",
        share=formats.tile(value.value, value.unit, report.settings.currency),
        cases=formats.exact(value.numerator, "count", ""),
        all=formats.exact(value.denominator, "count", ""),
    )

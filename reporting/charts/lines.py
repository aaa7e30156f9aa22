"""Lines: a few named series over time, each with its name at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.parts import time_axis
from reporting.charts.picture import Picture, dressed
from reporting.language import say
from reporting.palette import colours

HEIGHT = 250


@dataclass(frozen=True)
class Point:
    """One value of one series."""

    series: str
    start: date
    value: float | None
    unit: str
    is_final: bool
    parts: str = ""
    note: str = ""


def lines(grain: str, points: Sequence[Point], title: str, axis: str, currency: str) -> Picture:
    """Draw series over time; what is not final is dashed and hollow.

    Args:
        grain: of the periods that the points begin.
        points: all of one unit.
        title: the answer in words.
        axis: what is measured.
        currency: of money.
    """
    having = [point for point in points if point.value is not None]
    if not having:
        return Picture(title, None, missing=say("There is no value in these dates yet."))
    frame = _frame(grain, having, currency)
    names = list(dict.fromkeys(point.series for point in having))
    worn = colours()
    shades = [worn.comparison, worn.retention, worn.text][-len(names) :] if len(names) != 2 else []
    shades = shades or [worn.retention, worn.comparison]
    names_of_pointer = {
        "period": say("Period"),
        "series": say("Series"),
        "exactly": say("Value"),
        "parts": say("Made of"),
        "note": say("How sure"),
    }
    is_share = having[0].unit == "ratio"
    base = alt.Chart(frame).encode(
        x=time_axis(grain, frame),
        y=alt.Y(
            "value:Q",
            title=axis,
            scale=alt.Scale(zero=True),
            axis=alt.Axis(format=".0%" if is_share else "~s", tickCount=5),
        ),
        color=alt.Color("series:N", scale=alt.Scale(domain=names, range=shades), legend=None),
        tooltip=[alt.Tooltip(f"{name}:N", title=said) for name, said in names_of_pointer.items()],
    )
    firm = base.transform_filter("datum.final").mark_line(strokeWidth=2)
    moving = base.transform_filter("datum.dashed").mark_line(
        strokeWidth=1.5, strokeDash=[4, 3], opacity=0.7
    )
    dots = base.mark_point(size=40, strokeWidth=1.6, opacity=1).encode(
        fill=alt.condition(
            "datum.final",
            alt.Color("series:N", scale=alt.Scale(domain=names, range=shades), legend=None),
            alt.value(worn.ground),
        )
    )
    named = base.transform_filter("datum.last").mark_text(align="right", dy=-12, fontWeight=600)
    return Picture(
        title=title,
        chart=dressed(
            alt.layer(firm, moving, dots, named.encode(text="series:N")).properties(height=HEIGHT)
        ),
        rows=_rows(frame, names),
    )


def _frame(grain: str, points: Sequence[Point], currency: str) -> pd.DataFrame:
    last_final: dict[str, date] = {}
    last: dict[str, date] = {}
    for point in points:
        last[point.series] = max(last.get(point.series, point.start), point.start)
        if point.is_final:
            last_final[point.series] = max(last_final.get(point.series, point.start), point.start)
    return pd.DataFrame(
        {
            "start": pd.Timestamp(point.start),
            "period": formats.period(grain, point.start),
            "series": point.series,
            "value": point.value,
            "final": point.is_final,
            "dashed": not point.is_final or last_final.get(point.series) == point.start,
            "last": last[point.series] == point.start,
            "shown": formats.tile(point.value, point.unit, currency),
            "exactly": formats.exact(point.value, point.unit, currency),
            "parts": point.parts,
            "note": point.note,
        }
        for point in sorted(points, key=lambda point: (point.series, point.start))
    )


def _rows(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    table = frame.pivot(index="start", columns="series", values="exactly").sort_index()
    table = table[list(names)].iloc[::-1]
    periods = dict(zip(frame["start"], frame["period"], strict=True))
    table.index = pd.Index([periods[start] for start in table.index])
    return table.reset_index(names=say("Period")).fillna(formats.NO_VALUE)

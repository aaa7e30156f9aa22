"""Lines: a few named series over time, each with its name at its end."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Words:
    """What is written around the lines."""

    title: str  # the answer in words
    axis: str  # what is measured
    currency: str


def lines(grain: str, points: Sequence[Point], shades: Mapping[str, str], words: Words) -> Picture:
    """Draw series over time; what is not final is dashed and hollow.

    Args:
        grain: of the periods that the points begin.
        points: all of one unit.
        shades: the colour of each series.
        words: what is written around them.
    """
    having = [point for point in points if point.value is not None]
    if not having:
        return Picture(words.title, None, missing=say("There is no value in these dates yet."))
    frame = _frame(grain, having, words.currency)
    names = [name for name in shades if name in set(frame["series"])]
    worn = colours()
    names_of_pointer = {
        "period": say("Period"),
        "series": say("Series"),
        "exactly": say("Value"),
        "parts": say("Made of"),
        "note": say("How sure"),
    }
    is_share = having[0].unit == "ratio"
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=[shades[name] for name in names]),
        legend=None,
    )
    base = alt.Chart().encode(
        x=time_axis(grain, frame),
        y=alt.Y(
            "value:Q",
            title=words.axis,
            scale=alt.Scale(zero=True),
            axis=alt.Axis(format=".0%" if is_share else "~s", tickCount=5),
        ),
        color=colour,
        tooltip=[alt.Tooltip(f"{name}:N", title=said) for name, said in names_of_pointer.items()],
    )
    firm = base.transform_filter("datum.final").mark_line(strokeWidth=2)
    moving = base.transform_filter("datum.dashed").mark_line(
        strokeWidth=1.5, strokeDash=[4, 3], opacity=0.7
    )
    dots = base.mark_point(size=40, strokeWidth=1.6, opacity=1).encode(
        fill=alt.FillValue(
            worn.ground,
            condition={
                "test": "datum.final",
                "field": "series",
                "type": "nominal",
                "scale": {"domain": names, "range": [shades[name] for name in names]},
                "legend": None,
            },
        )
    )
    named = [
        base.transform_filter(f"datum.named === '{where}'")
        .mark_text(dy=dy, fontWeight=600)
        .encode(text=alt.Text("series:N"))
        for where, dy in (("above", -13), ("below", 15))
    ]
    return Picture(
        title=words.title,
        chart=dressed(alt.layer(firm, moving, dots, *named, data=frame, height=HEIGHT)),
        rows=_rows(frame, names),
    )


def _frame(grain: str, points: Sequence[Point], currency: str) -> pd.DataFrame:
    last_final = {
        series: max((p.start for p in points if p.series == series and p.is_final), default=None)
        for series in {point.series for point in points}
    }
    frame = pd.DataFrame(
        {
            "start": pd.Timestamp(point.start),
            "period": formats.period(grain, point.start),
            "series": point.series,
            "value": point.value,
            "final": point.is_final,
            # The dashed line begins where the firm one ends.
            "dashed": not point.is_final or last_final[point.series] == point.start,
            "exactly": formats.exact(point.value, point.unit, currency),
            "parts": point.parts,
            "note": point.note,
        }
        for point in sorted(points, key=lambda point: (point.series, point.start))
    )
    frame["named"] = ""
    for place, where in _names_of(frame).items():
        frame.loc[place, "named"] = where
    return frame


def _names_of(frame: pd.DataFrame) -> dict[int, str]:
    """Return the row at which each series is named, and on which side of it there is room."""
    places = {}
    starts = sorted(frame["start"].unique())
    # Away from both ends, where names would be cut.
    inside = set(starts[2:-2]) or set(starts)
    highest = frame.groupby("series")["value"].mean().idxmax()
    for series, every in frame.groupby("series"):
        inner = every[every["start"].isin(inside)]
        own = (inner if len(inner) else every)["value"]
        is_highest = series == highest
        places[int(own.idxmax() if is_highest else own.idxmin())] = (
            "above" if is_highest else "below"
        )
    return places


def _rows(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    table = frame.pivot(index="start", columns="series", values="exactly").sort_index()
    table = table[list(names)].iloc[::-1]
    periods = dict(zip(frame["start"], frame["period"], strict=True))
    table.index = pd.Index([periods[start] for start in table.index])
    return table.reset_index(names=say("Period")).fillna(formats.NO_VALUE)

"""Against: how one KPI goes with another from period to period, as a path through time."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.labels import beside, names_beside
from reporting.charts.parts import axis_format, axis_title
from reporting.charts.picture import Picture, dressed, where
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import colours

HEIGHT = 270


def against(report: Report, up: Definition, across: Definition, values: Sequence[Value]) -> Picture:
    """Draw one dot per period, the earlier joined to the later.

    Args:
        report: the publication.
        up: the KPI that is read from bottom to top.
        across: the KPI that is read from left to right.
        values: those of both KPIs, of one member.
    """
    title = say("{up} against {across}", up=say(up.label), across=say(across.label).lower())
    frame = _frame(report, up, across, values)
    if len(frame) < 2:
        missing = say("Two periods with both numbers are needed to see how they go together.")
        return Picture(title, None, missing=missing)
    worn = colours()
    colour = worn.of(up.process)
    names = {"period": say("Period"), "said_up": say(up.label), "said_across": say(across.label)}
    frame["side"] = beside(
        frame["across"] - frame["across"].min(), frame["up"] - frame["up"].min(), frame["written"]
    )
    base = alt.Chart().encode(
        x=alt.X(
            "across:Q",
            title=axis_title(report, across),
            scale=_scale(frame["across"]),
            axis=alt.Axis(
                format=axis_format(across, frame.assign(value=frame["across"])), tickCount=5
            ),
        ),
        y=alt.Y(
            "up:Q",
            title=axis_title(report, up),
            scale=_scale(frame["up"]),
            axis=alt.Axis(format=axis_format(up, frame.assign(value=frame["up"])), tickCount=5),
        ),
        tooltip=[alt.Tooltip(f"{name}:N", title=said) for name, said in names.items()],
    )
    path = base.mark_line(color=colour, strokeWidth=1.2, opacity=0.45).encode(
        order=alt.Order("number:O")
    )
    dots = base.mark_point(size=50, strokeWidth=1.5, color=colour, opacity=1).encode(
        fill=alt.FillValue(worn.ground, condition=where("datum.final", colour))
    )
    written = names_beside(base, frame[frame["written"] != ""])
    return Picture(
        title=_title(report, up, across, frame) or title,
        chart=dressed(alt.layer(path, dots, *written, data=frame, height=HEIGHT)),
        rows=frame[list(names)].rename(columns=names),
        description=title,
        note=say("Each dot is one period; hollow ones still move."),
    )


def _frame(
    report: Report, up: Definition, across: Definition, values: Sequence[Value]
) -> pd.DataFrame:
    cells = {(value.period_start, value.kpi): value for value in values}
    currency = report.settings.currency
    rows = []
    for start in sorted({value.period_start for value in values}):
        high, wide = cells.get((start, up.kpi)), cells.get((start, across.kpi))
        if high is None or wide is None or high.value is None or wide.value is None:
            continue
        rows.append(
            {
                "start": start,
                "period": formats.period(high.period_grain, start),
                "up": high.value,
                "across": wide.value,
                "final": high.is_mature and wide.is_mature,
                "said_up": formats.exact(high.value, high.unit, currency),
                "said_across": formats.exact(wide.value, wide.unit, currency),
            }
        )
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    frame["number"] = range(len(frame))
    # The ends of the path and its highest and lowest dot are named; more would hide it.
    named = {0, len(frame) - 1, int(frame["up"].idxmax()), int(frame["up"].idxmin())}
    frame["written"] = [
        period if number in named else ""
        for number, period in zip(frame["number"], frame["period"], strict=True)
    ]
    return frame


def _scale(values: pd.Series) -> alt.Scale:
    """Return a scale with room for names at its ends; dots, unlike bars, need no zero."""
    low, high = float(values.min()), float(values.max())
    room = 0.18 * (high - low) or 0.1 * abs(high) or 1.0
    return alt.Scale(domain=[low - room if low < 0 else max(0.0, low - room), high + room])


def _title(report: Report, up: Definition, across: Definition, frame: pd.DataFrame) -> str:
    """Compare the periods with the most and the fewest; those that still run prove nothing."""
    final = frame[frame["final"]]
    if len(final) < 2:
        return ""
    most = final.loc[final["across"].idxmax()]
    fewest = final.loc[final["across"].idxmin()]
    currency = report.settings.currency
    return say(
        "{up} against {across}: {at_most} at {most}, {at_fewest} at {fewest}",
        up=say(up.label),
        across=say(across.label).lower(),
        at_most=formats.tile(most["up"], up.unit, currency),
        at_fewest=formats.tile(fewest["up"], up.unit, currency),
        most=formats.tile(most["across"], across.unit, currency),
        fewest=formats.tile(fewest["across"], across.unit, currency),
    )

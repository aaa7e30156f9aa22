"""Parts: what charts of the scorecard have in common: their rows, their axes, their pointer."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reporting import formats
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.phrases import maturity_line, parts_line
from reporting.view import member_name

MOST_TICKS = 14
# How Vega writes a period on an axis; the names of months are the language's.
DATE_FORMATS = {
    "day": "%-d %b",
    "week": "%-d %b",
    "month": "%b %Y",
    "year": "%Y",
}


def frame_of(report: Report, values: Sequence[Value]) -> pd.DataFrame:
    """Return the rows that a chart of values draws, oldest first."""
    currency = report.settings.currency
    starts = sorted({value.period_start for value in values if value.is_mature})
    last_final = starts[-1] if starts else None
    return pd.DataFrame(
        {
            "start": pd.Timestamp(value.period_start),
            "period": formats.period(value.period_grain, value.period_start),
            "member": member_name(value.member, value.dimension),
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
            "parts": parts_line(report, value),
            "note": maturity_line(report, value),
        }
        for value in sorted(values, key=lambda value: (value.period_start, value.member))
    )


def rows_of(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return a chart's rows as people read them: what is said, not what is drawn."""
    if frame.empty:
        return pd.DataFrame()
    columns = {
        "period": say("Period"),
        "member": say("Who"),
        "exactly": label,
        "parts": say("Made of"),
        "note": say("How sure"),
    }
    says_something = {
        "period": True,
        "member": frame["member"].nunique() > 1,
        "exactly": True,
        "parts": frame["parts"].str.len().any(),
        "note": frame["note"].str.len().any(),
    }
    kept = [name for name in columns if says_something[name]]
    return frame[kept].rename(columns=columns)


def time_axis(grain: str, frame: pd.DataFrame) -> alt.X:
    """Return the axis of time; few periods are all named, of many the axis picks some."""
    starts = sorted(set(frame["start"]))
    step = -(-len(starts) // MOST_TICKS)  # every period, every second, every third, ...
    ticks = starts[::-1][::step][::-1] if starts else []
    axis = alt.Axis(
        values=[start.isoformat() for start in ticks],
        format=date_format(grain),
        grid=False,
        labelOverlap=True,
    )
    return alt.X("start:T", title=None, axis=axis)


def date_format(grain: str) -> str:
    """Return how Vega writes a period on an axis."""
    if grain == "quarter":
        return say("Q{number} {year}", number="%q", year="%Y")
    return DATE_FORMATS[grain]


def value_axis(report: Report, known: Definition, frame: pd.DataFrame) -> alt.Y:
    """Return the axis of a KPI's values, from zero."""
    axis = value_ticks(known, frame, 5)
    return alt.Y("value:Q", title=axis_title(report, known), scale=alt.Scale(zero=True), axis=axis)


def value_ticks(known: Definition, frame: pd.DataFrame, count: int) -> alt.Axis:
    """Return about so many ticks, written short as the language does: `10k`, `10 mii`."""
    written = axis_format(known, frame)
    if written != "~s":
        return alt.Axis(format=written, tickCount=count)
    thousand, million = formats.short_signs()
    said = f"replace(replace(datum.label, 'k', {thousand!r}), 'M', {million!r})"
    return alt.Axis(format=written, tickCount=count, labelExpr=f"datum.value == 0 ? '0' : {said}")


def axis_format(known: Definition, frame: pd.DataFrame) -> str:
    """Return how Vega writes the values of an axis."""
    largest = frame["value"].abs().max()
    if known.unit == "ratio":
        return ".0%" if largest >= 0.05 else ".1%"
    if largest >= 10_000:
        return "~s"
    return ",.0f" if largest >= 10 else ",.1f"


def axis_title(report: Report, known: Definition) -> str:
    """Name what an axis measures, with its unit."""
    label = say(known.label)
    if known.unit == "money":
        return f"{label}, {report.settings.currency}"
    if known.unit in ("days", "hours", "months"):
        return f"{label}, {formats.unit_name(known.unit)}"
    return label


def pointer() -> list[alt.Tooltip]:
    """Return what the pointer says of a value."""
    names = {
        "period": say("Period"),
        "member": say("Who"),
        "exactly": say("Value"),
        "parts": say("Made of"),
        "note": say("How sure"),
    }
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in names.items()]

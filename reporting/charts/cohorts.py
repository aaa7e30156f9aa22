"""Cohorts: a heat map with its numbers: who first bought when, and what they did since."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Picture, dressed, where
from reporting.cohorts import CohortMonth
from reporting.language import say
from reporting.marts import Report
from reporting.palette import colours

ROW_HEIGHT = 26
MEASURES = ("repeat_share", "active_share", "revenue_per_head", "profit_per_head")
A_WHILE = 2  # months; before, hardly anybody had a reason to come back
# From here on the ground is so dark that letters must be light (and the other way round by night).
DARK_FROM = 0.55


@dataclass(frozen=True)
class Cell:
    """What one measure of a cohort is in one month of its life."""

    value: float
    shown: str
    exactly: str


def measure_name(measure: str) -> str:
    """Name what the map can show."""
    names = {
        "repeat_share": say("Came back by then"),
        "active_share": say("Bought in that month"),
        "revenue_per_head": say("Revenue per head so far"),
        "profit_per_head": say("Gross profit per head so far"),
    }
    return names[measure]


def heat_map(report: Report, months: Sequence[CohortMonth], measure: str) -> Picture:
    """Draw one measure of each cohort in each month since its first order.

    Args:
        report: the publication.
        months: the cohorts.
        measure: one of `MEASURES`.
    """
    frame = _frame(report, months, measure)
    if frame.empty:
        missing = say("Nobody has placed a first order in these months yet.")
        return Picture(measure_name(measure), None, missing=missing)
    worn = colours()
    base = alt.Chart().encode(
        x=alt.X(
            "since:O",
            title=say("Months since the first order"),
            axis=alt.Axis(labelAngle=0, orient="top", format="d"),
        ),
        y=alt.Y(
            "cohort:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=190, labelColor=worn.text),
        ),
        tooltip=[
            alt.Tooltip("cohort:N", title=say("First bought in")),
            alt.Tooltip("since:O", title=say("Months since")),
            alt.Tooltip("exactly:N", title=measure_name(measure)),
            alt.Tooltip("parts:N", title=say("Made of")),
            alt.Tooltip("note:N", title=say("How sure")),
        ],
    )
    ground = base.mark_rect(stroke=worn.ground, strokeWidth=1).encode(
        color=alt.Color(
            "value:Q",
            legend=None,
            scale=alt.Scale(
                domain=[0, float(frame["value"].max()) or 1],
                range=[worn.raised, worn.retention],
                interpolate="lab",
            ),
        ),
        opacity=alt.OpacityValue(0.45, condition=where("datum.final", 1)),
    )
    running = base.transform_filter("!datum.final").mark_rect(
        fillOpacity=0, stroke=worn.muted, strokeDash=[3, 2], strokeWidth=1
    )
    letters = base.mark_text(fontSize=11).encode(
        text=alt.Text("shown:N"),
        color=alt.ColorValue(worn.text, condition=where("datum.deep && datum.final", worn.ground)),
    )
    height = ROW_HEIGHT * frame["cohort"].nunique() + 10
    return Picture(
        title=heat_map_title(report, months, measure),
        chart=dressed(alt.layer(ground, running, letters, data=frame, height=height)),
        rows=_rows(frame),
        note=say("Dashed cells belong to the month that is still running."),
        is_wide=True,
    )


def heat_map_title(report: Report, months: Sequence[CohortMonth], measure: str) -> str:
    """Compare the newest cohort that has lived a while with the oldest at the same age."""
    ended = [month for month in months if month.is_mature and month.months_since >= A_WHILE]
    cohorts = sorted({month.cohort_month for month in ended})
    if len(cohorts) < 2:
        return measure_name(measure)
    oldest, newest = cohorts[0], cohorts[-1]
    since = max(month.months_since for month in ended if month.cohort_month == newest)
    cells = {(month.cohort_month, month.months_since): month for month in ended}
    return say(
        "{measure}, {since} months on: {new} of those of {newest}, {old} of those of {oldest}",
        measure=measure_name(measure),
        since=since,
        new=_cell(report, cells[newest, since], measure).shown,
        newest=formats.period("month", newest),
        old=_cell(report, cells[oldest, since], measure).shown,
        oldest=formats.period("month", oldest),
    )


def _frame(report: Report, months: Sequence[CohortMonth], measure: str) -> pd.DataFrame:
    having = [month for month in months if getattr(month, measure) is not None]
    top = max((getattr(month, measure) for month in having), default=0.0) or 1.0
    rows = []
    for month in having:
        cell = _cell(report, month, measure)
        rows.append(
            {
                "cohort": say(
                    "{month} · {people}",
                    month=formats.period("month", month.cohort_month),
                    people=formats.exact(month.people, "count", ""),
                ),
                "since": month.months_since,
                "value": cell.value,
                "shown": cell.shown,
                "exactly": cell.exactly,
                "deep": cell.value / top > DARK_FROM,
                "final": month.is_mature,
                "parts": _parts(month, measure),
                "note": "" if month.is_mature else say("still moving"),
            }
        )
    return pd.DataFrame(rows)


def _cell(report: Report, month: CohortMonth, measure: str) -> Cell:
    value = getattr(month, measure)
    currency = report.settings.currency
    if measure.endswith("_share"):
        shown = formats.exact(round(100 * value), "count", "") + formats.NARROW + "%"
        return Cell(value, shown, formats.exact(value, "ratio", currency))
    return Cell(
        value, formats.exact(round(value), "count", ""), formats.exact(value, "money", currency)
    )


def _parts(month: CohortMonth, measure: str) -> str:
    parts = {"repeat_share": month.repeat_people, "active_share": month.active_people}
    people = formats.exact(month.people, "count", "")
    if measure not in parts:
        return say("{people} people", people=people)
    return say(
        "{cases} of {people} people",
        cases=formats.exact(parts[measure], "count", ""),
        people=people,
    )


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    table = frame.pivot(index="cohort", columns="since", values="shown")
    table = table.reindex(list(dict.fromkeys(frame["cohort"]))).fillna("")
    table.columns = [str(since) for since in table.columns]
    return table.reset_index(names=say("First bought in"))

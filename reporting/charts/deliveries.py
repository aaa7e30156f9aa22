"""Deliveries: how many rows of a feed count in each period, so that a gap is seen."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.parts import time_axis
from reporting.charts.picture import Picture, dressed
from reporting.language import say
from reporting.palette import MOST_SERIES, colours

HEIGHT = 210


def deliveries(feed: str, grain: str, counted: Sequence[dict[str, Any]]) -> Picture:
    """Draw the rows of each source as bars one on another.

    Args:
        feed: whose rows they are.
        grain: of the periods.
        counted: period_start, source and rows of each bar.
    """
    title = say("Rows of {feed} that count", feed=feed)
    if not counted:
        missing = say("No row of this choice counts in these dates: choose other dates or a feed.")
        return Picture(title, None, missing=missing)
    frame = _frame(grain, counted)
    worn = colours()
    legend = alt.Legend(orient="bottom") if frame["source"].nunique() > 1 else None
    bars = (
        alt.Chart(frame)
        .transform_stack(stack="rows", groupby=["start"], as_=["below", "above"])
        .mark_rect(stroke=worn.ground, strokeWidth=1)
        .encode(
            x=time_axis(grain, frame),
            x2="period_end:T",
            y=alt.Y("below:Q", title=say("rows"), axis=alt.Axis(tickCount=4)),
            y2="above:Q",
            color=alt.Color(
                "source:N", title=None, scale=alt.Scale(range=list(worn.series)), legend=legend
            ),
            tooltip=[
                alt.Tooltip("period:N", title=say("Period")),
                alt.Tooltip("source:N", title=say("Source")),
                alt.Tooltip("written:N", title=say("Rows")),
            ],
        )
    )
    return Picture(
        title=title,
        chart=dressed(bars.properties(height=HEIGHT)),
        rows=frame[["period", "source", "written"]].rename(
            columns={"period": say("Period"), "source": say("Source"), "written": say("Rows")}
        ),
    )


def _frame(grain: str, counted: Sequence[dict[str, Any]]) -> pd.DataFrame:
    sizes: dict[str, int] = {}
    for row in counted:
        sizes[row["source"]] = sizes.get(row["source"], 0) + row["rows"]
    largest = sorted(sizes, key=lambda source: (-sizes[source], source))[: MOST_SERIES - 1]
    named = set(sizes if len(sizes) <= MOST_SERIES else largest)
    return pd.DataFrame(
        {
            "start": pd.Timestamp(row["period_start"]),
            "period_end": pd.Timestamp(formats.following(grain, row["period_start"])),
            "period": formats.period(grain, row["period_start"]),
            "source": row["source"] if row["source"] in named else say("others"),
            "rows": row["rows"],
            "written": formats.exact(row["rows"], "count", ""),
        }
        for row in counted
    )

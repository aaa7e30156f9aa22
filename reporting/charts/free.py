"""Free: where leads come from without paying for ads, and what they cost all the same."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Picture, dressed
from reporting.language import say, say_n
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.view import member_name

MOST_MEMBERS = 8
ROW_HEIGHT = 38
ROOM = 1.6  # for the words beside the longest bar


def free(report: Report, values: Sequence[Value]) -> Picture:
    """Draw the leads of the members for whom no ad was paid.

    Args:
        report: the publication.
        values: those of the acquisition KPIs, of one period and dimension.
    """
    cells = {(value.member, value.kpi): value for value in values}
    leads = [value for value in values if value.kpi == "leads" and value.value]
    own = [value for value in leads if not _amount(cells, value.member, "ad_spend")]
    own.sort(key=lambda value: (-(value.value or 0.0), value.member))
    title = _title(leads, own)
    if not own:
        missing = say("Every lead of this period came by a way for which ads were paid.")
        return Picture(title, None, missing=missing)
    worn = colours()
    frame = pd.DataFrame(_row(report, cells, value) for value in own)
    shown = frame.head(MOST_MEMBERS)
    base = alt.Chart().encode(
        y=alt.Y(
            "member:N",
            sort=list(shown["member"]),
            title=None,
            axis=alt.Axis(labelLimit=140, labelColor=worn.text),
        ),
        x=alt.X(
            "leads:Q",
            title=say("Leads"),
            scale=alt.Scale(domain=[0, float(shown["leads"].max()) * ROOM], nice=False),
            axis=alt.Axis(format=",.0f", tickCount=4),
        ),
        tooltip=[alt.Tooltip(f"{name}:N", title=said) for name, said in _names().items()],
    )
    bars = base.mark_bar(color=worn.acquisition, height={"band": 0.55})
    said = base.mark_text(align="left", dx=6, color=worn.text).encode(text=alt.Text("said:N"))
    return Picture(
        title=title,
        chart=dressed(alt.layer(bars, said, data=shown, height=ROW_HEIGHT * len(shown) + 30)),
        rows=frame[list(_names())].rename(columns=_names()),
        note=say("No ad was paid for them; what they cost is work, rooms and the like."),
    )


def _title(leads: Sequence[Value], own: Sequence[Value]) -> str:
    if not leads:
        return say("No lead came in this period")
    number = sum(int(value.value or 0) for value in own)
    every = sum(int(value.value or 0) for value in leads)
    return say_n(
        "{own} of {all} leads came by a way without paid ads",
        "{own} of {all} leads came by ways without paid ads",
        len(own),
        own=formats.exact(number, "count", ""),
        all=formats.exact(every, "count", ""),
    )


def _row(
    report: Report, cells: dict[tuple[str, str], Value], value: Value
) -> dict[str, str | float]:
    currency = report.settings.currency
    per_lead = cells.get((value.member, "cost_per_lead"))
    quality = cells.get((value.member, "lead_quality_rate"))
    number = formats.exact(value.value, "count", "")
    if not _amount(cells, value.member, "acquisition_cost"):
        said = say("{leads}, free", leads=number)
    else:
        each = formats.tile(per_lead.value if per_lead else None, "money", currency)
        said = say("{leads}, {each} each", leads=number, each=each)
    return {
        "member": member_name(value.member, value.dimension),
        "leads": value.value or 0.0,
        "number": number,
        "said": said,
        "each": formats.exact(per_lead.value if per_lead else None, "money", currency),
        "quality": formats.exact(quality.value if quality else None, "ratio", currency),
    }


def _amount(cells: dict[tuple[str, str], Value], member: str, kpi: str) -> float:
    value = cells.get((member, kpi))
    return (value.value or 0.0) if value else 0.0


def _names() -> dict[str, str]:
    return {
        "member": say("Who"),
        "number": say("Leads"),
        "each": say("Cost per lead"),
        "quality": say("Share of good leads"),
    }

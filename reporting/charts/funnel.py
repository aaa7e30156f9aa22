"""Funnel: leads, the written filter, the first call, and who became a customer."""

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Chart, Picture, dressed, where
from reporting.language import say, say_n
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import until_line

STEP_HEIGHT = 46
ROOM = 1.25  # for the words beside the longest bar


@dataclass(frozen=True)
class Step:
    """One bar: how many leads there were, how many of them went on, and what of the others."""

    name: str
    leads: float
    went_on: float
    said: str
    are_lost: bool = False  # good leads that nobody called: money


def funnel(report: Report, by_kpi: Mapping[str, Value]) -> Picture:
    """Draw what becomes of the leads of one period.

    Args:
        report: the publication.
        by_kpi: the values of the sales KPIs, of one period and member.
    """
    steps = _steps(report, by_kpi)
    if not steps:
        missing = say("No lead in this period: the funnel begins with the first.")
        return Picture(say("From leads to customers"), None, missing=missing)
    return Picture(
        title=funnel_title(by_kpi),
        chart=dressed(_drawn(steps)),
        rows=pd.DataFrame(
            {
                say("Step"): step.name,
                say("Leads"): _count(step.leads),
                say("Went on"): _count(step.went_on),
                say("The others"): step.said,
            }
            for step in steps
        ),
    )


def funnel_title(by_kpi: Mapping[str, Value]) -> str:
    """Say how many leads there were, how many were good, and how many became customers."""
    passed, won = by_kpi.get("filter_pass_rate"), by_kpi.get("lead_to_customer_rate")
    if passed is None or not passed.denominator or won is None:
        return say("From leads to customers")
    leads = int(passed.denominator)
    said = {
        "leads": _count(leads),
        "good": _count(passed.numerator),
        "won": _count(won.numerator),
    }
    if won.is_mature:
        return say_n(
            "Of {leads} lead, {good} was worth working on and {won} became a customer",
            "Of {leads} leads, {good} were worth working on and {won} became customers",
            leads,
            **said,
        )
    return say_n(
        "Of {leads} lead, {good} was worth working on and {won} became a customer so far",
        "Of {leads} leads, {good} were worth working on and {won} became customers so far",
        leads,
        **said,
    )


def _steps(report: Report, by_kpi: Mapping[str, Value]) -> list[Step]:
    passed = by_kpi.get("filter_pass_rate")
    if passed is None or not passed.denominator:
        return []
    good = passed.numerator or 0.0
    cut = say("{number} cut by the written filter", number=_count(passed.denominator - good))
    steps = [Step(say("Leads"), passed.denominator, good, cut)]
    ignored = by_kpi.get("ignored_lead_rate")
    if ignored and ignored.denominator:
        late = ignored.numerator or 0.0
        said = say("{number} not called in time", number=_count(late))
        due, in_time = ignored.denominator, ignored.denominator - late
        steps.append(Step(say("Worth working on"), due, in_time, said, are_lost=True))
    won = by_kpi.get("lead_to_customer_rate")
    if won and won.numerator is not None:
        still = "" if won.is_mature else until_line(report, won)
        steps.append(Step(say("Became customers"), won.numerator, won.numerator, still))
    return steps


def _drawn(steps: list[Step]) -> Chart:
    worn = colours()
    frame = pd.DataFrame(
        {
            "step": f"{step.name}: {_count(step.leads)}",
            "leads": step.leads,
            "went_on": step.went_on,
            "said": step.said if step.leads > step.went_on or not step.are_lost else "",
            "lost": step.are_lost,
        }
        for step in steps
    )
    base = alt.Chart().encode(
        y=alt.Y(
            "step:N",
            sort=list(frame["step"]),
            title=None,
            axis=alt.Axis(labelLimit=190, labelColor=worn.text),
        ),
        tooltip=[
            alt.Tooltip("step:N", title=say("Step")),
            alt.Tooltip("went_on:Q", title=say("Went on"), format=",.0f"),
            alt.Tooltip("said:N", title=say("The others")),
        ],
    )
    across = alt.X(
        "went_on:Q",
        title=None,
        axis=None,
        scale=alt.Scale(domain=[0, float(frame["leads"].max()) * ROOM], nice=False),
    )
    went_on = base.mark_bar(color=worn.sales, height={"band": 0.6}).encode(x=across)
    stayed = (
        base.transform_filter("datum.leads > datum.went_on")
        .mark_bar(height={"band": 0.6}, opacity=0.3)
        .encode(
            x=across,
            x2=alt.X2("leads:Q"),
            color=alt.ColorValue(worn.comparison, condition=where("datum.lost", worn.alarm)),
        )
    )
    said = base.mark_text(align="left", dx=7, color=worn.text).encode(
        x=across, text=alt.Text("said:N")
    )
    return alt.layer(went_on, stayed, said, data=frame, height=STEP_HEIGHT * len(steps))


def _count(size: float | None) -> str:
    return formats.exact(size, "count", "")

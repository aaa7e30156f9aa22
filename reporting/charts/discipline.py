"""Discipline: the four kinds of leads, and what each written criterion cuts and lets through."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Picture, dressed, where
from reporting.discipline import Criterion, Discipline
from reporting.language import say, say_n
from reporting.marts import Report
from reporting.palette import colours

FOUR = ("good_ignored", "good_worked", "bad_worked", "bad_left")
MATRIX_HEIGHT = 210
ROW_HEIGHT = 50


def kind_name(kind: str) -> str:
    """Name a kind of leads as the business says it."""
    names = {
        "good_ignored": say("Good, not called in time"),
        "good_worked": say("Good, called in time"),
        "bad_worked": say("Cut, worked on all the same"),
        "bad_left": say("Cut, left alone"),
        "waiting": say("Good, still waiting for the first call"),
    }
    return names[kind]


def matrix(kept: Discipline) -> Picture:
    """Draw what the team did with the leads that the filter passes and with those it cuts."""
    if not sum(kept.cell(kind).leads for kind in FOUR):
        missing = say("No lead in these months: there is no discipline to look at.")
        return Picture(say("Is the written filter followed?"), None, missing=missing)
    frame = _matrix_frame(kept)
    worn = colours()
    base = alt.Chart().encode(
        x=alt.X("done:N", sort=None, title=None, axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("verdict:N", sort=None, title=None, axis=alt.Axis(labelLimit=150)),
        tooltip=[
            alt.Tooltip("name:N", title=say("Leads")),
            alt.Tooltip("number:N", title=say("How many")),
            alt.Tooltip("became:N", title=say("Became customers")),
        ],
    )
    ground = base.mark_rect(stroke=worn.ground, strokeWidth=3).encode(
        color=alt.Color(
            "looks:N",
            legend=None,
            scale=alt.Scale(
                domain=["lost", "wasted", "right"],
                range=[worn.alarm, worn.sales, worn.comparison],
            ),
        ),
        opacity=alt.OpacityValue(0.22, condition=where("datum.looks === 'right'", 0.14)),
    )
    number = base.mark_text(fontSize=26, fontWeight=600, dy=-16, color=worn.text)
    name = base.mark_text(fontSize=12, dy=8, color=worn.text)
    became = base.mark_text(fontSize=12, dy=26, color=worn.muted)
    layers = alt.layer(
        ground,
        number.encode(text=alt.Text("number:N")),
        name.encode(text=alt.Text("name:N")),
        became.encode(text=alt.Text("became:N")),
        data=frame,
        height=MATRIX_HEIGHT,
    )
    names = {
        "name": say("Leads"),
        "number": say("How many"),
        "became": say("Became customers"),
    }
    return Picture(
        title=matrix_title(kept),
        chart=dressed(layers),
        rows=frame[list(names)].rename(columns=names),
    )


def matrix_title(kept: Discipline) -> str:
    """Say the two breaches of the written filter."""
    if not kept.good_ignored.leads and not kept.bad_worked.leads:
        return say("The written filter is followed: good leads are called, cut ones left alone")
    return say(
        "{ignored} good leads were not called in time, {wasted} cut ones were worked on",
        ignored=_count(kept.good_ignored.leads),
        wasted=_count(kept.bad_worked.leads),
    )


def _matrix_frame(kept: Discipline) -> pd.DataFrame:
    good, cut = say("Worth working on"), say("Cut by the filter")
    left, worked = say("left"), say("worked on")
    places = {
        "good_ignored": (good, left, "lost"),
        "good_worked": (good, worked, "right"),
        "bad_left": (cut, left, "right"),
        "bad_worked": (cut, worked, "wasted"),
    }
    rows = []
    for kind, (verdict, done, looks) in places.items():
        cell = kept.cell(kind)
        became = say_n(
            "{number} became a customer",
            "{number} became customers",
            cell.customers,
        )
        rows.append(
            {
                "verdict": verdict,
                "done": done,
                "looks": looks,
                "name": kind_name(kind),
                "number": _count(cell.leads),
                "became": became,
            }
        )
    return pd.DataFrame(rows)


# ------------------------------------------------------------------------------ criteria


def criterion_name(criterion: Criterion) -> str:
    """Name a criterion as it is written in the settings."""
    if criterion.is_whole_filter:
        return say("whole filter")
    return criterion.criterion.replace("_", " ")


def criteria_picture(report: Report, written: Sequence[Criterion]) -> Picture:
    """Draw what each criterion lets through and cuts, and who bought all the same."""
    own = [criterion for criterion in written if not criterion.is_whole_filter]
    if not own:
        missing = say(
            "No criterion is written down, so every lead passes and each seller has a filter of "
            "their own. Write `lead_filter` into business.yml."
        )
        return Picture(say("What the written filter cuts"), None, missing=missing)
    worn = colours()
    frame = _criteria_frame(own)
    words = {"passed": say("let through"), "cut": say("cut"), "also": say("cut already")}
    looks = {"passed": worn.sales, "cut": worn.comparison, "also": worn.grid}
    y = alt.Y(
        "criterion:N",
        sort=[criterion_name(criterion) for criterion in own],
        title=None,
        axis=alt.Axis(labelLimit=140, labelColor=worn.text),
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(height=14, yOffset=-9)
        .encode(
            y=y,
            x=alt.X("from:Q", title=say("Leads"), axis=alt.Axis(tickCount=5, format=",.0f")),
            x2=alt.X2("to:Q"),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=list(words.values()), range=list(looks.values())),
                legend=alt.Legend(orient="top", symbolType="square", labelLimit=180),
            ),
            tooltip=[
                alt.Tooltip("criterion:N", title=say("Criterion")),
                alt.Tooltip("part:N", title=say("What it did")),
                alt.Tooltip("leads:Q", title=say("Leads"), format=",.0f"),
            ],
        )
    )
    said = (
        alt.Chart(frame[frame["part"] == words["cut"]])
        .mark_text(align="left", baseline="top", dy=2, dx=1, color=worn.text)
        .encode(y=y, x=alt.XDatum(0), text=alt.Text("said:N"))
    )
    return Picture(
        title=criteria_title(report, own),
        chart=dressed(alt.layer(bars, said, height=ROW_HEIGHT * len(own) + 75)),
        rows=criteria_rows(report, written),
        description=say("Each bar is all leads of these months under one criterion."),
    )


def criteria_title(report: Report, own: Sequence[Criterion]) -> str:
    """Name the criterion that cuts most, and how many of the cut became customers."""
    first = max(own, key=lambda criterion: criterion.cut)
    if not first.cut:
        return say("The written filter cut no lead")
    return say(
        "“{criterion}” cuts most: {cut} leads; {customers} of them bought all the same and brought "
        "{profit}",
        criterion=criterion_name(first),
        cut=_count(first.cut),
        customers=_count(first.cut_customers),
        profit=formats.tile(first.cut_profit, "money", report.settings.currency),
    )


def criteria_rows(report: Report, written: Sequence[Criterion]) -> pd.DataFrame:
    """Return each criterion with what it did, as people read it."""
    money = report.settings.currency
    return pd.DataFrame(
        {
            say("Criterion"): criterion_name(criterion),
            say("Let through"): _count(criterion.passed),
            say("of them customers"): _count(criterion.passed_customers),
            say("Cut"): _count(criterion.cut),
            say("worked on all the same"): _count(criterion.cut_worked),
            say("customers all the same"): _count(criterion.cut_customers),
            say("their gross profit"): formats.exact(criterion.cut_profit, "money", money),
            say("Cut already"): _count(criterion.also_failed),
            say("Not in force"): _count(criterion.not_valid),
        }
        for criterion in written
    )


def _criteria_frame(own: Sequence[Criterion]) -> pd.DataFrame:
    rows = []
    for criterion in own:
        reached = 0
        parts = {
            say("let through"): criterion.passed,
            say("cut"): criterion.cut,
            say("cut already"): criterion.also_failed,
        }
        for part, leads in parts.items():
            rows.append(
                {
                    "criterion": criterion_name(criterion),
                    "part": part,
                    "from": reached,
                    "to": reached + leads,
                    "leads": leads,
                    "said": _said(criterion),
                }
            )
            reached += leads
    return pd.DataFrame(rows)


def _said(criterion: Criterion) -> str:
    return say(
        "cuts {cut}; of these worked on: {worked}, became customers: {customers}",
        cut=_count(criterion.cut),
        worked=_count(criterion.cut_worked),
        customers=_count(criterion.cut_customers),
    )


def _count(size: float) -> str:
    return formats.exact(size, "count", "")

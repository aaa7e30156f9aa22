"""Customer cost: what a customer costs in its three parts, against what the customer brings."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.parts import time_axis
from reporting.charts.picture import Picture, dressed
from reporting.language import say
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import maturity_line
from reporting.view import View, member_name

# Each part in the colour of its process, in the order in which the money is spent.
PARTS = {
    "lead_cost_per_customer": "acquisition",
    "sales_cost_per_customer": "sales",
    "retention_cost_per_customer": "retention",
}
TOTAL = "total_cost_per_customer"
PROFIT = "profit_90d_per_customer"
ROW_HEIGHT = 34
HEIGHT = 270


def part_name(kpi: str) -> str:
    """Name a part of a customer's cost, or what the customer brings."""
    names = {
        "lead_cost_per_customer": say("leads"),
        "sales_cost_per_customer": say("selling"),
        "retention_cost_per_customer": say("keeping"),
        PROFIT: say("gross profit of the first 90 days"),
    }
    return names[kpi]


def cost_by_method(
    report: Report, view: View, values: Sequence[Value], order: Sequence[str]
) -> Picture:
    """Draw what a customer of each method costs, with a mark for what one brings.

    Args:
        report: the publication.
        view: what is looked at.
        values: the parts, the total and the profit, of all methods in one period.
        order: the methods, in the order that they have everywhere.
    """
    title = cost_by_method_title(report, view, values)
    frame = _frame(report, [value for value in values if value.member in order])
    if frame.empty:
        missing = say("Nobody became a customer in this period, so nobody cost anything yet.")
        return Picture(title, None, missing=missing)
    who = alt.Y(
        "member:N",
        sort=[member_name(member, "method") for member in order],
        title=None,
        axis=alt.Axis(labelLimit=150, labelColor=colours().text),
    )
    money = alt.X(
        "from:Q",
        title=say("{currency} for each customer", currency=report.settings.currency),
        axis=alt.Axis(format=_axis_format(frame), tickCount=5),
        # Room for the total behind the longest bar.
        scale=alt.Scale(domain=[min(0.0, frame["to"].min()), 1.2 * frame["to"].max()], nice=False),
    )
    base = alt.Chart(frame)
    parts = (
        base.transform_filter("datum.is_part")
        .mark_bar(height={"band": 0.56}, stroke=colours().ground, strokeWidth=1)
        .encode(y=who, x=money, x2="to:Q", color=_colour(), tooltip=_pointer())
    )
    totals = (
        base.transform_filter("datum.is_last")
        .mark_text(align="left", dx=11, fontSize=12)
        .encode(y=who, x=alt.X("written_at:Q"), text="total:N")
    )
    layers = [parts, *_profits(base, y=who, x=alt.X("to:Q")), totals]
    height = max(110, ROW_HEIGHT * frame["member"].nunique() + 40)
    return Picture(
        title=title,
        chart=dressed(alt.layer(*layers).properties(height=height)),
        rows=_rows(frame, say("Method")),
        note=_note(frame),
    )


def cost_over_time(report: Report, view: View, values: Sequence[Value]) -> Picture:
    """Draw what a customer cost in each period, with a mark for what one brought."""
    title = cost_over_time_title(report, view, values)
    frame = _frame(report, values)
    if frame.empty:
        missing = say("Nobody became a customer in these dates yet.")
        return Picture(title, None, missing=missing)
    money = alt.Y(
        "from:Q",
        title=say("{currency} for each customer", currency=report.settings.currency),
        axis=alt.Axis(format=_axis_format(frame), tickCount=5),
    )
    width = max(6, min(34, 620 // (frame["start"].nunique() * 2)))
    when = time_axis(view.grain, frame).scale(padding=width)
    base = alt.Chart(frame)
    parts = (
        base.transform_filter("datum.is_part")
        .mark_bar(width=width, stroke=colours().ground, strokeWidth=1)
        .encode(
            x=when,
            y=money,
            y2="to:Q",
            color=_colour(),
            opacity=alt.condition("datum.final", alt.value(1), alt.value(0.5)),
            tooltip=_pointer(),
        )
    )
    layers = [parts, *_profits(base, x=when, y=alt.Y("to:Q"))]
    only_one = say("Only one period so far: a trend begins with the second.")
    notes = [_note(frame), only_one if frame["start"].nunique() == 1 else ""]
    return Picture(
        title=title,
        chart=dressed(alt.layer(*layers).properties(height=HEIGHT)),
        rows=_rows(frame, say("Period")),
        note=" ".join(note for note in notes if note),
    )


def cost_by_method_title(report: Report, view: View, values: Sequence[Value]) -> str:
    """Name the method whose customers cost least and the one whose cost most."""
    # Customers without a lead cost nothing to attract: to be the cheapest is no merit of theirs.
    totals = sorted(
        (value.value, member_name(value.member, value.dimension))
        for value in values
        if value.kpi == TOTAL and value.value is not None and not value.member.startswith("(")
    )
    if not totals:
        return say("What a customer of each method costs {when}", when=view.within)
    (least, cheapest), (most, dearest) = totals[0], totals[-1]
    currency = report.settings.currency
    what = {
        "cheapest": cheapest,
        "least": formats.tile(least, "money", currency),
        "dearest": dearest,
        "most": formats.tile(most, "money", currency),
        "when": view.within,
    }
    if len(totals) == 1:
        return say("A customer from {cheapest} cost {least} {when}", **what)
    return say(
        "A customer cost least from {cheapest} ({least}), most from {dearest} ({most}) {when}",
        **what,
    )


def cost_over_time_title(report: Report, view: View, values: Sequence[Value]) -> str:
    """Say whether a customer brought more in 90 days than they cost, in how many of the periods."""
    cells = {(value.period_start, value.kpi): value for value in values}
    judged = [
        (cost.value, cells[start, PROFIT].value)
        for (start, kpi), cost in cells.items()
        if kpi == TOTAL
        and cost.value is not None
        # What still moves is not compared with anything.
        and (start, PROFIT) in cells
        and cells[start, PROFIT].is_mature
    ]
    periods = [(cost, profit) for cost, profit in judged if profit is not None]
    if not periods:
        return say("What a customer cost over time")
    earned = sum(profit > cost for cost, profit in periods)
    what = {"earned": earned, "all": len(periods), "member": view.whose}
    if view.whose:
        return say(
            "A customer of {member} brought back the cost within 90 days "
            "in {earned} of {all} periods that are final",
            **what,
        )
    return say(
        "A customer brought back the cost within 90 days in {earned} of {all} periods "
        "that are final",
        **what,
    )


# ------------------------------------------------------------------------------ parts of the charts


def _frame(report: Report, values: Sequence[Value]) -> pd.DataFrame:
    """Return a row for each part, laid end to end, and one for the profit."""
    places = list(dict.fromkeys((value.period_start, value.member) for value in values))
    cells = {(value.period_start, value.member, value.kpi): value for value in values}
    rows: list[dict[str, Any]] = []
    for start, member in sorted(places):
        own = {kpi: cells.get((start, member, kpi)) for kpi in (*PARTS, TOTAL, PROFIT)}
        rows.extend(_rows_of_one(report, own))
    frame = pd.DataFrame(rows)
    if not frame.empty:
        # The total stands at the bar's end, or behind the mark that would lie on it.
        beside = (frame["brings"] - frame["cost"]) / frame["to"].max()
        frame["written_at"] = frame["cost"].where(~beside.between(0, 0.09), frame["brings"])
    return frame


def _rows_of_one(report: Report, own: dict[str, Value | None]) -> list[dict[str, Any]]:
    total, profit = own[TOTAL], own[PROFIT]
    if total is None or total.value is None:
        return []
    currency = report.settings.currency
    brings = profit.value if profit else None
    rows, end = [], 0.0
    for kpi in (*PARTS, PROFIT):
        value = own[kpi]
        if value is None or value.value is None:
            continue
        is_part = kpi in PARTS
        begin = end if is_part else 0.0
        end = begin + value.value if is_part else end
        rows.append(
            {
                "start": pd.Timestamp(value.period_start),
                "period": formats.period(value.period_grain, value.period_start),
                "member": member_name(value.member, value.dimension),
                "part": part_name(kpi),
                "from": begin,
                "to": end if is_part else value.value,
                "is_part": is_part,
                "is_last": kpi == "retention_cost_per_customer",
                "cost": total.value,
                "brings": brings,
                "total": formats.tile(total.value, "money", currency),
                "exactly": formats.exact(value.value, "money", currency),
                "final": value.is_mature,
                "note": maturity_line(report, value),
            }
        )
    return rows


def _profits(base: alt.Chart, **at: Any) -> list[alt.Chart]:
    """Return the marks of what customers bring; one that still moves is hollow."""
    worn = colours()
    mark: alt.Chart = (
        base.transform_filter("!datum.is_part")
        .mark_point(shape="diamond", size=90, color=worn.text, strokeWidth=1.6, opacity=1)
        .encode(
            **at,
            fill=alt.condition("datum.final", alt.value(worn.text), alt.value(worn.ground)),
            tooltip=_pointer(),
        )
    )
    return [mark]


def _colour() -> alt.Color:
    worn = colours()
    return alt.Color(
        "part:N",
        title=None,
        scale=alt.Scale(
            domain=[part_name(kpi) for kpi in PARTS],
            range=[worn.of(process) for process in PARTS.values()],
        ),
        legend=alt.Legend(orient="top", direction="horizontal", symbolType="square"),
    )


def _pointer() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("period:N", title=say("Period")),
        alt.Tooltip("member:N", title=say("Who")),
        alt.Tooltip("part:N", title=say("What for")),
        alt.Tooltip("exactly:N", title=say("For each customer")),
        alt.Tooltip("note:N", title=say("How sure")),
    ]


def _axis_format(frame: pd.DataFrame) -> str:
    largest = frame["to"].abs().max()
    return "~s" if largest >= 10_000 else ",.0f" if largest >= 10 else ",.1f"


def _note(frame: pd.DataFrame) -> str:
    if frame["is_part"].all():
        return ""
    if frame.loc[~frame["is_part"], "final"].all():
        return say("◆ is the gross profit that a customer brought in the first 90 days.")
    return say("◆ is the gross profit that a customer brought in the first 90 days; ◇ still moves.")


def _rows(frame: pd.DataFrame, head: str) -> pd.DataFrame:
    """Return a line for each bar with its parts, as people read them."""
    name = "period" if head == say("Period") else "member"
    table = frame.pivot(index=name, columns="part", values="exactly")
    order = [part_name(kpi) for kpi in (*PARTS, PROFIT)]
    table = table.reindex(list(dict.fromkeys(frame[name])))
    table = table[[part for part in order if part in table.columns]].fillna(formats.NO_VALUE)
    table.insert(0, say("Cost of a customer"), frame.drop_duplicates(name).set_index(name)["total"])
    return table.reset_index(names=head)

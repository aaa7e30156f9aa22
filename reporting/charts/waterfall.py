"""Waterfall: what moved the contribution from one period to the next, with no remainder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Picture, dressed
from reporting.language import say
from reporting.marts import Report
from reporting.palette import colours
from reporting.view import View

DRIVERS = """
    select position, driver, amount, contribution, previous_contribution, change, is_mature
    from kpi.change_drivers
    where period_grain = $1 and period_start = $2 and dimension = $3 and member = $4
    order by position
"""
PROCESSES = {
    "leads": "acquisition",
    "acquisition_cost": "acquisition",
    "filter_pass_rate": "sales",
    "customers_per_qualified_lead": "sales",
    "sales_cost": "sales",
    "anonymous_sales": "chain",
}
ROW_HEIGHT = 21


@dataclass(frozen=True)
class Driver:
    """One row of `kpi.change_drivers`."""

    position: int
    driver: str
    amount: Decimal
    contribution: Decimal
    previous_contribution: Decimal
    change: Decimal
    is_mature: bool


def drivers(report: Report, view: View) -> list[Driver]:
    """Return what moved the contribution of a view against the period before."""
    if view.start is None:
        return []
    member = view.member or "all"
    dimension = view.dimension if view.member else "all"
    rows = report.rows(DRIVERS, view.grain, view.start, dimension, member)
    return [Driver(**row) for row in rows]


def waterfall(report: Report, view: View, found: Sequence[Driver]) -> Picture:
    """Draw how the contribution of the period before became that of this one."""
    if not found or view.start is None:
        title = say("What moved the contribution is told from the second period on.")
        return Picture(title, None, missing=say("There is no period before this one to compare."))
    moved = [driver for driver in found if driver.amount]
    title = waterfall_title(report, view, found)
    frame = _frame(report, view, found[0], moved)
    order = list(frame["what"])
    low, high = frame[["begin", "end"]].min().min(), frame[["begin", "end"]].max().max()
    margin = (high - low or abs(high) or 1) * 0.04
    room = (high - low or abs(high) or 1) * 0.22  # for the numbers beside the bars
    chart = alt.Chart(frame).encode(
        y=alt.Y("what:N", sort=order, title=None, axis=alt.Axis(labelLimit=190, grid=False)),
        tooltip=[
            alt.Tooltip("what:N", title=say("What moved")),
            alt.Tooltip("exactly:N", title=say("Contribution")),
        ],
    )
    across = alt.X(
        "begin:Q",
        title=None,
        scale=alt.Scale(domain=[low - margin, high + room], nice=False, zero=False),
        axis=None,
    )
    bars = chart.transform_filter("!datum.total").encode(x=across, x2="end:Q")
    layers: list[Any] = [
        bars.transform_filter("datum.up").mark_bar(height={"band": 0.6}).encode(color=_colour()),
        # What takes away is hollow: sign and shape tell it, not a colour.
        bars.transform_filter("!datum.up")
        .mark_bar(height={"band": 0.6}, filled=False, strokeWidth=1.6)
        .encode(color=_colour()),
        chart.transform_filter("datum.total")
        .mark_tick(thickness=3, color=colours().text, height={"band": 0.75})
        .encode(x=alt.X("end:Q", title=None, axis=None)),
        chart.mark_text(align="left", dx=6).encode(x="right:Q", text="shown:N"),
    ]
    rows = frame[["what", "exactly"]].rename(
        columns={"what": say("What moved"), "exactly": say("Contribution")}
    )
    before = formats.period(view.grain, formats.previous(view.grain, view.start))
    told = say(
        "From the contribution of {before} to that of {now}.", before=before, now=view.period
    )
    return Picture(
        title=title,
        chart=dressed(alt.layer(*layers).properties(height=ROW_HEIGHT * len(frame))),
        rows=rows,
        description=told,
        note="" if found[0].is_mature else say("The period still moves, and so do these amounts."),
    )


def waterfall_title(report: Report, view: View, found: Sequence[Driver]) -> str:
    """Answer what moved the contribution most, in the direction in which it went."""
    change = found[0].change
    before = formats.period(view.grain, formats.previous(view.grain, view.start or date.min))
    most = max(found, key=lambda driver: driver.amount if change >= 0 else -driver.amount)
    currency = report.settings.currency
    what = {
        "change": formats.tile(abs(change), "money", currency),
        "period": before,
        "driver": driver_name(most.driver),
        "amount": _signed(formats.tile(most.amount, "money", currency), most),
    }
    if change > 0:
        return say("{change} more than {period}: most came from {driver} ({amount})", **what)
    if change < 0:
        return say("{change} less than {period}: most was lost by {driver} ({amount})", **what)
    return say("As much as {period}", **what)


def driver_name(driver: str) -> str:
    """Name a driver as an owner would."""
    words = {
        "leads": say("leads"),
        "filter_pass_rate": say("share worth working on"),
        "customers_per_qualified_lead": say("customers per good lead"),
        "orders_per_active_customer": say("orders per customer"),
        "order_value": say("order value"),
        "margin": say("margin"),
        "existing_customers": say("existing customers"),
        "anonymous_sales": say("anonymous sales"),
        "acquisition_cost": say("acquisition cost"),
        "sales_cost": say("sales cost"),
        "retention_cost": say("retention cost"),
    }
    return words.get(driver, driver.replace("_", " "))


def _frame(report: Report, view: View, any_of: Driver, moved: Sequence[Driver]) -> pd.DataFrame:
    currency = report.settings.currency
    start = view.start or date.min
    before = formats.period(view.grain, formats.previous(view.grain, start))
    rows = [_total(before, any_of.previous_contribution, currency)]
    reached = any_of.previous_contribution
    for driver in moved:
        begin, reached = reached, reached + driver.amount
        rows.append(
            {
                "what": driver_name(driver.driver),
                "begin": float(begin),
                "end": float(reached),
                "right": float(max(begin, reached)),
                "up": driver.amount > 0,
                "total": False,
                "process": PROCESSES.get(driver.driver, "retention"),
                "shown": _signed(formats.tile(driver.amount, "money", currency), driver),
                "exactly": _signed(formats.exact(driver.amount, "money", currency), driver),
            }
        )
    rows.append(_total(view.period, any_of.contribution, currency))
    return pd.DataFrame(rows)


def _signed(written: str, driver: Driver) -> str:
    return f"+{written}" if driver.amount > 0 else written


def _total(what: str, amount: Decimal, currency: str) -> dict[str, Any]:
    return {
        "what": what,
        "begin": float(amount),
        "end": float(amount),
        "right": float(amount),
        "up": True,
        "total": True,
        "process": "chain",
        "shown": formats.tile(amount, "money", currency),
        "exactly": formats.exact(amount, "money", currency),
    }


def _colour() -> alt.Color:
    processes = ["acquisition", "sales", "retention", "chain"]
    return alt.Color(
        "process:N",
        legend=None,
        scale=alt.Scale(domain=processes, range=[colours().of(name) for name in processes]),
    )

"""Prices: how the money at a weak place is reckoned, in words and with its numbers."""

from collections.abc import Sequence

from reporting import formats
from reporting.language import say
from reporting.marts import Report
from reporting.weak_places import Place


def stake(report: Report, place: Place) -> str:
    """Write the money at stake where there is little room."""
    if place.money_at_stake is None:
        return say("not known yet")
    size = formats.tile(abs(place.money_at_stake), "money", report.settings.currency)
    if place.money_at_stake < 0:
        return say("it would have cost {money}", money=size)
    return size


def formula(report: Report, place: Place) -> str:
    """Say of what the money is made: the gap times how many it concerns times what one is worth."""
    currency = report.settings.currency
    gap = (
        formats.change(place.value, place.goal, place.unit)
        if place.unit == "ratio"
        else formats.exact(place.gap, place.unit, currency)
    )
    return priced(
        place.kpi,
        gap=gap,
        quantity=formats.exact(place.quantity, "count", ""),
        conversion=formats.tile(place.conversion, "ratio", ""),
        worth=formats.exact(place.worth, "money", currency),
    )


def priced(kpi: str, **what: str) -> str:
    """Say a KPI's formula of money in words.

    Args:
        kpi: one that has a price.
        **what: gap, quantity, conversion and worth, as they are to be written.
    """
    words = {
        "cost_per_lead": say("{gap} × {quantity} leads", **what),
        "filter_pass_rate": say(
            "{gap} × {quantity} leads × {conversion} of the leads worth working on become "
            "customers × {worth} gross profit in a customer's first 90 days",
            **what,
        ),
        "ignored_lead_rate": say(
            "{gap} × {quantity} leads worth working on × {conversion} of those contacted in time "
            "become customers × {worth} gross profit in a customer's first 90 days",
            **what,
        ),
        "qualified_to_customer_rate": say(
            "{gap} × {quantity} leads worth working on × {worth} gross profit in a customer's "
            "first 90 days",
            **what,
        ),
        "sales_cost_per_customer": say("{gap} × {quantity} new customers", **what),
        "retention_cost_per_customer": say("{gap} × {quantity} customers of the base", **what),
        "repeat_rate_90d": say(
            "{gap} × {quantity} first buyers × {worth} gross profit of an order after the first",
            **what,
        ),
        "profit_per_customer": say("{gap} × {quantity} active customers", **what),
    }
    return words.get(kpi, "")


def taken_from(places: Sequence[Place]) -> str:
    """Say from which earlier periods the prices are, where those of this one still move."""
    starts = {
        start
        for place in places
        for start in (place.conversion_from, place.worth_from)
        if start is not None and start != place.period_start
    }
    if not starts:
        return ""
    periods = " · ".join(formats.period(places[0].period_grain, start) for start in sorted(starts))
    return say(
        "Where conversions and profits still move they are those of the latest period that is "
        "final: {periods}.",
        periods=periods,
    )


def goal_name(place: Place) -> str:
    """Say whether a goal was set by somebody, or is what the place itself usually is."""
    if place.goal_is == "target":
        return say("target")
    return say("usual: the middle of its six periods before")

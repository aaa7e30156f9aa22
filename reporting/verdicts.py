"""Verdicts: the answer of a page in one sentence, from numbers that stand below it."""

from collections.abc import Mapping

from reporting import formats
from reporting.language import say, say_n
from reporting.marts import Report, Value
from reporting.view import View


def attract(report: Report, view: View, by_kpi: Mapping[str, Value]) -> str:
    """Say how many leads came, what one costs, and how many of them are good."""
    leads = by_kpi.get("leads")
    said = _whose_and_when(view) | {
        "cost": _tile(report, by_kpi.get("acquisition_cost")),
        "per_lead": _tile(report, by_kpi.get("cost_per_lead")),
        "quality": _tile(report, by_kpi.get("lead_quality_rate")),
        "leads": _tile(report, leads),
    }
    if leads is None or not leads.value:
        return say("{whose}: no lead {when}; attracting cost {cost}", **said)
    return say_n(
        "{whose}: {leads} lead {when} for {per_lead}, and {quality} of it is good",
        "{whose}: {leads} leads {when} for {per_lead} each, and {quality} of them are good",
        int(leads.value),
        **said,
    )


def sell(report: Report, view: View, by_kpi: Mapping[str, Value]) -> str:
    """Say how many good leads were left waiting, and what a new customer costs to win."""
    ignored, won = by_kpi.get("ignored_lead_rate"), by_kpi.get("new_customers")
    said = _whose_and_when(view) | {
        "ignored": formats.exact(ignored.numerator if ignored else None, "count", ""),
        "due": formats.exact(ignored.denominator if ignored else None, "count", ""),
        "won": _tile(report, won),
        "cost": _tile(report, by_kpi.get("sales_cost_per_customer")),
    }
    if ignored is None or not ignored.denominator:
        return say("{whose}: {won} new customers {when}, {cost} each to win", **said)
    if won is None or not won.value:
        return say(
            "{whose}: {ignored} of {due} good leads were not called in time {when}, and nobody "
            "became a customer",
            **said,
        )
    return say_n(
        "{whose}: {ignored} of {due} good leads were not called in time {when}; {won} new "
        "customer cost {cost} to win",
        "{whose}: {ignored} of {due} good leads were not called in time {when}; {won} new "
        "customers cost {cost} each to win",
        int(won.value),
        **said,
    )


def keep(report: Report, view: View, by_kpi: Mapping[str, Value]) -> str:
    """Say how many came back, what keeping a customer costs, and what an active one brings."""
    said = _whose_and_when(view) | {
        "repeat": _tile(report, by_kpi.get("repeat_purchase_rate")),
        "cost": _tile(report, by_kpi.get("retention_cost_per_customer")),
        "profit": _tile(report, by_kpi.get("profit_per_customer")),
    }
    return say(
        "{whose}: {repeat} of all customers have bought again; {when} keeping one cost {cost} and "
        "an active one brought {profit}",
        **said,
    )


def _whose_and_when(view: View) -> dict[str, str]:
    return {"whose": view.whose or say("Whole business"), "when": view.within}


def _tile(report: Report, value: Value | None) -> str:
    if value is None:
        return formats.NO_VALUE
    return formats.tile(value.value, value.unit, report.settings.currency)

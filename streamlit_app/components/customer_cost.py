"""Customer cost: the three parts of what a customer costs, against what customers bring."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from components import tiles
from reporting import formats
from reporting.language import say
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import maturity_line
from reporting.view import View

PARTS = {
    "acquisition": "lead_cost_per_customer",
    "sales": "sales_cost_per_customer",
    "retention": "retention_cost_per_customer",
}
BROUGHT = ("profit_90d_per_customer", "profit_per_customer", "profit_to_cost")
KPIS = ("total_cost_per_customer", *PARTS.values(), *BROUGHT)


def show(report: Report, view: View, values: Mapping[str, Value]) -> None:
    """Show what a customer costs and brings, as bars of one scale.

    Args:
        report: the publication.
        view: what the numbers are compared with.
        values: the numbers by KPI; of `KPIS`, those that the period has.
    """
    total = values.get("total_cost_per_customer")
    if total is None or total.value is None:
        st.html(f'<p class="line">{escape(_nobody_won(report, view, values))}</p>')
        return
    parts = [
        (process, values[kpi])
        for process, kpi in PARTS.items()
        if kpi in values and values[kpi].value is not None
    ]
    brought = values.get("profit_90d_per_customer")
    cost = sum(_size(part) for _, part in parts)
    longest = max(cost, _size(brought)) or 1.0
    st.html(
        f'<div class="wh-cost">{_costs(report, view, total, parts, longest)}'
        f"{_brings(report, view, brought, longest)}{_paid_back(report, view, values)}</div>"
    )


def _nobody_won(report: Report, view: View, values: Mapping[str, Value]) -> str:
    spent = values.get("acquisition_cost")
    return say(
        "Nobody became a customer {when}, so there is no cost per customer; "
        "{money} went into attracting leads.",
        when=view.within,
        money=formats.tile(spent.value if spent else None, "money", report.settings.currency),
    )


def _costs(
    report: Report, view: View, total: Value, parts: Sequence[tuple[str, Value]], longest: float
) -> str:
    bar = "".join(
        f'<i style="width:{100 * _size(part) / longest:.2f}%;'
        f'background:{colours().of(process)}"></i>'
        for process, part in parts
    )
    named = " + ".join(
        f'<span class="key" style="--wh-colour: {colours().of(process)}">'
        f"{tiles.asked(report, view, part, _part_name(report, process, part))}</span>"
        for process, part in parts
    )
    return (
        f'<div class="label">{tiles.asked(report, view, total, say("A customer costs"))}</div>'
        f"{tiles.number(report, total)}"
        f'<div><div class="bar" aria-hidden="true">{bar}</div>'
        f'<div class="line">= {named}</div></div>'
    )


def _part_name(report: Report, process: str, part: Value) -> str:
    money = formats.tile(part.value, "money", report.settings.currency)
    words = {
        "acquisition": say("{money} for leads", money=money),
        "sales": say("{money} for selling", money=money),
        "retention": say("{money} for keeping", money=money),
    }
    return words[process]


def _brings(report: Report, view: View, brought: Value | None, longest: float) -> str:
    if brought is None or brought.value is None:
        return ""
    mark = "" if brought.is_mature else " immature"
    asked = tiles.asked(report, view, brought, say("and brings in 90 days"))
    return (
        f'<div class="label">{asked}</div>{tiles.number(report, brought)}'
        f'<div><div class="bar" aria-hidden="true"><i class="brings{mark}" '
        f'style="width:{100 * _size(brought) / longest:.2f}%"></i></div>'
        f'<div class="line">{escape(maturity_line(report, brought))}</div></div>'
    )


def _paid_back(report: Report, view: View, values: Mapping[str, Value]) -> str:
    """Say what an active customer brings, and how often customers have paid back their cost."""
    said = []
    profit, ratio = values.get("profit_per_customer"), values.get("profit_to_cost")
    if profit and profit.value is not None:
        money = formats.tile(profit.value, "money", report.settings.currency)
        text = say("an active customer brought {money} {when}", money=money, when=view.within)
        said.append(tiles.asked(report, view, profit, text))
    if ratio and ratio.value is not None:
        times = formats.tile(ratio.value, ratio.unit, "")
        text = say("profit to cost {times}", times=times)
        if not ratio.is_mature:
            text = say("profit to cost {times} so far", times=times)
        said.append(tiles.asked(report, view, ratio, text))
    return f'<div class="line wide">{" · ".join(said)}</div>' if said else ""


def _size(value: Value | None) -> float:
    """Return how long a value is drawn; what is below zero has no length."""
    return max(value.value or 0.0, 0.0) if value else 0.0

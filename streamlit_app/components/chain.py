"""Chain: the three processes as one picture, and what a customer costs against what they bring."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from components import tiles
from reporting import formats
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import change_line, is_running
from reporting.view import View

LINKS = (
    ("acquisition", "Attract", ("acquisition_cost", "leads", "lead_quality_rate")),
    ("sales", "Sell", ("filter_pass_rate", "new_customers")),
    ("retention", "Keep", ("repeat_purchase_rate", "gross_profit")),
    ("chain", "Is left", ("contribution",)),
)
COST_PARTS = (
    ("acquisition", "lead_cost_per_customer", "for leads"),
    ("sales", "sales_cost_per_customer", "for selling"),
    ("retention", "retention_cost_per_customer", "for keeping"),
)


def picture(report: Report, view: View, values: Mapping[str, Value]) -> None:
    """Show the links from money spent to customers who come back."""
    sections = "".join(
        f'<section style="--wh-colour: {colours().of(process)}"><h4>{title}</h4>'
        f'<div class="wh-tiles">{_tiles(report, view, values, kpis)}</div></section>'
        for process, title, kpis in LINKS
    )
    st.html(f'<div class="wh-chain">{sections}</div>')


def verdict(report: Report, view: View, values: Mapping[str, Value]) -> str:
    """Say in a sentence what is left when everything is paid."""
    value = values.get("contribution")
    if value is None or value.value is None:
        return f"There is no contribution {view.within} yet."
    shown = formats.tile(abs(value.value), "money", report.settings.currency)
    word = "left over" if value.value >= 0 else "lost"
    so_far = " so far" if is_running(report, value) else ""
    line = change_line(report, view, value)
    said = f"{shown} {word} {view.within}{so_far} after attracting, selling and keeping"
    return said + (f" ({line})." if line else ".")


def cost_of_a_customer(report: Report, values: Mapping[str, Value]) -> None:
    """Show the three parts of what a customer costs, and what an active one brings."""
    currency = report.settings.currency
    total = values.get("total_cost_per_customer")
    if total is None or total.value is None:
        cost = values.get("acquisition_cost")
        spent = formats.tile(cost.value if cost else None, "money", currency)
        st.html(
            '<div class="wh-cost">No customer was won in this period, so there is no cost per '
            f"customer; {escape(spent)} went into attracting leads.</div>"
        )
        return
    parts = [
        (process, words, values[kpi].value or 0.0)
        for process, kpi, words in COST_PARTS
        if kpi in values
    ]
    said = " + ".join(
        f"{formats.tile(size, 'money', currency)} {words}" for _, words, size in parts
    )
    whole = sum(max(size, 0.0) for _, _, size in parts) or 1.0
    bar = "".join(
        f'<i style="width:{100 * max(size, 0.0) / whole:.1f}%;'
        f'background:{colours().of(process)}"></i>'
        for process, _, size in parts
    )
    shown = formats.tile(total.value, "money", currency)
    st.html(
        f'<div class="wh-cost">A customer costs <b>{escape(shown)}</b> = {escape(said)}'
        f'{_brings(values, currency)}<div class="bar" role="img" aria-label="{escape(said)}">'
        f"{bar}</div></div>"
    )


def _brings(values: Mapping[str, Value], currency: str) -> str:
    profit = values.get("profit_per_customer")
    if profit is None or profit.value is None:
        return ""
    shown = escape(formats.tile(profit.value, "money", currency))
    return f"; an active customer brought <b>{shown}</b> gross profit in the period."


def _tiles(report: Report, view: View, values: Mapping[str, Value], kpis: tuple[str, ...]) -> str:
    return "".join(tiles.tile(report, view, values[kpi]) for kpi in kpis if kpi in values)

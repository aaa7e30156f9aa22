"""Customer: what a customer costs in three parts, and what a customer brings, by who came when."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from components import choice, downloads, frame, process_page, tiles
from components.kept import kept
from components.show import answer, part, picture

from reporting import economics, formats
from reporting.charts.customer_cost import (
    PARTS,
    PROFIT,
    TOTAL,
    cost_by_method,
    cost_over_time,
)
from reporting.charts.economics_map import economics_map, final_line, shown
from reporting.economics import MEASURES, Cohort, measure_name
from reporting.language import say
from reporting.marts import Report, Value
from reporting.view import View, member_name
from reporting.workbook import Sheet

SHOWN = (TOTAL, *PARTS, PROFIT, "profit_to_cost", "payback_months")


def main() -> None:
    """Show the page."""
    report = frame.open_page(
        say("What a customer costs"), say("What does winning and keeping a customer cost?")
    )
    view = choice.ask(report, ("all", "method"))
    if view.start is None or view.end is None:
        process_page.nothing_here(report, view)
        return
    dimension = "method" if view.member else "all"
    values = report.scorecard(view.grain, dimension, SHOWN, view.since, view.until)
    own = [value for value in values if value.member == (view.member or "all")]
    of_period = [value for value in own if value.period_start == view.start]
    if not of_period:
        process_page.nothing_here(report, view)
        return
    answer(told(report, view, {value.kpi: value for value in of_period}))
    tiles.tiles(report, view, of_period)
    methods = report.scorecard(
        view.grain, "method", (*SHOWN, "new_customers"), view.start, view.end
    )
    order = process_page.by_size(methods, "new_customers")
    drawn = cost_by_method(report, view, methods, order)
    picture(drawn)
    picture(kept(cost_over_time, report, view, own))
    process_page.offer_download(report, view, SHOWN, "customer", drawn)
    show_cohorts(report, view, order)


def told(report: Report, view: View, values: dict[str, Value]) -> str:
    """Say what a customer cost, in parts, and what a customer brought."""
    currency = report.settings.currency

    def money(kpi: str) -> str:
        value = values.get(kpi)
        return formats.tile(value.value if value else None, "money", currency)

    total, profit = values.get(TOTAL), values.get(PROFIT)
    if total is None or total.value is None:
        return say("Nobody became a customer {when}.", when=view.within)
    what = {
        "when": view.within,
        "whose": view.whose,
        "total": money(TOTAL),
        "leads": money("lead_cost_per_customer"),
        "selling": money("sales_cost_per_customer"),
        "keeping": money("retention_cost_per_customer"),
        "profit": money(PROFIT),
    }
    cost = (
        say(
            "A customer of {whose} cost {total} {when}: {leads} for leads, {selling} for "
            "selling, {keeping} for keeping.",
            **what,
        )
        if view.whose
        else say(
            "A customer cost {total} {when}: {leads} for leads, {selling} for selling, "
            "{keeping} for keeping.",
            **what,
        )
    )
    if profit is None or profit.value is None:
        return cost
    if profit.is_mature:
        return f"{cost} {say('The first 90 days brought {profit} gross profit.', **what)}"
    return f"{cost} {say('So far a new customer has brought {profit} gross profit.', **what)}"


def show_cohorts(report: Report, view: View, order: Sequence[str]) -> None:
    """Show what the customers of each month and method cost and brought to date."""
    part(say("Customers by the month in which they were won"))
    found = economics.cohorts(report, view.since, view.until, view.member)
    drawn = economics_map(report, found, chosen_measure(), order)
    picture(drawn)
    if not found:
        return
    with st.expander(say("All of these customers in numbers")):
        show_table(report, found)
    parameters = (view.since, view.until, view.member)
    sheet = Sheet(say("Unit economics"), report.table(economics.COHORTS, *parameters))
    downloads.menu(report, "unit_economics", sheet, drawn)


def chosen_measure() -> str:
    """Ask what the map of cohorts shows."""
    wanted = choice.current().kpi
    key = "widget_measure"
    st.session_state[key] = wanted if wanted in MEASURES else next(iter(MEASURES))
    st.segmented_control(
        say("The map shows"),
        list(MEASURES),
        key=key,
        required=True,
        format_func=measure_name,
        on_change=lambda: choice.change(kpi=st.session_state[key]),
    )
    return str(st.session_state[key])


def show_table(report: Report, cohorts: Sequence[Cohort]) -> None:
    """Show a line for each month and method."""
    currency = report.settings.currency
    columns = {
        say("Won in"): [formats.period("month", cohort.cohort_month) for cohort in cohorts],
        say("Method"): [member_name(cohort.method, "method") for cohort in cohorts],
        say("Customers"): [formats.exact(cohort.customers, "count", "") for cohort in cohorts],
    }
    money = {
        say("Cost of winning one"): "winning_cost_per_customer",
        say("Cost of one to date"): "cost_per_customer",
        say("Gross profit of one in 90 days"): "profit_90d_per_customer",
        say("Gross profit of one to date"): "profit_per_customer",
    }
    for head, name in money.items():
        columns[f"{head}, {currency}"] = [
            formats.cell(getattr(cohort, name), "money", has_cents=True) for cohort in cohorts
        ]
    for measure in ("profit_to_cost", "payback_months"):
        columns[measure_name(measure)] = [shown(report, cohort, measure) for cohort in cohorts]
    columns[say("How sure")] = [final_line(report, cohort) for cohort in cohorts]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt=say("Customers by month and method with their costs and profits"),
    )


main()

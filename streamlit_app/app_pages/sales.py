"""Sell: which leads pass the written filter, who calls them, and which become customers."""

import streamlit as st
from components import discipline, process_page
from components.kept import kept
from components.show import answer, part, picture

from reporting.charts.bars import MOST_BARS, bars
from reporting.charts.funnel import funnel
from reporting.charts.intervals import intervals
from reporting.language import say
from reporting.verdicts import sell

PROCESS = process_page.Process(
    name="sales",
    title=say("Sell"),
    question=say("Are good leads lost, and what does a customer cost to win?"),
    main=(
        "new_customers",
        "lead_to_customer_rate",
        "qualified_leads",
        "filter_pass_rate",
        "sales_cost_per_customer",
        "sales_cost",
    ),
    together=("new_customers", "sales_cost_per_customer", "lead_to_customer_rate"),
    beside="employee",
)
CONVERSIONS = ("lead_to_customer_rate", "qualified_to_customer_rate")


def main() -> None:
    """Show the page."""
    shown = process_page.begin(PROCESS)
    answer(sell(shown.report, shown.view, shown.of_period))
    process_page.numbers(shown)
    drawn = funnel(shown.report, shown.of_period)
    picture(drawn)
    show_conversion(shown)
    show_first_contact(shown)
    discipline.show(shown.report, shown.view)
    process_page.side_by_side(shown)
    process_page.over_time(shown)
    process_page.behind(shown, drawn)


def show_conversion(shown: process_page.Shown) -> None:
    """Show who turns leads into customers, with what chance alone would make of it."""
    part(say("Who turns leads into customers"))
    label = {kpi: say(shown.known(kpi).label) for kpi in CONVERSIONS}
    known = shown.known(process_page.one_word("conversion", CONVERSIONS, label.__getitem__))
    start = process_page.period_of(shown, known)
    dimensions = (
        ("method", "unit", "employee") if shown.view.dimension == "all" else (shown.beside,)
    )
    whole = shown.of_dimension("all", known.kpi, start)
    for column, dimension in zip(
        st.columns(len(dimensions), gap="medium"), dimensions, strict=True
    ):
        with column:
            values = shown.of_dimension(dimension, known.kpi, start)
            picture(kept(intervals, shown.report, known, values, next(iter(whole), None)))


def show_first_contact(shown: process_page.Shown) -> None:
    """Show how long good leads wait for the first call, and whose are never called in time."""
    part(say("Who waits for the first call"))
    hours, ignored = shown.known("hours_to_first_contact"), shown.known("ignored_lead_rate")
    order = process_page.by_size(shown.of(ignored.kpi) or shown.members, ignored.kpi)
    beside = st.columns(2, gap="large")
    with beside[0]:
        picture(kept(bars, shown.report, hours, shown.of(hours.kpi), order[:MOST_BARS]))
    with beside[1]:
        whole = shown.whole.get(ignored.kpi)
        picture(kept(intervals, shown.report, ignored, shown.of(ignored.kpi), whole))


main()

"""Keep: who comes back, what keeping them costs, and what they bring."""

import streamlit as st
from components import process_page
from components.kept import kept
from components.show import answer, part, picture

from reporting.charts.against import against
from reporting.charts.cohorts import MEASURES, heat_map, measure_name
from reporting.charts.intervals import intervals
from reporting.charts.keeping import came_back, members
from reporting.charts.picture import Picture
from reporting.cohorts import cohorts, loyalty
from reporting.language import say
from reporting.verdicts import keep

PROCESS = process_page.Process(
    name="retention",
    title=say("Keep"),
    question=say("Do customers come back, and do they bring more than keeping them costs?"),
    main=(
        "active_customers",
        "repeat_purchase_rate",
        "retention_cost_per_customer",
        "profit_per_customer",
        "revenue",
        "gross_profit",
    ),
    together=("active_customers", "retention_cost_per_customer", "repeat_purchase_rate"),
)
REPEAT_RATES = ("repeat_rate_30d", "repeat_rate_90d", "repeat_rate_365d")


def main() -> None:
    """Show the page."""
    shown = process_page.begin(PROCESS)
    answer(keep(shown.report, shown.view, shown.of_period))
    process_page.numbers(shown)
    drawn = show_cohorts(shown)
    show_repeat_rates(shown)
    show_what_returns(shown)
    process_page.side_by_side(shown)
    process_page.over_time(shown)
    process_page.behind(shown, drawn)


def show_cohorts(shown: process_page.Shown) -> Picture:
    """Show what the people who first bought in a month did since, and return the picture."""
    part(say("Who first bought when, and what they did since"))
    measure = process_page.one_word("cohorts", MEASURES, measure_name)
    if shown.view.dimension != "all":
        st.caption(say("Cohorts are of the whole business, not of one method."))
    drawn = heat_map(shown.report, cohorts(shown.report, shown.view.until), measure)
    picture(drawn)
    return drawn


def show_repeat_rates(shown: process_page.Shown) -> None:
    """Show how many came back in 30, 90 and 365 days, and whose customers do."""
    part(say("Who comes back"))
    beside = st.columns([3, 2], gap="large")
    with beside[0]:
        picture(kept(came_back, shown.report, shown.view.grain, shown.course, REPEAT_RATES))
    with beside[1]:
        known = shown.known("repeat_rate_90d")
        start = process_page.period_of(shown, known)
        whole = shown.of_dimension("all", known.kpi, start)
        values = shown.of_dimension(shown.beside, known.kpi, start)
        picture(kept(intervals, shown.report, known, values, next(iter(whole), None)))


def show_what_returns(shown: process_page.Shown) -> None:
    """Show what keeping a customer costs against what comes back, and whether members differ."""
    part(say("What keeping customers costs, and what returns"))
    beside = st.columns(2, gap="large")
    with beside[0]:
        profit = shown.known("profit_per_customer")
        cost = shown.known("retention_cost_per_customer")
        picture(kept(against, shown.report, profit, cost, shown.course))
    with beside[1]:
        months = loyalty(shown.report, shown.view.since, shown.view.until)
        picture(kept(members, shown.report, months))


main()

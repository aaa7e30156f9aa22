"""Today: the chain of the three processes, from money spent to customers who come back."""

import streamlit as st
from components import chain, choice, frame, process_page, show, tables

from reporting.charts.trend import trend

SHOWN = (
    "contribution",
    "acquisition_cost",
    "leads",
    "lead_quality_rate",
    "cost_per_lead",
    "filter_pass_rate",
    "new_customers",
    "lead_to_customer_rate",
    "repeat_purchase_rate",
    "gross_profit",
    "lead_cost_per_customer",
    "sales_cost_per_customer",
    "retention_cost_per_customer",
    "total_cost_per_customer",
    "profit_per_customer",
)
CHAIN = process_page.Process(
    name="chain",
    title="Today",
    question="From money spent to customers who come back: which link is weak?",
    main=SHOWN,
    together=("new_customers", "total_cost_per_customer", "contribution"),
)


def main() -> None:
    """Show the page."""
    report = frame.open_page(CHAIN.title, CHAIN.question)
    of_chain = [known.kpi for known in report.kpis_of("chain") if known.kpi not in SHOWN]
    names = [name for name in (*SHOWN, *of_chain) if name in report.definitions]
    kpis = [report.definitions[name] for name in names]
    view = choice.ask(report, process_page.dimensions_of(report.kpis_of("chain")))
    values = report.scorecard(view.grain, view.dimension, names, view.since, view.until)
    own = values if view.compares else [v for v in values if v.member == (view.member or "all")]
    of_period = process_page.in_order([v for v in own if v.period_start == view.start], kpis)
    if not of_period:
        process_page.nothing_here(report, view)
        return
    if view.compares:
        process_page.compare(report, view, kpis, values, CHAIN)
    else:
        by_kpi = {value.kpi: value for value in of_period}
        st.markdown(f"##### {show.plain(chain.verdict(report, view, by_kpi))}")
        chain.picture(report, view, by_kpi)
        chain.cost_of_a_customer(report, by_kpi)
        known = process_page.chosen_kpi(kpis, CHAIN)
        course = [value for value in own if value.kpi == known.kpi]
        show.picture(trend(report, view, known, course))
        tables.by_period(report, view, kpis, own)
        with st.expander(f"What each number of {view.period} is made of"):
            tables.with_parts(report, view, of_period)
    process_page.offer_download(report, view, names, "today")


main()

"""Attract: what leads cost, how many come, and how well they fit, always together."""

import streamlit as st
from components import process_page
from components.kept import kept
from components.show import answer, picture

from reporting.charts.against import against
from reporting.charts.free import free
from reporting.language import say
from reporting.verdicts import attract

PROCESS = process_page.Process(
    name="acquisition",
    title=say("Attract"),
    question=say("Which ways of attracting leads are cheap, plentiful and good?"),
    main=(
        "leads",
        "cost_per_lead",
        "lead_quality_rate",
        "acquisition_cost",
        "quality_leads",
        "ad_spend",
    ),
    together=("leads", "cost_per_lead", "lead_quality_rate"),
)


def main() -> None:
    """Show the page."""
    shown = process_page.begin(PROCESS)
    answer(attract(shown.report, shown.view, shown.of_period))
    process_page.numbers(shown)
    drawn = process_page.side_by_side(shown)
    process_page.over_time(shown)
    beside = st.columns(2, gap="large")
    with beside[0]:
        cost, leads = shown.known("cost_per_lead"), shown.known("leads")
        picture(kept(against, shown.report, cost, leads, shown.course))
    with beside[1]:
        picture(kept(free, shown.report, shown.members))
    process_page.behind(shown, drawn)


main()

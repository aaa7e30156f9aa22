"""Attract: what leads cost, how many come, and how well they fit, always together."""

from components import process_page

process_page.show(
    process_page.Process(
        name="acquisition",
        title="Attract",
        question="Which ways of attracting leads are cheap, plentiful and good?",
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
)

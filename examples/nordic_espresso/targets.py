"""The targets that the owners of Nordic Espresso agreed on with their three teams."""

from datetime import date
from pathlib import Path

from examples.nordic_espresso.company import UNITS, Plan, month_end
from examples.nordic_espresso.files import Row, write_csv

HEADER = ("kpi", "by", "of", "from", "to", "goal")
# Rates and costs per piece hold for every period of the year.
YEARLY = (
    ("cost_per_lead", "all", "all", "21"),
    ("cost_per_lead", "method", "google_ads", "21"),
    ("cost_per_lead", "method", "facebook", "9"),
    ("cost_per_lead", "method", "fair", "65"),
    ("lead_quality_rate", "all", "all", "0.82"),
    ("filter_pass_rate", "all", "all", "0.47"),
    ("filter_pass_rate", "method", "facebook", "0.30"),
    ("ignored_lead_rate", "all", "all", "0.10"),
    ("wasted_lead_rate", "all", "all", "0.10"),
    ("lead_to_customer_rate", "all", "all", "0.10"),
    ("lead_to_customer_rate", "method", "fair", "0.22"),
    ("sales_cost_per_customer", "all", "all", "130"),
    ("repeat_purchase_rate", "all", "all", "0.70"),
    ("total_cost_per_customer", "all", "all", "340"),
)
# Counts and amounts hold for their own month alone: at the size that company.py names.
MONTHLY = (("leads", 880), ("new_customers", 105), ("revenue", 115_000))
# What keeping a customer may cost in a month; a year's would be another sum.
KEEPING = ("retention_cost_per_customer", "0.90")


def write_targets(plan: Plan, inbox: Path) -> None:
    """Write the goals of all the years that the company touches."""
    rows: list[Row] = []
    for year in range(plan.start.year, plan.until.year + 1):
        span = (date(year, 1, 1), date(year, 12, 31))
        rows += [(kpi, by, of, *span, goal) for kpi, by, of, goal in YEARLY]
        for unit in UNITS:
            rows.append(("lead_to_customer_rate", "unit", unit, *span, "0.10"))
            rows.append(("ignored_lead_rate", "unit", unit, *span, "0.10"))
    for month in plan.months:
        span = (month, month_end(month))
        rows.append((KEEPING[0], "", "", *span, KEEPING[1]))
        for kpi, goal in MONTHLY:
            rows.append((kpi, "", "", *span, max(1, round(goal * plan.scale))))
    write_csv(inbox / "plan" / "targets.csv", HEADER, rows)

"""acquisition.methods_daily: the feeds' money day by day, the scorecard's numbers by method."""

from expectations.reconciliation import in_rows, of_scorecard, quotients_of_parts, same_amounts
from expectations.rule import impossible

COUNTS = (
    "contacts",
    "leads",
    "duplicate_leads",
    "quality_leads",
    "impressions",
    "clicks",
    "qualified_leads",
    "new_customers",
    "orders",
)
FROM_FEEDS = {
    "contacts": "contacts",
    "orders": "orders",
    "ad_spend": "ad_spend",
    "acquisition_cost": "acquisition_cost",
    "sales_cost": "sales_cost",
    "retention_cost": "retention_cost",
    "revenue": "net_revenue",
    "gross_profit": "gross_profit",
    "contribution": "contribution",
}
IN_SCORECARD = {**{count: count for count in COUNTS}, **FROM_FEEDS}
RATES = {
    "cost_per_lead": ("acquisition_cost", "leads"),
    "cost_per_quality_lead": ("acquisition_cost", "quality_leads"),
    "lead_quality_rate": ("quality_leads", "leads"),
    "click_through_rate": ("clicks", "impressions"),
    "cost_per_click": ("ad_spend", "clicks"),
}

RULES = (
    same_amounts(
        "every_day_adds_up_to_the_feeds",
        "day",
        in_rows("calendar_date as day", FROM_FEEDS),
        f"select * from expected.kpi_days where kpi in {tuple(FROM_FEEDS)}",
        "Money, contacts or orders of the feeds are not in the methods' days, or more than once: "
        "compare the days kept with core and with the deliveries.",
    ),
    same_amounts(
        "days_and_methods_are_the_scorecard_s",
        "period_start, member",
        in_rows("calendar_date as period_start, method as member", IN_SCORECARD),
        of_scorecard("day", "method", IN_SCORECARD),
        "This table and the scorecard tell two stories of the same day and method: look at the "
        "models of measures and of this mart.",
    ),
    quotients_of_parts(RATES),
    impossible(
        "nothing_is_out_of_range",
        f"""
        calendar_date > (select as_of from expected.settings)
        or least({", ".join(COUNTS)}) < 0
        or greatest(quality_leads, qualified_leads) > leads
        or acquisition_cost <> ad_spend + process_cost
        or contribution <> gross_profit - acquisition_cost - sales_cost - retention_cost
        """,
        "A number cannot be: a part above its whole, a count below 0, a sum that is none, or a "
        "day that was not asked for.",
    ),
)

"""The KPI dictionary's tables as data: how each KPI is made of measures."""

from dataclasses import dataclass

DIMENSIONS = ("all", "method", "campaign", "unit", "employee")
ACQUISITION = ("all", "method", "campaign")
SALES = ("all", "method", "unit", "employee")
RETENTION = ("all", "method")
CHAIN = ("all", "method")

MATURITY = -1  # the business's own maturity_days


@dataclass(frozen=True)
class Kpi:
    """One row of the dictionary.

    A count or an amount is `parts` alone, a quotient is `parts` / `per`. Each is a sum of signed
    measures: "gross_profit -sales_costs". A median has `median_of`; the rest are computed apart.
    """

    name: str
    dimensions: tuple[str, ...]
    unit: str
    better: str
    parts: str = ""
    per: str = ""
    median_of: str = ""
    cohort_days: int | None = None
    is_proportion: bool = False

    @property
    def is_additive(self) -> bool:
        """Whether it is a count or an amount (its value stands as numerator)."""
        return bool(self.parts) and not self.per


def _proportion(
    name: str,
    dimensions: tuple[str, ...],
    better: str,
    parts: str,
    per: str,
    cohort_days: int | None = None,
) -> Kpi:
    """A part of a whole, heads by heads: the KPIs that have a Wilson interval."""
    return Kpi(
        name=name,
        dimensions=dimensions,
        unit="ratio",
        better=better,
        parts=parts,
        per=per,
        cohort_days=cohort_days,
        is_proportion=True,
    )


ACQUISITION_COST = "ad_spend acquisition_costs"
RETENTION_COST = "loyalty_costs retention_costs"

_ALL = (
    Kpi("contacts", ACQUISITION, "count", "up", "contacts"),
    Kpi("leads", ACQUISITION, "count", "up", "leads"),
    Kpi("duplicate_leads", ACQUISITION, "count", "down", "duplicate_leads"),
    Kpi("acquisition_cost", ACQUISITION, "money", "down", ACQUISITION_COST),
    Kpi("cost_per_lead", ACQUISITION, "money", "down", ACQUISITION_COST, "leads"),
    Kpi("quality_leads", ACQUISITION, "count", "up", "quality_leads"),
    _proportion("lead_quality_rate", ACQUISITION, "up", "quality_leads", "leads"),
    Kpi("cost_per_quality_lead", ACQUISITION, "money", "down", ACQUISITION_COST, "quality_leads"),
    Kpi("ad_spend", ACQUISITION, "money", "down", "ad_spend"),
    Kpi("impressions", ACQUISITION, "count", "up", "impressions"),
    Kpi("clicks", ACQUISITION, "count", "up", "clicks"),
    _proportion("click_through_rate", ACQUISITION, "up", "clicks", "impressions"),
    Kpi("cost_per_click", ACQUISITION, "money", "down", "ad_spend", "clicks"),
    Kpi("qualified_leads", SALES, "count", "up", "qualified_leads"),
    _proportion("filter_pass_rate", SALES, "up", "qualified_leads", "leads"),
    Kpi("ignored_leads", SALES, "count", "down", "ignored_leads"),
    _proportion("ignored_lead_rate", SALES, "down", "ignored_leads", "contactable_leads"),
    Kpi("wasted_leads", SALES, "count", "down", "wasted_leads"),
    _proportion("wasted_lead_rate", SALES, "down", "wasted_leads", "cut_leads"),
    Kpi("hours_to_first_contact", SALES, "hours", "down", median_of="hours_to_first_contact"),
    Kpi("new_customers", SALES, "count", "up", "new_customers"),
    _proportion("lead_to_customer_rate", SALES, "up", "won_leads", "leads", cohort_days=MATURITY),
    _proportion(
        "qualified_to_customer_rate",
        SALES,
        "up",
        "won_qualified_leads",
        "qualified_leads",
        cohort_days=MATURITY,
    ),
    Kpi(
        "days_to_customer",
        SALES,
        "days",
        "down",
        median_of="days_to_customer",
        cohort_days=MATURITY,
    ),
    Kpi("sales_cost", SALES, "money", "down", "sales_costs"),
    Kpi("sales_cost_per_customer", SALES, "money", "down", "sales_costs", "new_customers"),
    _proportion(
        "customer_quality", SALES, "up", "customers_back_in_90d", "new_customers", cohort_days=90
    ),
    Kpi("refund_rate", SALES, "ratio", "down", "refunded_amounts", "refundable_amounts"),
    Kpi(
        "profit_90d_per_customer",
        SALES,
        "money",
        "up",
        "profit_90d",
        "new_customers",
        cohort_days=90,
    ),
    Kpi("customer_base", RETENTION, "count", "up", "customer_base"),
    Kpi("active_customers", RETENTION, "count", "up", "active_customers"),
    Kpi("repeat_customers", RETENTION, "count", "up", "people_with_two_orders"),
    _proportion(
        "repeat_purchase_rate", RETENTION, "up", "people_with_two_orders", "people_with_an_order"
    ),
    *(
        _proportion(
            f"repeat_rate_{days}d",
            RETENTION,
            "up",
            f"people_back_in_{days}d",
            "first_orders",
            cohort_days=days,
        )
        for days in (30, 90, 365)
    ),
    Kpi("retention_cost", RETENTION, "money", "down", RETENTION_COST),
    Kpi("retention_cost_per_customer", RETENTION, "money", "down", RETENTION_COST, "customer_base"),
    Kpi("revenue", RETENTION, "money", "up", "revenue"),
    Kpi("revenue_per_customer", RETENTION, "money", "up", "people_revenue", "active_customers"),
    Kpi("gross_profit", RETENTION, "money", "up", "gross_profit"),
    Kpi("profit_per_customer", RETENTION, "money", "up", "people_profit", "active_customers"),
    Kpi("orders", RETENTION, "count", "up", "orders"),
    Kpi("average_order_value", RETENTION, "money", "up", "revenue", "orders"),
    Kpi("loyalty_members", RETENTION, "count", "up", "loyalty_members"),
    _proportion("loyalty_member_rate", RETENTION, "up", "loyalty_members", "customer_base"),
    Kpi("redemption_rate", RETENTION, "ratio", "up", "points_redeemed", "points_earned"),
    Kpi("lead_cost_per_customer", CHAIN, "money", "down", ACQUISITION_COST, "new_customers"),
    Kpi("total_cost_per_customer", CHAIN, "money", "down"),
    Kpi(
        "contribution",
        CHAIN,
        "money",
        "up",
        "gross_profit -ad_spend -acquisition_costs -sales_costs -loyalty_costs -retention_costs",
    ),
    Kpi("profit_to_cost", CHAIN, "ratio", "up", cohort_days=365),
    Kpi("payback_months", CHAIN, "months", "down", cohort_days=MATURITY),
)

KPIS = {kpi.name: kpi for kpi in _ALL}

"""kpi.unit_economics: each month's customers and costs, as core and the scorecard have them."""

from expectations.reconciliation import in_rows, of_scorecard, quotients_of_parts, same_amounts
from expectations.rule import Rule, impossible

IN_SCORECARD = {
    "new_customers": "customers",
    "acquisition_cost": "acquisition_cost",
    "sales_cost": "sales_cost",
}
RATES = {
    "cost_per_customer": ("whole_cost", "customers"),
    "winning_cost_per_customer": ("winning_cost", "customers"),
    "revenue_per_customer": ("net_revenue", "customers"),
    "profit_per_customer": ("gross_profit", "customers"),
    "profit_90d_per_customer": ("profit_90d", "customers"),
    "profit_to_cost": ("gross_profit", "whole_cost"),
}

RULES = (
    same_amounts(
        "months_and_methods_are_the_scorecard_s",
        "period_start, member",
        in_rows("cohort_month as period_start, method as member", IN_SCORECARD),
        of_scorecard("month", "method", IN_SCORECARD),
        "This table and the scorecard tell two stories of the same month and method: look at the "
        "models of measures and of this mart.",
    ),
    same_amounts(
        "sales_to_date_are_those_of_the_customers_in_core",
        "cohort_month, method",
        in_rows(
            "cohort_month, method",
            {"orders": "orders", "net_revenue": "net_revenue", "gross_profit": "gross_profit"},
        ),
        in_rows(
            "cast(date_trunc('month', customer_since_date) as date) as cohort_month, method",
            {"orders": "orders", "net_revenue": "net_revenue", "gross_profit": "gross_profit"},
            "core.customers",
        ),
        "Customers have bought for another sum than stands here: compare the rows kept with "
        "core.customers.",
    ),
    Rule(
        "cohorts_pay_back_as_the_scorecard_says",
        """
        with judged as (
            select
                period_start, member,
                max(numerator) filter (kpi = 'profit_to_cost') as gross_profit,
                max(denominator) filter (kpi = 'profit_to_cost') as whole_cost,
                max(value) filter (kpi = 'payback_months') as payback_months,
                bool_and(is_mature) filter (kpi = 'profit_to_cost') as is_mature
            from kpi.scorecard
            where period_grain = 'month' and dimension = 'method'
            group by all
        )
        select mart.*, judged.*
        from mart left join judged
            on judged.period_start = mart.cohort_month and judged.member = mart.method
        where coalesce(judged.gross_profit, 0) <> mart.gross_profit
            or coalesce(judged.whole_cost, 0) <> mart.whole_cost
            or judged.payback_months is distinct from mart.payback_months
            or judged.is_mature <> mart.is_mature
        """,
        "A cohort pays back in another time, or costs another sum, than the scorecard says: look "
        "at the model of cohorts.",
    ),
    quotients_of_parts(RATES),
    impossible(
        "nothing_is_out_of_range",
        """
        winning_cost <> acquisition_cost + sales_cost
        or whole_cost <> winning_cost + retention_cost
        or least(customers, orders) < 0 or orders < customers
        or payback_months not between 1 and months_observed + 1
        or months_observed is distinct from
            date_diff('month', cohort_month, (select as_of + 1 from expected.settings))
        """,
        "A number cannot be: a sum that is none, customers without an order, or a payback that "
        "lies in the future.",
    ),
)

"""sales.employees_monthly: the scorecard's months by unit and employee, side by side."""

from expectations.reconciliation import ROUNDING, in_rows, quotients_of_parts, same_amounts
from expectations.rule import Rule, impossible

RATES = {
    "filter_pass_rate": ("qualified_leads", "leads"),
    "ignored_lead_rate": ("ignored_leads", "leads_due_for_contact"),
    "wasted_lead_rate": ("wasted_leads", "cut_leads"),
    "lead_to_customer_rate": ("won_leads", "leads"),
    "qualified_to_customer_rate": ("won_qualified_leads", "qualified_leads"),
    "sales_cost_per_customer": ("sales_cost", "new_customers"),
    "refund_rate": ("refunded", "gross_sold"),
    "profit_90d_per_customer": ("profit_90d", "new_customers"),
    "customer_quality": ("customers_back_in_90d", "new_customers"),
}
COUNTS = (
    "leads",
    "qualified_leads",
    "cut_leads",
    "ignored_leads",
    "leads_due_for_contact",
    "wasted_leads",
    "won_leads",
    "won_qualified_leads",
    "new_customers",
    "customers_back_in_90d",
)
# Both parts of every rate, by the name of the rate; "/" marks what stands below the line.
PARTS = {
    **{rate: numerator for rate, (numerator, _) in RATES.items()},
    **{f"/ {rate}": denominator for rate, (_, denominator) in RATES.items()},
}


def _in_scorecard(part: str) -> str:
    """Return the SQL of the months' numerators or denominators of all rates."""
    named = "kpi" if part == "numerator" else "'/ ' || kpi"
    return f"""
        select period_start as month, dimension, member, {named} as kpi, {part} as amount
        from kpi.scorecard
        where period_grain = 'month' and dimension in ('unit', 'employee')
            and kpi in {tuple(RATES)}
    """


def _by_member(dimension: str) -> str:
    return in_rows(f"month, '{dimension}' as dimension, {dimension} as member", PARTS)


def _median(moment: str, microseconds_per_unit: int) -> str:
    elapsed = f"date_diff('microsecond', created_at, {moment})"
    return f"median({elapsed}) / cast({microseconds_per_unit} as double)"


RULES = (
    same_amounts(
        "months_and_members_are_the_scorecard_s",
        "month, dimension, member",
        f"{_by_member('unit')} union all {_by_member('employee')}",
        f"{_in_scorecard('numerator')} union all {_in_scorecard('denominator')}",
        "This table and the scorecard tell two stories of the same unit or employee: look at the "
        "models of sales' measures and of this mart.",
    ),
    Rule(
        "waiting_times_are_those_of_core",
        f"""
        with core as (
            select
                cast(date_trunc('month', lead_date) as date) as month,
                coalesce(unit, '(none)') as unit,
                coalesce(employee, '(none)') as employee,
                count(*) as leads,
                {_median("first_activity_at", 3_600_000_000)} as hours,
                {_median("customer_since", 86_400_000_000)} as days
            from core.leads where is_lead group by all
        )
        select month, unit, employee, core.leads, mart.leads as leads_shown,
            hours, hours_to_first_contact, days, days_to_customer
        from core full join mart using (month, unit, employee)
        where coalesce(core.leads, 0) is distinct from mart.leads
            or (hours is null) <> (hours_to_first_contact is null)
            or (days is null) <> (days_to_customer is null)
            or abs(hours - hours_to_first_contact) > {ROUNDING} * greatest(1, abs(hours))
            or abs(days - days_to_customer) > {ROUNDING} * greatest(1, abs(days))
        """,
        "Leads of a seller, or the hours and days that they waited, are not those of core: look at "
        "the model of lead durations.",
    ),
    quotients_of_parts(RATES),
    impossible(
        "nothing_is_out_of_range",
        f"""
        month > (select as_of from expected.settings)
        or month <> date_trunc('month', month)
        or least({", ".join(COUNTS)}, hours_to_first_contact) < 0
        or qualified_leads + cut_leads <> leads
        or ignored_leads > leads_due_for_contact or leads_due_for_contact > qualified_leads
        or wasted_leads > cut_leads
        or won_qualified_leads > least(won_leads, qualified_leads) or won_leads > leads
        or customers_back_in_90d > new_customers
        or is_small <> (leads < 30)
        """,
        "A number cannot be: a part above its whole, a count below 0 or a month that was not "
        "asked for.",
    ),
    Rule(
        "a_month_is_mature_when_its_days_have_passed",
        """
        select mart.*, as_of, maturity_days from mart, expected.settings
        where is_mature
            <> (last_day(month) + cast(maturity_days as integer) <= as_of)
        """,
        "Conversion rates that still move are called final, or the other way round: compare as-of "
        "with maturity_days of business.yml.",
    ),
)

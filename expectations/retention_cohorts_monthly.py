"""retention.cohorts_monthly: every identified order is in one cohort and month, and in no other."""

from expectations.reconciliation import quotients_of_parts, same_amounts
from expectations.rule import Rule, impossible

RATES = {
    "active_share": ("active_people", "people"),
    "repeat_share": ("repeat_people", "people"),
    "revenue_per_head": ("cumulative_net_revenue", "people"),
    "profit_per_head": ("cumulative_gross_profit", "people"),
}
# Each person's months, counted from the first; the second order is new in one of them.
PEOPLE_IN_CORE = """
    select
        person_key,
        date_trunc('month', min(order_date) over (partition by person_key)) as cohort_month,
        date_diff('month', cohort_month, order_date) as months_since,
        net_revenue, gross_profit, person_order_number
    from core.orders where is_completed and person_key is not null
"""

RULES = (
    same_amounts(
        "cohorts_are_those_of_core",
        "cohort_month, months_since",
        """
        select cohort_month, months_since, 'people' as kpi,
            case when months_since = 0 then people else 0 end as amount from mart
        union all select cohort_month, months_since, 'active_people', active_people from mart
        union all select cohort_month, months_since, 'orders', orders from mart
        union all select cohort_month, months_since, 'net_revenue', net_revenue from mart
        union all select cohort_month, months_since, 'gross_profit', gross_profit from mart
        union all select cohort_month, months_since, 'newly_repeating',
            repeat_people - coalesce(lag(repeat_people) over (
                partition by cohort_month order by months_since
            ), 0) from mart
        """,
        f"""
        with placed as ({PEOPLE_IN_CORE})
        select cohort_month, months_since, unnest([
            {{'kpi': 'people', 'amount':
                count(*) filter (person_order_number = 1)::decimal(38, 4)}},
            {{'kpi': 'active_people', 'amount': count(distinct person_key)::decimal(38, 4)}},
            {{'kpi': 'orders', 'amount': count(*)::decimal(38, 4)}},
            {{'kpi': 'net_revenue', 'amount': sum(net_revenue)::decimal(38, 4)}},
            {{'kpi': 'gross_profit', 'amount': sum(gross_profit)::decimal(38, 4)}},
            {{'kpi': 'newly_repeating', 'amount':
                count(*) filter (person_order_number = 2)::decimal(38, 4)}}
        ], recursive := true)
        from placed group by cohort_month, months_since
        """,
        "People or money of core.orders are in another cohort or month, or in none: compare the "
        "rows kept with the people's orders.",
    ),
    Rule(
        "every_cohort_is_followed_up_to_as_of",
        """
        with followed as (
            select
                cohort_month,
                count(*) as months,
                max(months_since) as last_month,
                count(distinct people) as sizes
            from mart group by cohort_month
        )
        select followed.* from followed, expected.settings
        where sizes <> 1 or months <> last_month + 1
            or last_month <> date_diff('month', cohort_month, as_of)
        """,
        "Months are missing from a cohort's life, or its size changes within it: look at the "
        "calendar of months.",
    ),
    Rule(
        "sums_to_date_are_those_of_the_months",
        """
        select * from (
            select
                *,
                sum(net_revenue) over life as revenue_so_far,
                sum(gross_profit) over life as profit_so_far
            from mart window life as (partition by cohort_month order by months_since)
        )
        where cumulative_net_revenue <> revenue_so_far or cumulative_gross_profit <> profit_so_far
        """,
        "What a cohort has brought to date is not the sum of its months: look at the model of this "
        "mart.",
    ),
    quotients_of_parts(RATES),
    impossible(
        "nothing_is_out_of_range",
        """
        people < 1 or months_since < 0 or active_people not between 0 and people
        or repeat_people not between 0 and people or orders < active_people
        or is_mature is distinct from (
            last_day(cohort_month + to_months(cast(months_since as integer)))
            <= (select as_of from expected.settings)
        )
        """,
        "A number cannot be: more people than the cohort has, or a month that is called over "
        "before it is.",
    ),
)

"""retention.loyalty_monthly: the scorecard's programme, and the people's orders in two groups."""

from expectations.reconciliation import in_rows, of_scorecard, quotients_of_parts, same_amounts
from expectations.rule import Rule, impossible

IN_SCORECARD = {
    "customer_base": "customer_base",
    "loyalty_members": "loyalty_members",
    "retention_cost": "retention_cost",
    "active_customers": "active_members + active_non_members",
}
RATES = {
    "loyalty_member_rate": ("loyalty_members", "customer_base"),
    "redemption_rate": ("points_redeemed", "points_earned"),
    "revenue_per_member": ("revenue_of_members", "active_members"),
    "revenue_per_non_member": ("revenue_of_non_members", "active_non_members"),
}

RULES = (
    same_amounts(
        "months_are_the_scorecard_s",
        "period_start",
        in_rows("month as period_start", IN_SCORECARD),
        f"select period_start, kpi, amount from ({of_scorecard('month', 'all', IN_SCORECARD)})",
        "This table and the scorecard tell two stories of the same month: look at the models of "
        "measures and of this mart.",
    ),
    same_amounts(
        "what_happened_in_the_programme_is_the_feed_s",
        "month",
        in_rows(
            "month",
            {
                "enrolled": "enrolled",
                "left": "left_programme",
                "earned": "points_earned",
                "redeemed": "points_redeemed",
                "cost": "loyalty_cost",
            },
        ),
        in_rows(
            "cast(date_trunc('month', event_date) as date) as month",
            {
                "enrolled": "cast(event = 'enrolled' as integer)",
                "left": "cast(event = 'left' as integer)",
                "earned": "case when event = 'earned' then abs(points) end",
                "redeemed": "case when event = 'redeemed' then abs(points) end",
                "cost": "cost_converted",
            },
            "expected.loyalty_events",
        ),
        "Events, points or costs of the programme are not here, or more than once: compare the "
        "months kept with core.loyalty_events.",
    ),
    same_amounts(
        "the_groups_are_those_of_core",
        "month, is_member",
        " union all ".join(
            in_rows(
                f"month, {is_member} as is_member",
                {
                    "people": f"active_{group}",
                    "orders": f"orders_of_{group}",
                    "revenue": f"revenue_of_{group}",
                    "profit": f"profit_of_{group}",
                },
            )
            for group, is_member in (("members", "true"), ("non_members", "false"))
        ),
        """
        with turns as (
            select person_key, event, event_date, happened_at, event_id from core.loyalty_events
            where event in ('enrolled', 'left') and person_key is not null
        ),
        people as (
            select
                person_key, cast(date_trunc('month', order_date) as date) as month,
                count(*) as orders, sum(net_revenue) as revenue, sum(gross_profit) as profit
            from core.orders where is_completed and person_key is not null group by all
        ),
        last_turns as (
            select people.person_key, people.month,
                arg_max(turns.event, (turns.happened_at, turns.event_id)) as event
            from people inner join turns on turns.person_key = people.person_key
                and turns.event_date <= last_day(people.month)
            group by all
        ),
        grouped as (
            select people.*, coalesce(last_turns.event = 'enrolled', false) as is_member
            from people left join last_turns
                on last_turns.person_key = people.person_key and last_turns.month = people.month
        )
        select month, is_member, 'people' as kpi, count(*) as amount from grouped group by all
        union all
        select month, is_member, 'orders', sum(orders) from grouped group by all
        union all
        select month, is_member, 'revenue', sum(revenue) from grouped group by all
        union all
        select month, is_member, 'profit', sum(profit) from grouped group by all
        """,
        "People or their orders are in the wrong one of the two groups: look at the model of "
        "memberships.",
    ),
    Rule(
        "every_month_up_to_as_of_is_there",
        """
        select period_start from kpi.scorecard
        where period_grain = 'month' and dimension = 'all'
        except
        select month from mart
        """,
        "Months are missing, perhaps the newest: look at the model of periods.",
    ),
    quotients_of_parts(RATES),
    impossible(
        "nothing_is_out_of_range",
        """
        loyalty_members not between 0 and customer_base
        or orders_of_members < active_members or orders_of_non_members < active_non_members
        or least(enrolled, left_programme, points_earned, points_redeemed) < 0
        or is_mature is distinct from (last_day(month) <= (select as_of from expected.settings))
        """,
        "A number cannot be: more members than customers, people without an order, or a month "
        "that is called over before it is.",
    ),
)

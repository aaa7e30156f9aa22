"""core.customers: whoever has the agreed number of completed orders, and nobody else."""

from expectations.rule import Rule, impossible, usual_volume

RULES = (
    Rule(
        "customers_are_those_with_enough_orders",
        """
        with people as (
            select
                person_key,
                count(*) as orders,
                sum(net_revenue) as net_revenue,
                sum(gross_profit) as gross_profit,
                list_sort(list({'at': ordered_at, 'id': order_id})) as in_time
            from core.orders where is_completed and person_key is not null
            group by person_key
            having count(*) >= (select completed_orders from expected.settings)
        )
        select
            person_key, mart.orders, people.orders as orders_counted,
            mart.net_revenue, people.net_revenue as net_revenue_counted,
            mart.customer_since, in_time[completed_orders].at as customer_since_counted
        from expected.settings, mart full join people using (person_key)
        where mart.orders is distinct from people.orders
            or mart.net_revenue is distinct from people.net_revenue
            or mart.gross_profit is distinct from people.gross_profit
            or mart.customer_since is distinct from in_time[completed_orders].at
        """,
        "Customers are missing, made up or hold the wrong sums, so every number per customer is "
        "wrong: compare the rows kept with core.orders.",
    ),
    Rule(
        "a_customer_s_lead_is_a_counted_lead",
        """
        select mart.*, leads.is_lead, leads.method as method_of_lead
        from mart left join core.leads as leads on leads.lead_id = mart.lead_id
        where (mart.lead_id is not null and leads.is_lead is distinct from true)
            or mart.method is distinct from
                case when mart.lead_id is null then '(no lead)' else leads.method end
        """,
        "Customers are credited to the wrong method of attracting leads: look at the model of "
        "customers won.",
    ),
    impossible(
        "nobody_is_won_after_as_of",
        "customer_since_date > (select as_of from expected.settings)",
        "The marts hold customers of days that were not asked for: run the build again.",
    ),
    usual_volume("core.customers"),
)

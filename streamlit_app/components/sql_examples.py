"""SQL examples: questions that a business asks and no page answers, to run and to change."""

from dataclasses import dataclass

from reporting.language import say


@dataclass(frozen=True)
class Example:
    """One saved question; its name stands in the address, its title is read by people."""

    name: str
    title: str
    sql: str


def examples() -> dict[str, Example]:
    """Return the saved questions by name, in the visitor's language."""
    titles = {
        "fast_calls": say("Does a fast first call win more customers?"),
        "waiting_leads": say("Which good leads still wait for a first call?"),
        "cut_buyers": say("Which criterion cuts leads that buy anyway?"),
        "methods": say("What did each method cost and bring in the last 90 days?"),
        "second_order": say("How long until the second order, and who never makes one?"),
        "best_customers": say("Who are the 20 best customers, and what won them?"),
        "weekdays": say("On which weekdays do leads ask, and which of them buy?"),
        "process_costs": say("What did each process cost a month, beside the ads?"),
    }
    return {name: Example(name, title, SQL[name].strip()) for name, title in titles.items()}


SQL = {
    "fast_calls": """
-- Counted, qualified leads that are old enough to have become customers.
with waits as (
    select
        customer_since is not null as has_bought,
        date_diff('minute', created_at, first_activity_at) / 60.0 as hours
    from core.leads, ops.settings
    where is_lead and not is_duplicate and is_qualified
        and lead_date <= as_of - maturity_days
)
select
    case
        when hours is null then '5  never'
        when hours <= 4 then '1  within 4 hours'
        when hours <= 24 then '2  within a day'
        when hours <= 72 then '3  within three days'
        else '4  later'
    end as first_contact,
    count(*) as leads,
    count(*) filter (where has_bought) as customers,
    customers / leads as became_customers
from waits
group by all
order by first_contact
""",
    "waiting_leads": """
select
    lead_date, lead_id, method, unit, employee,
    date_diff('day', lead_date, as_of) as days_waiting
from core.leads, ops.settings
where is_lead and not is_duplicate and is_qualified
    and first_activity_at is null
    and lead_date > as_of - 30
order by days_waiting desc, lead_id
""",
    "cut_buyers": """
-- sales.filter_discipline holds each lead once per criterion: add up one criterion at a time.
select
    criterion,
    sum(leads) as cut_leads,
    coalesce(sum(leads) filter (where became_customer), 0) as bought_anyway,
    bought_anyway / cut_leads as share,
    sum(gross_profit) as their_gross_profit
from sales.filter_discipline
where verdict = 'cut'
group by criterion
order by bought_anyway desc, criterion
""",
    "methods": """
select
    method,
    sum(acquisition_cost) as acquisition_cost,
    sum(leads) as leads,
    sum(quality_leads) as good_leads,
    round(sum(acquisition_cost) / nullif(sum(leads), 0), 2) as cost_per_lead,
    sum(new_customers) as new_customers,
    sum(contribution) as contribution
from acquisition.methods_daily, ops.settings
where calendar_date > as_of - 90
group by method
order by acquisition_cost desc
""",
    "second_order": """
-- First orders at least 90 days old, by the method of the lead that won the customer.
with firsts as (
    select person_key, method, ordered_at
    from core.orders, ops.settings
    where is_completed and person_order_number = 1 and order_date <= as_of - 90
),
seconds as (
    select person_key, ordered_at as came_back_at
    from core.orders
    where is_completed and person_order_number = 2
)
select
    method,
    count(*) as people,
    count(came_back_at) as came_back,
    came_back / people as share,
    median(date_diff('day', ordered_at, came_back_at)) as median_days
from firsts left join seconds using (person_key)
group by method
order by people desc, method
""",
    "best_customers": """
select
    person_key, cast(customer_since as date) as customer_since, method, employee,
    orders, net_revenue, gross_profit
from core.customers
order by gross_profit desc, person_key
limit 20
""",
    "weekdays": """
select
    isodow(lead_date) as weekday,
    dayname(lead_date) as name,
    count(*) as asked,
    count(customer_since) as bought,
    bought / asked as share
from core.leads, ops.settings
where is_lead and not is_duplicate and lead_date <= as_of - maturity_days
group by all
order by weekday
""",
    "process_costs": """
select
    cast(date_trunc('month', cost_date) as date) as month,
    sum(amount) filter (where process = 'acquisition') as attracting,
    sum(amount) filter (where process = 'sales') as selling,
    sum(amount) filter (where process = 'retention') as keeping,
    sum(amount) as together
from core.process_cost_shares
group by all
order by month desc
""",
}

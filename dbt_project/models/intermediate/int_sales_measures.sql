with

leads as (

    select
        leads_counted.lead_date as measure_date,
        leads_counted.method,
        coalesce(leads_counted.unit, '(none)') as unit,
        coalesce(leads_counted.employee, '(none)') as employee,
        leads_counted.is_qualified,
        lead_outcomes.is_ignored,
        lead_outcomes.is_wasted,
        lead_outcomes.is_old_enough,
        lead_outcomes.is_contacted_in_time,
        leads_won.lead_id is not null as is_won

    from {{ ref('int_leads_counted') }} as leads_counted

    inner join {{ ref('int_lead_outcomes') }} as lead_outcomes
        on leads_counted.lead_id = lead_outcomes.lead_id
    left join {{ ref('int_leads_won') }} as leads_won
        on leads_counted.lead_id = leads_won.lead_id

),

lead_measures as (

    select
        measure_date,
        method,
        unit,
        employee,
        count(*) as filtered_leads,
        count(case when is_qualified then 1 end) as qualified_leads,
        count(case when not is_qualified then 1 end) as cut_leads,
        count(case when is_ignored then 1 end) as ignored_leads,
        count(case when is_qualified and is_old_enough then 1 end) as leads_due_for_contact,
        count(case when is_wasted then 1 end) as wasted_leads,
        count(case when is_won then 1 end) as won_leads,
        count(case when is_won and is_qualified then 1 end) as won_qualified_leads,
        count(case when is_qualified and is_contacted_in_time then 1 end)
            as leads_contacted_in_time,
        count(case when is_won and is_qualified and is_contacted_in_time then 1 end)
            as won_leads_contacted_in_time

    from leads

    group by
        measure_date,
        method,
        unit,
        employee

),

customers as (

    select * from {{ ref('int_customers_won') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

-- What a customer did in the 90 days after becoming one.
first_90_days as (

    select
        customers.person_key,
        sum(orders.gross_profit) as profit_90d,
        max(
            case when orders.person_order_number > {{ var('completed_orders') }} then 1 else 0 end
        ) as came_back

    from customers

    inner join orders
        on customers.person_key = orders.person_key
        and orders.person_order_number is not null
        and orders.ordered_at >= customers.customer_since
        and {{ microseconds_between('customers.customer_since', 'orders.ordered_at') }}
        <= {{ days_in_microseconds(90) }}

    group by customers.person_key

),

customer_measures as (

    select
        customers.customer_since_date as measure_date,
        customers.method,
        customers.unit,
        customers.employee,
        count(*) as new_customers,
        sum(first_90_days.came_back) as customers_back_in_90d,
        sum(first_90_days.profit_90d) as profit_90d

    from customers

    inner join first_90_days on customers.person_key = first_90_days.person_key

    group by
        customers.customer_since_date,
        customers.method,
        customers.unit,
        customers.employee

),

refund_measures as (

    select
        orders.order_date as measure_date,
        {{ member_of_order('method') }} as method,
        {{ member_of_order('unit') }} as unit,
        {{ member_of_order('employee') }} as employee,
        sum(orders.refunded_converted) as refunded,
        sum(orders.gross_converted) as gross_sold

    from orders

    left join customers on orders.person_key = customers.person_key

    where orders.status in ('completed', 'refunded')

    group by
        orders.order_date,
        {{ member_of_order('method') }},
        {{ member_of_order('unit') }},
        {{ member_of_order('employee') }}

),

cost_measures as (

    select
        cost_date as measure_date,
        method,
        unit,
        employee,
        sum(amount) as sales_cost

    from {{ ref('int_process_cost_shares') }}

    where process = 'sales'

    group by
        cost_date,
        method,
        unit,
        employee

),

{% set dimensions = ['method', 'unit', 'employee'] %}
final as (

    {{ measures_of('lead_measures', [
        'filtered_leads',
        'qualified_leads',
        'cut_leads',
        'ignored_leads',
        'leads_due_for_contact',
        'wasted_leads',
        'won_leads',
        'won_qualified_leads',
        'leads_contacted_in_time',
        'won_leads_contacted_in_time',
    ], dimensions) }}

    union all

    {{ measures_of('customer_measures', [
        'new_customers',
        'customers_back_in_90d',
        'profit_90d',
    ], dimensions) }}

    union all

    {{ measures_of('refund_measures', ['refunded', 'gross_sold'], dimensions) }}

    union all

    {{ measures_of('cost_measures', ['sales_cost'], dimensions) }}

)

select * from final

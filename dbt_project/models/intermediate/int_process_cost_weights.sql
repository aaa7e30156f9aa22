with

leads as (

    select * from {{ ref('int_leads_counted') }}
    where is_lead

),

segments as (

    select * from {{ ref('int_customer_base_segments') }}

),

months as (

    select
        period_start as cost_month,
        counted_until
    from {{ ref('int_periods') }}
    where period_grain = 'month'

),

lead_weights as (

    select
        cast(date_trunc('month', lead_date) as date) as cost_month,
        method,
        coalesce(unit, '(none)') as unit,
        coalesce(employee, '(none)') as employee,
        count(*) as leads,
        count(case when is_qualified then 1 end) as qualified_leads

    from leads

    group by
        cast(date_trunc('month', lead_date) as date),
        method,
        coalesce(unit, '(none)'),
        coalesce(employee, '(none)')

),

-- The base changes by one when a segment begins and when it has ended.
base_changes as (

    select
        cast(date_trunc('month', from_date) as date) as change_month,
        method,
        unit,
        employee,
        1 as change
    from segments

    union all

    select
        cast(date_trunc('month', until_date) as date) as change_month,
        method,
        unit,
        employee,
        -1 as change
    from segments
    where until_date <= {{ as_of() }}

),

monthly_changes as (

    select
        change_month,
        method,
        unit,
        employee,
        sum(change) as change

    from base_changes

    group by
        change_month,
        method,
        unit,
        employee

),

base_weights as (

    select
        months.cost_month,
        monthly_changes.method,
        monthly_changes.unit,
        monthly_changes.employee,
        sum(monthly_changes.change) as customer_base

    from months

    inner join monthly_changes on monthly_changes.change_month <= months.cost_month

    group by
        months.cost_month,
        monthly_changes.method,
        monthly_changes.unit,
        monthly_changes.employee

),

final as (

    select
        'acquisition' as process,
        cost_month,
        method,
        unit,
        employee,
        cast(leads as bigint) as weight
    from lead_weights
    where leads > 0

    union all

    select
        'sales' as process,
        cost_month,
        method,
        unit,
        employee,
        cast(qualified_leads as bigint) as weight
    from lead_weights
    where qualified_leads > 0

    union all

    select
        'retention' as process,
        cost_month,
        method,
        unit,
        employee,
        cast(customer_base as bigint) as weight
    from base_weights
    where customer_base > 0

)

select * from final

with

leads as (

    select
        leads_counted.lead_id,
        leads_counted.lead_date,
        leads_counted.method,
        coalesce(leads_counted.unit, '(none)') as unit,
        coalesce(leads_counted.employee, '(none)') as employee,
        lead_outcomes.microseconds_to_first_activity,
        {{ microseconds_between('leads_counted.created_at', 'leads_won.customer_since') }}
            as microseconds_to_customer

    from {{ ref('int_leads_counted') }} as leads_counted

    inner join {{ ref('int_lead_outcomes') }} as lead_outcomes
        on leads_counted.lead_id = lead_outcomes.lead_id
    left join {{ ref('int_leads_won') }} as leads_won
        on leads_counted.lead_id = leads_won.lead_id

),

-- Elapsed times stay whole numbers of microseconds until the median is known.
final as (

    select
        'hours_to_first_contact' as kpi,
        lead_id,
        lead_date,
        method,
        unit,
        employee,
        microseconds_to_first_activity as microseconds,
        cast(3600000000 as double) as microseconds_per_unit
    from leads
    where microseconds_to_first_activity is not null

    union all

    select
        'days_to_customer' as kpi,
        lead_id,
        lead_date,
        method,
        unit,
        employee,
        microseconds_to_customer as microseconds,
        cast(86400000000 as double) as microseconds_per_unit
    from leads
    where microseconds_to_customer is not null

)

select * from final

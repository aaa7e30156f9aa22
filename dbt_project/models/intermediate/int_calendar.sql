with

-- The first day on which anything of an event feed happened.
first_days as (

    select min(spend_date) as first_day
    from {{ ref('int_ad_spend_judged') }}
    where row_state = 'current'
    union all
    select min(lead_date) as first_day
    from {{ ref('int_leads_judged') }}
    where row_state = 'current'
    union all
    select min(activity_date) as first_day
    from {{ ref('int_lead_activities_judged') }}
    where row_state = 'current'
    union all
    select min(order_date) as first_day
    from {{ ref('int_orders_judged') }}
    where row_state = 'current'
    union all
    select min(event_date) as first_day
    from {{ ref('int_loyalty_events_judged') }}
    where row_state = 'current'
    union all
    select min(period_start) as first_day
    from {{ ref('int_process_costs_judged') }}
    where row_state = 'current'

),

bounds as (

    select min(first_day) as first_day
    from first_days
    having min(first_day) is not null

),

final as (

    {{ each_day('first_day', as_of(), 'bounds') }}

)

select * from final

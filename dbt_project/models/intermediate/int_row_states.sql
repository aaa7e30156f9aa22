with

rows_read as (

    select
        'ad_spend' as feed,
        _source as source,
        row_state,
        spend_date as event_day
    from {{ ref('int_ad_spend_judged') }}

    union all

    select
        'leads' as feed,
        _source as source,
        row_state,
        lead_date as event_day
    from {{ ref('int_leads_judged') }}

    union all

    select
        'lead_activities' as feed,
        _source as source,
        row_state,
        activity_date as event_day
    from {{ ref('int_lead_activities_judged') }}

    union all

    select
        'orders' as feed,
        _source as source,
        row_state,
        order_date as event_day
    from {{ ref('int_orders_judged') }}

    union all

    select
        'loyalty_events' as feed,
        _source as source,
        row_state,
        event_date as event_day
    from {{ ref('int_loyalty_events_judged') }}

    union all

    select
        'process_costs' as feed,
        _source as source,
        row_state,
        period_start as event_day
    from {{ ref('int_process_costs_judged') }}

    union all

    select
        'kpi_targets' as feed,
        _source as source,
        row_state,
        period_start as event_day
    from {{ ref('int_kpi_targets_judged') }}

    union all

    select
        'fx_rates' as feed,
        _source as source,
        row_state,
        rate_date as event_day
    from {{ ref('int_fx_rates_judged') }}

),

-- How many versions of rows went where, and until which day a source tells.
final as (

    select
        feed,
        source,
        row_state,
        count(*) as row_count,
        max(event_day) as latest_day

    from rows_read

    group by
        feed,
        source,
        row_state

)

select * from final

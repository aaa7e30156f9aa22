with

loyalty_events as (

    select * from {{ ref('stg_loyalty_events') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates') }}

),

-- An event that cost nothing needs no rate.
judged as (

    select
        loyalty_events.*,
        {{ converted('loyalty_events.cost') }} as cost_converted,
        coalesce(
            {{ unbelievable_date('happened_at', 'loyalty_events.event_date') }},
            case
                when loyalty_events.cost is not null
                    then {{ missing_rate('loyalty_events.currency', 'loyalty_events.event_date') }}
            end
        ) as _reason

    from loyalty_events

    inner join exchange_rates as int_exchange_rates
        on loyalty_events.currency = int_exchange_rates.currency
        and loyalty_events.event_date = int_exchange_rates.business_date

),

final as (

    select
        *,
        {{ row_state(['event_id'], 'event_date') }} as row_state

    from judged

)

select * from final

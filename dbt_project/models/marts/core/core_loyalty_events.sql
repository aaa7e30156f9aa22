with

loyalty_events as (

    select * from {{ ref('int_loyalty_persons') }}

),

final as (

    select
        event_id,
        person_key,
        customer_id,
        email as email_hash,
        phone as phone_hash,
        happened_at,
        event_date,
        event,
        method,
        points,
        currency,
        cost,
        cost_converted,
        program,
        tier,
        _source

    from loyalty_events

)

select * from final

with

source as (

    select * from {{ source('raw', 'quarantine_loyalty_events') }}

),

final as (

    select
        event_id,
        happened_at,
        event,
        customer_id,
        email,
        phone,
        points,
        cost,
        currency,
        program,
        tier,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

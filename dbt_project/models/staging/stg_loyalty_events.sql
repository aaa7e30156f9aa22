with

source as (

    select * from {{ source('raw', 'loyalty_events') }}

),

final as (

    select
        -- ids
        event_id,
        customer_id,

        -- strings
        event,
        coalesce(currency, '{{ var("business")["currency"] }}') as currency,
        program,
        tier,

        -- keyed hashes
        email,
        phone,

        -- numerics
        points,
        cost,

        -- dates
        {{ business_date('happened_at') }} as event_date,

        -- timestamps
        happened_at,

        -- what the source keeps beside the feed
        extra,

        -- where it came from
        _ids,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

with

source as (

    select * from {{ source('raw', 'leads') }}

),

final as (

    select
        -- ids
        lead_id,
        customer_id,

        -- strings
        lead_event,
        method,
        campaign_id,
        country,
        employee,
        unit,

        -- keyed hashes
        email,
        phone,

        -- booleans
        is_decision_maker,

        -- dates
        {{ business_date('created_at') }} as lead_date,

        -- timestamps
        created_at,
        updated_at,

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

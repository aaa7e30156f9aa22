with

source as (

    select * from {{ source('raw', 'fx_rates') }}

),

final as (

    select
        -- strings
        currency,

        -- numerics
        rate,

        -- dates
        rate_date,

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

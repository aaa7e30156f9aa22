with

source as (

    select * from {{ source('raw', 'process_costs') }}

),

final as (

    select
        -- ids
        cost_id,

        -- strings
        process,
        method,
        unit,
        employee,
        category,
        currency,

        -- numerics
        amount,

        -- dates
        period_start,
        period_end,

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

with

source as (

    select * from {{ source('raw', 'kpi_targets') }}

),

final as (

    select
        -- strings
        kpi,
        coalesce(dimension, 'all') as dimension,
        coalesce(member, 'all') as member,

        -- numerics
        target,

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

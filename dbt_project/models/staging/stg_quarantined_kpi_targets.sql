with

source as (

    select * from {{ source('raw', 'quarantine_kpi_targets') }}

),

final as (

    select
        kpi,
        dimension,
        member,
        period_start,
        period_end,
        target,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

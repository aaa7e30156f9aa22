with

kpi_targets as (

    select * from {{ ref('int_kpi_targets_judged') }}
    where row_state = 'current'

),

final as (

    select
        kpi,
        dimension,
        member,
        period_start,
        period_end,
        target,
        _source

    from kpi_targets

)

select * from final

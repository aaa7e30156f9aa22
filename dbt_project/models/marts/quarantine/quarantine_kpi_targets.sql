with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_kpi_targets') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_kpi_targets_judged') }}
    where row_state = 'quarantined'

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
    from unreadable

    union all

    select
        cast(kpi as {{ dbt.type_string() }}) as kpi,
        cast(dimension as {{ dbt.type_string() }}) as dimension,
        cast(member as {{ dbt.type_string() }}) as member,
        cast(period_start as {{ dbt.type_string() }}) as period_start,
        cast(period_end as {{ dbt.type_string() }}) as period_end,
        cast(target as {{ dbt.type_string() }}) as target,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

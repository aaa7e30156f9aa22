with

-- Targets of the future are no events: they are excepted from the bounds of dates.
judged as (

    select
        *,
        cast(null as {{ dbt.type_string() }}) as _reason

    from {{ ref('stg_kpi_targets') }}

),

final as (

    select
        *,
        {{ row_state(
            ['kpi', 'dimension', 'member', 'period_start', 'period_end'],
            'period_start',
        ) }} as row_state

    from judged

)

select * from final

with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_process_costs') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_process_costs_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        cost_id,
        period_start,
        period_end,
        process,
        method,
        unit,
        employee,
        category,
        amount,
        currency,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(cost_id as {{ dbt.type_string() }}) as cost_id,
        cast(period_start as {{ dbt.type_string() }}) as period_start,
        cast(period_end as {{ dbt.type_string() }}) as period_end,
        cast(process as {{ dbt.type_string() }}) as process,
        cast(method as {{ dbt.type_string() }}) as method,
        cast(unit as {{ dbt.type_string() }}) as unit,
        cast(employee as {{ dbt.type_string() }}) as employee,
        cast(category as {{ dbt.type_string() }}) as category,
        cast(amount as {{ dbt.type_string() }}) as amount,
        cast(currency as {{ dbt.type_string() }}) as currency,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

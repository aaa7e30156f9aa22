with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_fx_rates') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_fx_rates_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        rate_date,
        currency,
        rate,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(rate_date as {{ dbt.type_string() }}) as rate_date,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(rate as {{ dbt.type_string() }}) as rate,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

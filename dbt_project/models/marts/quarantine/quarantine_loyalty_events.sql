with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_loyalty_events') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_loyalty_events_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        event_id,
        happened_at,
        event,
        customer_id,
        email,
        phone,
        points,
        cost,
        currency,
        program,
        tier,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(event_id as {{ dbt.type_string() }}) as event_id,
        cast(happened_at as {{ dbt.type_string() }}) as happened_at,
        cast(event as {{ dbt.type_string() }}) as event,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(email as {{ dbt.type_string() }}) as email,
        cast(phone as {{ dbt.type_string() }}) as phone,
        cast(points as {{ dbt.type_string() }}) as points,
        cast(cost as {{ dbt.type_string() }}) as cost,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(program as {{ dbt.type_string() }}) as program,
        cast(tier as {{ dbt.type_string() }}) as tier,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

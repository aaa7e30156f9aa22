with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_leads') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_leads_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        lead_id,
        created_at,
        updated_at,
        lead_event,
        method,
        campaign_id,
        customer_id,
        email,
        phone,
        is_decision_maker,
        country,
        employee,
        unit,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(lead_id as {{ dbt.type_string() }}) as lead_id,
        cast(created_at as {{ dbt.type_string() }}) as created_at,
        cast(updated_at as {{ dbt.type_string() }}) as updated_at,
        cast(lead_event as {{ dbt.type_string() }}) as lead_event,
        cast(method as {{ dbt.type_string() }}) as method,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(email as {{ dbt.type_string() }}) as email,
        cast(phone as {{ dbt.type_string() }}) as phone,
        cast(is_decision_maker as {{ dbt.type_string() }}) as is_decision_maker,
        cast(country as {{ dbt.type_string() }}) as country,
        cast(employee as {{ dbt.type_string() }}) as employee,
        cast(unit as {{ dbt.type_string() }}) as unit,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

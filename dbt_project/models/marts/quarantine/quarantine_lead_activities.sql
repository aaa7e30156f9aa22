with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_lead_activities') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_lead_activities_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        activity_id,
        lead_id,
        happened_at,
        activity,
        employee,
        reason,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(activity_id as {{ dbt.type_string() }}) as activity_id,
        cast(lead_id as {{ dbt.type_string() }}) as lead_id,
        cast(happened_at as {{ dbt.type_string() }}) as happened_at,
        cast(activity as {{ dbt.type_string() }}) as activity,
        cast(employee as {{ dbt.type_string() }}) as employee,
        cast(reason as {{ dbt.type_string() }}) as reason,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

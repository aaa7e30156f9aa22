with

source as (

    select * from {{ source('raw', 'quarantine_lead_activities') }}

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

    from source

)

select * from final

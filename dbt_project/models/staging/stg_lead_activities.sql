with

source as (

    select * from {{ source('raw', 'lead_activities') }}

),

final as (

    select
        -- ids
        activity_id,
        lead_id,

        -- strings
        activity,
        employee,
        reason,

        -- dates
        {{ business_date('happened_at') }} as activity_date,

        -- timestamps
        happened_at,

        -- what the source keeps beside the feed
        extra,

        -- where it came from
        _ids,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

with

lead_activities as (

    select * from {{ ref('stg_lead_activities') }}

),

judged as (

    select
        *,
        {{ unbelievable_date('happened_at', 'activity_date') }} as _reason

    from lead_activities

),

final as (

    select
        *,
        {{ row_state(['activity_id'], 'activity_date') }} as row_state

    from judged

)

select * from final

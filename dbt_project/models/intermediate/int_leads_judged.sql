with

leads as (

    select * from {{ ref('stg_leads') }}

),

judged as (

    select
        *,
        {{ unbelievable_date('created_at', 'lead_date') }} as _reason

    from leads

),

final as (

    select
        *,
        {{ row_state(['lead_id'], 'lead_date', 'updated_at') }} as row_state

    from judged

)

select * from final

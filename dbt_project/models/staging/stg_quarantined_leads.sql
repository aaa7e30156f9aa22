with

source as (

    select * from {{ source('raw', 'quarantine_leads') }}

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

    from source

)

select * from final

with

lead_activities as (

    select * from {{ ref('int_lead_activities_judged') }}
    where row_state = 'current'

),

leads as (

    select * from {{ ref('int_leads_counted') }}

),

final as (

    select
        lead_activities.activity_id,
        lead_activities.lead_id,
        leads.counted_lead_id,
        lead_activities.happened_at,
        lead_activities.activity_date,
        lead_activities.activity,
        lead_activities.employee,
        lead_activities.reason,
        lead_activities._source

    from lead_activities

    left join leads on lead_activities.lead_id = leads.lead_id

)

select * from final

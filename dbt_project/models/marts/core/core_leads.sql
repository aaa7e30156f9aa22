with

leads as (

    select * from {{ ref('int_leads_counted') }}

),

lead_outcomes as (

    select * from {{ ref('int_lead_outcomes') }}

),

leads_won as (

    select * from {{ ref('int_leads_won') }}

),

final as (

    select
        leads.lead_id,
        leads.person_key,
        leads.created_at,
        leads.lead_date,
        leads.updated_at,
        leads.lead_event,
        leads.method,
        leads.campaign_id,
        leads.customer_id,
        leads.email as email_hash,
        leads.phone as phone_hash,
        leads.is_decision_maker,
        leads.country,
        leads.employee,
        leads.unit,
        leads.extra,
        leads.is_lead,
        leads.is_duplicate,
        leads.counted_lead_id,
        leads.is_quality,
        leads.is_qualified,
        leads.cut_by,
        lead_outcomes.first_activity_at,
        coalesce(lead_outcomes.is_ignored, false) as is_ignored,
        coalesce(lead_outcomes.is_wasted, false) as is_wasted,
        leads_won.customer_since,
        leads._source

    from leads

    left join lead_outcomes on leads.lead_id = lead_outcomes.lead_id
    left join leads_won on leads.lead_id = leads_won.lead_id

)

select * from final

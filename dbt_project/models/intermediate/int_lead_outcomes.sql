with

leads as (

    select * from {{ ref('int_leads_counted') }}

),

-- What was done with a duplicate was done for the lead that it repeats.
activities as (

    select
        leads.counted_lead_id,
        activities_judged.happened_at,
        activities_judged.activity

    from {{ ref('int_lead_activities_judged') }} as activities_judged

    inner join leads on activities_judged.lead_id = leads.lead_id

    where activities_judged.row_state = 'current'

),

counted_leads as (

    select
        lead_id,
        created_at,
        is_qualified
    from leads
    where is_lead

),

worked as (

    select
        counted_leads.lead_id,
        min(
            case
                when activities.happened_at >= counted_leads.created_at
                    then activities.happened_at
            end
        ) as first_activity_at,
        bool_or(activities.activity = 'meeting') as has_meeting,
        bool_or(activities.activity = 'offer') as has_offer

    from counted_leads

    inner join activities on counted_leads.lead_id = activities.counted_lead_id

    group by counted_leads.lead_id

),

final as (

    select
        counted_leads.lead_id,
        worked.first_activity_at,
        {{ microseconds_between('counted_leads.created_at', 'worked.first_activity_at') }}
            as microseconds_to_first_activity,
        {{ microseconds_between('counted_leads.created_at', as_of_moment()) }}
        >= {{ hours_in_microseconds(var('first_contact_hours')) }} as is_old_enough,
        coalesce(
            {{ microseconds_between('counted_leads.created_at', 'worked.first_activity_at') }}
            <= {{ hours_in_microseconds(var('first_contact_hours')) }},
            false
        ) as is_contacted_in_time,
        counted_leads.is_qualified and is_old_enough and not is_contacted_in_time as is_ignored,
        case
            when worked.has_offer then 'offer'
            when worked.has_meeting then 'meeting'
            when is_contacted_in_time then 'contacted_in_time'
            when worked.first_activity_at is not null then 'contacted_late'
            else 'nothing'
        end as done,
        not counted_leads.is_qualified and done in ('meeting', 'offer') as is_wasted

    from counted_leads

    left join worked on counted_leads.lead_id = worked.lead_id

)

select * from final

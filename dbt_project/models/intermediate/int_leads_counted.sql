with

-- A lead without anything that can be matched is its own person.
leads as (

    select
        leads_judged.*,
        coalesce(
            record_persons.person_key,
            {{ dbt.hash("'lead:' || leads_judged.lead_id") }}
        ) as person_key,
        leads_judged.lead_event in ({{ texts(var('lead_events')) }})
        and (
            leads_judged.lead_event != 'decision_maker_interest'
            or coalesce(leads_judged.is_decision_maker, false)
        ) as is_explicit

    from {{ ref('int_leads_judged') }} as leads_judged

    left join {{ ref('int_record_persons') }} as record_persons
        on leads_judged.lead_id = record_persons.record_id
        and record_persons.record_kind = 'lead'

    where leads_judged.row_state = 'current'

),

-- Each row that meets the definition looks at the one before it, itself a duplicate or not.
explicit_leads as (

    select
        lead_id,
        person_key,
        created_at,
        lag(created_at) over person_leads as previous_created_at

    from leads

    where is_explicit

    window person_leads as (
        partition by person_key
        order by created_at, lead_id
    )

),

marked as (

    select
        lead_id,
        person_key,
        created_at,
        previous_created_at is not null
        and {{ microseconds_between('previous_created_at', 'created_at') }}
        < {{ days_in_microseconds(var('lead_dedup_days')) }} as is_duplicate

    from explicit_leads

),

chains as (

    select
        lead_id,
        person_key,
        created_at,
        is_duplicate,
        sum(case when is_duplicate then 0 else 1 end) over (
            partition by person_key
            order by created_at, lead_id
            rows between unbounded preceding and current row
        ) as chain_number

    from marked

),

-- A duplicate repeats the counted lead that began its chain.
counted as (

    select
        lead_id,
        is_duplicate,
        first_value(lead_id) over (
            partition by person_key, chain_number
            order by created_at, lead_id
        ) as counted_lead_id

    from chains

),

verdicts as (

    select
        lead_id,
        {{ criteria_verdicts('target_audience', 'is_quality', 'missed_by') }},
        {{ criteria_verdicts('lead_filter', 'is_qualified', 'cut_by') }},
        {{ verdicts_in_order('lead_filter', 'cut_by') }} as filter_verdicts

    from leads

),

final as (

    select
        leads.*,
        counted.lead_id is not null and not counted.is_duplicate as is_lead,
        coalesce(counted.is_duplicate, false) as is_duplicate,
        counted.counted_lead_id,
        verdicts.is_quality,
        verdicts.is_qualified,
        verdicts.cut_by,
        verdicts.filter_verdicts

    from leads

    left join counted on leads.lead_id = counted.lead_id
    left join verdicts on leads.lead_id = verdicts.lead_id

)

select * from final

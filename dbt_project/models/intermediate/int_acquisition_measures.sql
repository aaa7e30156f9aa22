with

leads as (

    select * from {{ ref('int_leads_counted') }}

),

ad_spend as (

    select * from {{ ref('int_ad_spend_judged') }}
    where row_state = 'current'

),

cost_shares as (

    select * from {{ ref('int_process_cost_shares') }}
    where process = 'acquisition'

),

lead_measures as (

    select
        lead_date as measure_date,
        method,
        coalesce(campaign_id, '(none)') as campaign,
        count(*) as contacts,
        count(case when is_lead then 1 end) as leads,
        count(case when is_duplicate then 1 end) as duplicate_leads,
        count(case when is_lead and is_quality then 1 end) as quality_leads

    from leads

    group by
        lead_date,
        method,
        coalesce(campaign_id, '(none)')

),

spend_measures as (

    select
        spend_date as measure_date,
        method,
        coalesce(nullif(campaign_id, ''), '(none)') as campaign,
        sum(amount) as ad_spend,
        sum(impressions) as impressions,
        sum(clicks) as clicks

    from ad_spend

    group by
        spend_date,
        method,
        coalesce(nullif(campaign_id, ''), '(none)')

),

final as (

    {{ measures_of(
        'lead_measures',
        ['contacts', 'leads', 'duplicate_leads', 'quality_leads'],
        ['method', 'campaign'],
    ) }}

    union all

    {{ measures_of(
        'spend_measures',
        ['ad_spend', 'impressions', 'clicks'],
        ['method', 'campaign'],
    ) }}

    union all

    -- Acquisition costs what the ads cost and what the ledger says.
    {{ measures_of('spend_measures', [('ad_spend', 'acquisition_cost')], ['method', 'campaign']) }}

    union all

    select
        'acquisition_cost' as measure,
        cost_date as measure_date,
        method,
        '(no campaign)' as campaign,
        cast(null as {{ dbt.type_string() }}) as unit,
        cast(null as {{ dbt.type_string() }}) as employee,
        cast(amount as decimal(38, 4)) as amount
    from cost_shares

)

select * from final

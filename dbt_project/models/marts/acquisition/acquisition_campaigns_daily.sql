with

{% set counts = [
    'contacts',
    'leads',
    'duplicate_leads',
    'quality_leads',
    'impressions',
    'clicks',
] %}
{% set amounts = ['ad_spend', 'acquisition_cost'] %}
measures as (

    select
        measure,
        measure_date,
        method,
        campaign,
        sum(amount) as amount

    from {{ ref('int_acquisition_measures') }}

    group by
        measure,
        measure_date,
        method,
        campaign

    having sum(amount) != 0

),

days as (

    select
        measure_date as calendar_date,
        method,
        campaign,
        {{ measures_as_columns(counts, 'bigint') }},
        {{ measures_as_columns(amounts, 'decimal(18, 4)') }}

    from measures

    group by
        measure_date,
        method,
        campaign

),

final as (

    select
        calendar_date,
        cast(method as {{ dbt.type_string() }}) as method,
        cast(campaign as {{ dbt.type_string() }}) as campaign,
        contacts,
        leads,
        duplicate_leads,
        quality_leads,
        impressions,
        clicks,
        ad_spend,
        cast(acquisition_cost - ad_spend as decimal(18, 4)) as process_cost,
        acquisition_cost,
        {{ quotient('acquisition_cost', 'leads') }} as cost_per_lead,
        {{ quotient('acquisition_cost', 'quality_leads') }} as cost_per_quality_lead,
        {{ quotient('quality_leads', 'leads') }} as lead_quality_rate,
        {{ quotient('clicks', 'impressions') }} as click_through_rate,
        {{ quotient('ad_spend', 'clicks') }} as cost_per_click

    from days

)

select * from final

with

{% set counts = [
    'contacts',
    'leads',
    'duplicate_leads',
    'quality_leads',
    'impressions',
    'clicks',
    'qualified_leads',
    'new_customers',
    'orders',
] %}
{% set amounts = [
    'ad_spend',
    'acquisition_cost',
    'sales_cost',
    'retention_cost',
    'revenue',
    'gross_profit',
    'contribution',
] %}
measures as (

    select * from {{ ref('int_measures') }}
    where
        dimension = 'method'
        and measure in ({{ texts(counts + amounts) }})
        and amount != 0

),

days as (

    select
        measure_date as calendar_date,
        member as method,
        {{ measures_as_columns(counts, 'bigint') }},
        {{ measures_as_columns(amounts, 'decimal(18, 4)') }}

    from measures

    group by
        measure_date,
        member

),

final as (

    select
        calendar_date,
        cast(method as {{ dbt.type_string() }}) as method,
        contacts,
        leads,
        duplicate_leads,
        quality_leads,
        impressions,
        clicks,
        ad_spend,
        cast(acquisition_cost - ad_spend as decimal(18, 4)) as process_cost,
        acquisition_cost,
        qualified_leads,
        new_customers,
        sales_cost,
        retention_cost,
        orders,
        revenue as net_revenue,
        gross_profit,
        contribution,
        {{ quotient('acquisition_cost', 'leads') }} as cost_per_lead,
        {{ quotient('acquisition_cost', 'quality_leads') }} as cost_per_quality_lead,
        {{ quotient('quality_leads', 'leads') }} as lead_quality_rate,
        {{ quotient('clicks', 'impressions') }} as click_through_rate,
        {{ quotient('ad_spend', 'clicks') }} as cost_per_click

    from days

)

select * from final

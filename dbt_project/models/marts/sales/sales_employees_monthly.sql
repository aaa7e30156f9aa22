with

{% set counts = [
    'filtered_leads',
    'qualified_leads',
    'cut_leads',
    'ignored_leads',
    'leads_due_for_contact',
    'wasted_leads',
    'won_leads',
    'won_qualified_leads',
    'new_customers',
    'customers_back_in_90d',
] %}
{% set amounts = ['sales_cost', 'gross_sold', 'refunded', 'profit_90d'] %}
month_measures as (

    select
        measure,
        cast(date_trunc('month', measure_date) as date) as month,
        unit,
        employee,
        sum(amount) as amount

    from {{ ref('int_sales_measures') }}

    where measure in ({{ texts(counts + amounts) }})

    group by
        measure,
        cast(date_trunc('month', measure_date) as date),
        unit,
        employee

    having sum(amount) != 0

),

months as (

    select
        month,
        unit,
        employee,
        {{ measures_as_columns(counts, 'bigint') }},
        {{ measures_as_columns(amounts, 'decimal(18, 4)') }}

    from month_measures

    group by
        month,
        unit,
        employee

),

medians as (

    select
        kpi,
        cast(date_trunc('month', lead_date) as date) as month,
        unit,
        employee,
        median(microseconds) / max(microseconds_per_unit) as value

    from {{ ref('int_lead_durations') }}

    group by
        kpi,
        cast(date_trunc('month', lead_date) as date),
        unit,
        employee

),

final as (

    select
        months.month,
        cast(months.unit as {{ dbt.type_string() }}) as unit,
        cast(months.employee as {{ dbt.type_string() }}) as employee,
        {{ days_after(period_end('month', 'months.month'), var('maturity_days')) }}
        <= {{ as_of() }} as is_mature,
        months.filtered_leads < 30 as is_small,
        months.filtered_leads as leads,
        months.qualified_leads,
        months.cut_leads,
        months.ignored_leads,
        months.leads_due_for_contact,
        months.wasted_leads,
        months.won_leads,
        months.won_qualified_leads,
        months.new_customers,
        months.sales_cost,
        months.gross_sold,
        months.refunded,
        months.profit_90d,
        months.customers_back_in_90d,
        cast(hours_to_first_contact.value as double) as hours_to_first_contact,
        cast(days_to_customer.value as double) as days_to_customer,
        {{ quotient('months.qualified_leads', 'months.filtered_leads') }} as filter_pass_rate,
        {{ quotient('months.ignored_leads', 'months.leads_due_for_contact') }}
            as ignored_lead_rate,
        {{ quotient('months.wasted_leads', 'months.cut_leads') }} as wasted_lead_rate,
        {{ quotient('months.won_leads', 'months.filtered_leads') }} as lead_to_customer_rate,
        {{ quotient('months.won_qualified_leads', 'months.qualified_leads') }}
            as qualified_to_customer_rate,
        {{ quotient('months.sales_cost', 'months.new_customers') }} as sales_cost_per_customer,
        {{ quotient('months.refunded', 'months.gross_sold') }} as refund_rate,
        {{ quotient('months.profit_90d', 'months.new_customers') }} as profit_90d_per_customer,
        {{ quotient('months.customers_back_in_90d', 'months.new_customers') }} as customer_quality

    from months

    left join medians as hours_to_first_contact
        on months.month = hours_to_first_contact.month
        and months.unit = hours_to_first_contact.unit
        and months.employee = hours_to_first_contact.employee
        and hours_to_first_contact.kpi = 'hours_to_first_contact'
    left join medians as days_to_customer
        on months.month = days_to_customer.month
        and months.unit = days_to_customer.unit
        and months.employee = days_to_customer.employee
        and days_to_customer.kpi = 'days_to_customer'

)

select * from final

with

cohorts as (

    select * from {{ ref('int_period_cohorts') }}
    where period_grain = 'month' and dimension = 'method'

),

{% set amounts = ['acquisition_cost', 'sales_cost', 'profit_90d'] %}
measures as (

    select
        period_start,
        member,
        {{ measures_as_columns(['new_customers'], 'bigint') }},
        {{ measures_as_columns(amounts, 'decimal(18, 4)') }}

    from {{ ref('int_period_measures') }}

    where
        period_grain = 'month'
        and dimension = 'method'
        and measure in ({{ texts(['new_customers'] + amounts) }})

    group by
        period_start,
        member

),

-- All completed orders of the customers won: those too that came before the one that won them.
sales_to_date as (

    select
        cast(date_trunc('month', customer_since_date) as date) as period_start,
        method as member,
        sum(orders) as orders,
        sum(net_revenue) as net_revenue

    from {{ ref('core_customers') }}

    group by
        cast(date_trunc('month', customer_since_date) as date),
        method

),

-- All methods of a month ripen on the same day.
maturities as (

    select
        period_start,
        is_mature
    from {{ ref('kpi_scorecard') }}
    where kpi = 'profit_to_cost' and period_grain = 'month' and dimension = 'all'

),

cohort_sums as (

    select
        cohorts.period_start as cohort_month,
        cohorts.member as method,
        measures.new_customers as customers,
        measures.acquisition_cost,
        measures.sales_cost,
        cast(cohorts.winning_cost as decimal(18, 4)) as winning_cost,
        cast(cohorts.whole_cost - cohorts.winning_cost as decimal(18, 4)) as retention_cost,
        cast(cohorts.whole_cost as decimal(18, 4)) as whole_cost,
        cast(coalesce(sales_to_date.orders, 0) as bigint) as orders,
        cast(coalesce(sales_to_date.net_revenue, 0) as decimal(18, 4)) as net_revenue,
        cast(cohorts.gross_profit as decimal(18, 4)) as gross_profit,
        measures.profit_90d,
        cast(cohorts.payback_months as bigint) as payback_months,
        maturities.is_mature

    from cohorts

    inner join measures
        on cohorts.period_start = measures.period_start
        and cohorts.member = measures.member
    inner join maturities on cohorts.period_start = maturities.period_start
    left join sales_to_date
        on cohorts.period_start = sales_to_date.period_start
        and cohorts.member = sales_to_date.member

    where
        measures.new_customers != 0
        or measures.acquisition_cost != 0
        or measures.sales_cost != 0

),

final as (

    select
        cohort_month,
        cast(method as {{ dbt.type_string() }}) as method,
        customers,
        acquisition_cost,
        sales_cost,
        winning_cost,
        retention_cost,
        whole_cost,
        orders,
        net_revenue,
        gross_profit,
        profit_90d,
        {{ quotient('whole_cost', 'customers') }} as cost_per_customer,
        {{ quotient('winning_cost', 'customers') }} as winning_cost_per_customer,
        {{ quotient('net_revenue', 'customers') }} as revenue_per_customer,
        {{ quotient('gross_profit', 'customers') }} as profit_per_customer,
        {{ quotient('profit_90d', 'customers') }} as profit_90d_per_customer,
        {{ quotient('gross_profit', 'whole_cost') }} as profit_to_cost,
        payback_months,
        {{ months_between('cohort_month', days_after(as_of(), 1)) }} as months_observed,
        is_mature

    from cohort_sums

)

select * from final

with

period_measures as (

    select * from {{ ref('int_period_measures') }}
    where dimension in ('all', 'method')

),

cohort_profits as (

    select * from {{ ref('int_cohort_profits') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

-- What it cost to win the customers of a period; a cohort without any still has its cost.
winning_costs as (

    select
        period_grain,
        period_start,
        dimension,
        member,
        sum(amount) as winning_cost

    from period_measures

    where measure in ('acquisition_cost', 'sales_cost')

    group by
        period_grain,
        period_start,
        dimension,
        member

),

keeping_costs as (

    select
        period_days.period_grain,
        period_days.period_start,
        costs.dimension,
        costs.member,
        {{ amount_of_fine_parts('sum(costs.fine_keeping_cost)') }} as keeping_cost

    from {{ ref('int_cohort_keeping_costs') }} as costs

    inner join period_days on costs.customer_since_date = period_days.calendar_date

    group by
        period_days.period_grain,
        period_days.period_start,
        costs.dimension,
        costs.member

),

profits_to_date as (

    select
        period_grain,
        period_start,
        dimension,
        member,
        sum(gross_profit) as gross_profit

    from cohort_profits

    group by
        period_grain,
        period_start,
        dimension,
        member

),

cells as (

    select
        period_grain,
        period_start,
        dimension,
        member
    from winning_costs

    union

    select
        period_grain,
        period_start,
        dimension,
        member
    from profits_to_date

),

cohorts as (

    select
        cells.period_grain,
        cells.period_start,
        cells.dimension,
        cells.member,
        profits_to_date.gross_profit is not null as has_customers,
        coalesce(profits_to_date.gross_profit, 0) as gross_profit,
        coalesce(winning_costs.winning_cost, 0) as winning_cost,
        coalesce(winning_costs.winning_cost, 0)
        + coalesce(keeping_costs.keeping_cost, 0) as whole_cost

    from cells

    left join winning_costs
        on cells.period_grain = winning_costs.period_grain
        and cells.period_start = winning_costs.period_start
        and cells.dimension = winning_costs.dimension
        and cells.member = winning_costs.member
    left join keeping_costs
        on cells.period_grain = keeping_costs.period_grain
        and cells.period_start = keeping_costs.period_start
        and cells.dimension = keeping_costs.dimension
        and cells.member = keeping_costs.member
    left join profits_to_date
        on cells.period_grain = profits_to_date.period_grain
        and cells.period_start = profits_to_date.period_start
        and cells.dimension = profits_to_date.dimension
        and cells.member = profits_to_date.member

),

-- The first month is looked at even if nothing was earned in it: a cohort may have cost nothing.
monthly_profits as (

    select
        period_grain,
        period_start,
        dimension,
        member,
        months_after_start,
        gross_profit
    from cohort_profits

    union all

    select
        period_grain,
        period_start,
        dimension,
        member,
        1 as months_after_start,
        0 as gross_profit
    from cohorts
    where has_customers

),

months as (

    select
        period_grain,
        period_start,
        dimension,
        member,
        months_after_start,
        sum(sum(gross_profit)) over (
            partition by period_grain, period_start, dimension, member
            order by months_after_start
        ) as profit_so_far

    from monthly_profits

    group by
        period_grain,
        period_start,
        dimension,
        member,
        months_after_start

),

paybacks as (

    select
        cohorts.period_grain,
        cohorts.period_start,
        cohorts.dimension,
        cohorts.member,
        min(months.months_after_start) as payback_months

    from cohorts

    inner join months
        on cohorts.period_grain = months.period_grain
        and cohorts.period_start = months.period_start
        and cohorts.dimension = months.dimension
        and cohorts.member = months.member
        and months.profit_so_far >= cohorts.winning_cost

    group by
        cohorts.period_grain,
        cohorts.period_start,
        cohorts.dimension,
        cohorts.member

),

final as (

    select
        cohorts.period_grain,
        cohorts.period_start,
        cohorts.dimension,
        cohorts.member,
        cohorts.has_customers,
        cast(cohorts.gross_profit as decimal(38, 4)) as gross_profit,
        cast(cohorts.winning_cost as decimal(38, 4)) as winning_cost,
        cast(cohorts.whole_cost as decimal(38, 4)) as whole_cost,
        paybacks.payback_months

    from cohorts

    left join paybacks
        on cohorts.period_grain = paybacks.period_grain
        and cohorts.period_start = paybacks.period_start
        and cohorts.dimension = paybacks.dimension
        and cohorts.member = paybacks.member

)

select * from final

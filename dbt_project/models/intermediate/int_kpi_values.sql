with

definitions as (

    select * from {{ ref('kpi_definitions') }}

),

period_measures as (

    select * from {{ ref('int_period_measures') }}

),

numerators as (

    select
        definitions.kpi,
        definitions.shape,
        period_measures.period_grain,
        period_measures.period_start,
        period_measures.dimension,
        period_measures.member,
        period_measures.amount

    from definitions

    inner join period_measures
        on definitions.numerator = period_measures.measure
        and ',' || definitions.dimensions || ',' like '%,' || period_measures.dimension || ',%'

    where period_measures.amount != 0

),

denominators as (

    select
        definitions.kpi,
        definitions.shape,
        period_measures.period_grain,
        period_measures.period_start,
        period_measures.dimension,
        period_measures.member,
        period_measures.amount

    from definitions

    inner join period_measures
        on definitions.denominator = period_measures.measure
        and ',' || definitions.dimensions || ',' like '%,' || period_measures.dimension || ',%'

    where period_measures.amount != 0

),

-- What happened, and for all together also where nothing did.
cells as (

    select
        kpi,
        period_grain,
        period_start,
        dimension,
        member
    from numerators

    union

    select
        kpi,
        period_grain,
        period_start,
        dimension,
        member
    from denominators

    union

    select
        definitions.kpi,
        periods.period_grain,
        periods.period_start,
        'all' as dimension,
        'all' as member
    from definitions
    cross join {{ ref('int_periods') }} as periods
    where definitions.shape in ('total', 'quotient')

),

quotients as (

    select
        cells.kpi,
        cells.period_grain,
        cells.period_start,
        cells.dimension,
        cells.member,
        coalesce(numerators.amount, 0) as numerator,
        case
            when definitions.shape = 'quotient' then coalesce(denominators.amount, 0)
        end as denominator

    from cells

    inner join definitions on cells.kpi = definitions.kpi
    left join numerators
        on cells.kpi = numerators.kpi
        and cells.period_grain = numerators.period_grain
        and cells.period_start = numerators.period_start
        and cells.dimension = numerators.dimension
        and cells.member = numerators.member
    left join denominators
        on cells.kpi = denominators.kpi
        and cells.period_grain = denominators.period_grain
        and cells.period_start = denominators.period_start
        and cells.dimension = denominators.dimension
        and cells.member = denominators.member

),

valued as (

    select
        kpi,
        period_grain,
        period_start,
        dimension,
        member,
        numerator,
        denominator,
        case
            when denominator is null then cast(numerator as double)
            when denominator != 0 then cast(numerator as double) / cast(denominator as double)
        end as value

    from quotients

),

-- A customer costs the sum; where one of its parts is unknown, so is the sum.
total_costs as (

    select
        'total_cost_per_customer' as kpi,
        period_grain,
        period_start,
        dimension,
        member,
        cast(null as decimal(38, 4)) as numerator,
        cast(null as decimal(38, 4)) as denominator,
        max(case when kpi = 'lead_cost_per_customer' then value end)
        + max(case when kpi = 'sales_cost_per_customer' then value end)
        + max(case when kpi = 'retention_cost_per_customer' then value end) as value

    from valued

    where
        kpi in ('lead_cost_per_customer', 'sales_cost_per_customer', 'retention_cost_per_customer')
        and dimension in ('all', 'method')

    group by
        period_grain,
        period_start,
        dimension,
        member

),

medians as (

    select
        kpi,
        period_grain,
        period_start,
        dimension,
        member,
        cast(null as decimal(38, 4)) as numerator,
        cases as denominator,
        value
    from {{ ref('int_period_medians') }}

),

cohorts as (

    select
        'profit_to_cost' as kpi,
        period_grain,
        period_start,
        dimension,
        member,
        gross_profit as numerator,
        whole_cost as denominator,
        case when whole_cost != 0 then cast(gross_profit as double) / cast(whole_cost as double) end
            as value
    from {{ ref('int_period_cohorts') }}
    where gross_profit != 0 or whole_cost != 0

    union all

    select
        'payback_months' as kpi,
        period_grain,
        period_start,
        dimension,
        member,
        cast(null as decimal(38, 4)) as numerator,
        cast(null as decimal(38, 4)) as denominator,
        cast(payback_months as double) as value
    from {{ ref('int_period_cohorts') }}
    where payback_months is not null

),

known as (

    select * from valued
    union all
    select * from total_costs
    where value is not null
    union all
    select * from medians
    union all
    select * from cohorts

),

-- Dimension all is dense: a period in which nothing happened says so.
silent as (

    select
        definitions.kpi,
        periods.period_grain,
        periods.period_start,
        'all' as dimension,
        'all' as member,
        case
            when definitions.kpi = 'profit_to_cost' then cast(0 as decimal(38, 4))
        end as numerator,
        case
            when definitions.shape = 'median' or definitions.kpi = 'profit_to_cost'
                then cast(0 as decimal(38, 4))
        end as denominator,
        cast(null as double) as value

    from definitions

    cross join {{ ref('int_periods') }} as periods
    left join known
        on definitions.kpi = known.kpi
        and periods.period_grain = known.period_grain
        and periods.period_start = known.period_start
        and known.dimension = 'all'

    where definitions.shape in ('sum', 'median', 'cohort') and known.kpi is null

),

final as (

    select * from known
    union all
    select * from silent

)

select * from final

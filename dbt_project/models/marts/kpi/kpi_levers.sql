with

definitions as (

    select * from {{ ref('kpi_definitions') }}

),

-- Nobody mends a day.
scorecard as (

    select * from {{ ref('kpi_scorecard') }}
    where period_grain != 'day' and value is not null

),

period_measures as (

    select * from {{ ref('int_period_measures') }}
    where period_grain != 'day'

),

-- What one unit of a KPI brings: quantity (a measure) × conversion × worth (factors, where any).
prices (kpi, quantity, conversion, worth) as (

    values
    ('cost_per_lead', 'leads', null, null),
    (
        'filter_pass_rate',
        'filtered_leads',
        'qualified_to_customer_rate',
        'profit_90d_per_customer'
    ),
    (
        'ignored_lead_rate',
        'qualified_leads',
        'contacted_to_customer_rate',
        'profit_90d_per_customer'
    ),
    ('qualified_to_customer_rate', 'qualified_leads', null, 'profit_90d_per_customer'),
    ('sales_cost_per_customer', 'new_customers', null, null),
    ('retention_cost_per_customer', 'customer_base', null, null),
    ('repeat_rate_90d', 'first_buyers', null, 'profit_per_later_order'),
    ('profit_per_customer', 'active_customers', null, null)

),

-- Factors that are no KPI of their own: numerator / denominator, and after how many days they rest.
measured_factors (factor, numerator, denominator, days_to_maturity) as (

    values
    (
        'contacted_to_customer_rate',
        'won_leads_contacted_in_time',
        'leads_contacted_in_time',
        {{ var('maturity_days') }}
    ),
    ('profit_per_later_order', 'later_gross_profit', 'later_orders', 0)

),

factors as (

    select
        kpi as factor,
        period_grain,
        period_start,
        dimension,
        member,
        value
    from scorecard
    where
        is_mature
        and (
            kpi in (select conversion from prices)
            or kpi in (select worth from prices)
        )

    union all

    select
        measured_factors.factor,
        denominators.period_grain,
        denominators.period_start,
        denominators.dimension,
        denominators.member,
        cast(coalesce(numerators.amount, 0) as double) / cast(denominators.amount as double)
            as value

    from measured_factors

    inner join period_measures as denominators
        on measured_factors.denominator = denominators.measure
    inner join {{ ref('int_periods') }} as periods
        on denominators.period_grain = periods.period_grain
        and denominators.period_start = periods.period_start
    left join period_measures as numerators
        on measured_factors.numerator = numerators.measure
        and denominators.period_grain = numerators.period_grain
        and denominators.period_start = numerators.period_start
        and denominators.dimension = numerators.dimension
        and denominators.member = numerators.member

    where
        denominators.amount != 0
        and {{ days_after('periods.period_end', 'measured_factors.days_to_maturity') }}
        <= {{ as_of() }}

),

-- A factor holds from its period until the next one that is known: what still moves is no price.
known_factors as (

    select
        *,
        coalesce(
            lead(period_start) over (
                partition by factor, period_grain, dimension, member
                order by period_start
            ),
            cast('9999-12-31' as date)
        ) as next_period_start
    from factors

),

priced as (

    select
        scorecard.period_grain,
        scorecard.period_start,
        scorecard.kpi,
        scorecard.dimension,
        scorecard.member,
        scorecard.period_end,
        scorecard.process,
        scorecard.unit,
        definitions.direction,
        prices.quantity as quantity_is,
        prices.conversion as conversion_is,
        prices.worth as worth_is,
        conversions.period_start as conversion_from,
        worths.period_start as worth_from,
        scorecard.numerator,
        scorecard.denominator,
        scorecard.value,
        scorecard.target,
        scorecard.is_mature,
        scorecard.is_small,
        quantities.amount as quantity,
        conversions.value as conversion,
        worths.value as worth,
        case when prices.conversion is null then 1 else conversions.value end
        * case when prices.worth is null then 1 else worths.value end as price

    from scorecard

    inner join prices on scorecard.kpi = prices.kpi
    inner join definitions on scorecard.kpi = definitions.kpi
    left join period_measures as quantities
        on prices.quantity = quantities.measure
        and scorecard.period_grain = quantities.period_grain
        and scorecard.period_start = quantities.period_start
        and scorecard.dimension = quantities.dimension
        and scorecard.member = quantities.member
    {% for role, factors_of_role in [('conversion', 'conversions'), ('worth', 'worths')] %}
    left join known_factors as {{ factors_of_role }}
        on prices.{{ role }} = {{ factors_of_role }}.factor
        and scorecard.period_grain = {{ factors_of_role }}.period_grain
        and scorecard.dimension = {{ factors_of_role }}.dimension
        and scorecard.member = {{ factors_of_role }}.member
        and scorecard.period_start >= {{ factors_of_role }}.period_start
        and scorecard.period_start < {{ factors_of_role }}.next_period_start
    {% endfor %}

),

final as (

    select
        cast(period_grain as {{ dbt.type_string() }}) as period_grain,
        period_start,
        cast(kpi as {{ dbt.type_string() }}) as kpi,
        cast(dimension as {{ dbt.type_string() }}) as dimension,
        cast(member as {{ dbt.type_string() }}) as member,
        period_end,
        cast(process as {{ dbt.type_string() }}) as process,
        cast(unit as {{ dbt.type_string() }}) as unit,
        cast(direction as {{ dbt.type_string() }}) as direction,
        cast(quantity_is as {{ dbt.type_string() }}) as quantity_is,
        cast(conversion_is as {{ dbt.type_string() }}) as conversion_is,
        cast(worth_is as {{ dbt.type_string() }}) as worth_is,
        conversion_from,
        worth_from,
        is_mature,
        is_small,
        numerator,
        denominator,
        value,
        target,
        cast(quantity as decimal(38, 4)) as quantity,
        cast(conversion as double) as conversion,
        cast(worth as double) as worth,
        cast(price as double) as price,
        cast(cast(quantity as double) * price as double) as money_per_unit

    from priced

)

select * from final

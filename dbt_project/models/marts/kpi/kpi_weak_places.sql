with

definitions as (

    select * from {{ ref('kpi_definitions') }}

),

-- Nobody mends a day; and what still moves is not compared with anything.
scorecard as (

    select * from {{ ref('kpi_scorecard') }}
    where period_grain != 'day' and is_mature and value is not null

),

period_measures as (

    select * from {{ ref('int_period_measures') }}
    where period_grain != 'day'

),

-- What a gap costs: gap × quantity (a measure) × conversion × worth (factors, where there are any).
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
        kpi in (select conversion from prices)
        or kpi in (select worth from prices)

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

-- A factor holds from its period until the next one that is known.
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

places as (

    select
        scorecard.*,
        definitions.label,
        definitions.direction,
        row_number() over (
            partition by
                scorecard.kpi,
                scorecard.period_grain,
                scorecard.dimension,
                scorecard.member
            order by scorecard.period_start
        ) as period_number

    from scorecard

    inner join prices on scorecard.kpi = prices.kpi
    inner join definitions on scorecard.kpi = definitions.kpi

),

-- Where nobody set a target, the place is compared with itself.
benchmarks as (

    select
        places.kpi,
        places.period_grain,
        places.period_start,
        places.dimension,
        places.member,
        median(earlier_places.value) as benchmark

    from places

    inner join places as earlier_places
        on places.kpi = earlier_places.kpi
        and places.period_grain = earlier_places.period_grain
        and places.dimension = earlier_places.dimension
        and places.member = earlier_places.member
        and places.period_number - earlier_places.period_number between 1 and 6

    where places.target is null

    group by
        places.kpi,
        places.period_grain,
        places.period_start,
        places.dimension,
        places.member

    having count(*) = 6

),

compared as (

    select
        places.*,
        coalesce(places.target, benchmarks.benchmark) as goal,
        case when places.target is null then 'benchmark' else 'target' end as goal_is

    from places

    left join benchmarks
        on places.kpi = benchmarks.kpi
        and places.period_grain = benchmarks.period_grain
        and places.period_start = benchmarks.period_start
        and places.dimension = benchmarks.dimension
        and places.member = benchmarks.member

),

weak_places as (

    select
        *,
        abs(goal - value) as gap
    from compared
    where (direction = 'up' and value < goal) or (direction = 'down' and value > goal)

),

priced as (

    select
        weak_places.*,
        quantities.amount as quantity,
        case when prices.conversion is null then 1 else conversions.value end
        * case when prices.worth is null then 1 else worths.value end as price

    from weak_places

    inner join prices on weak_places.kpi = prices.kpi
    left join period_measures as quantities
        on prices.quantity = quantities.measure
        and weak_places.period_grain = quantities.period_grain
        and weak_places.period_start = quantities.period_start
        and weak_places.dimension = quantities.dimension
        and weak_places.member = quantities.member
    {% for role, factors_of_role in [('conversion', 'conversions'), ('worth', 'worths')] %}
    left join known_factors as {{ factors_of_role }}
        on prices.{{ role }} = {{ factors_of_role }}.factor
        and weak_places.period_grain = {{ factors_of_role }}.period_grain
        and weak_places.dimension = {{ factors_of_role }}.dimension
        and weak_places.member = {{ factors_of_role }}.member
        and weak_places.period_start >= {{ factors_of_role }}.period_start
        and weak_places.period_start < {{ factors_of_role }}.next_period_start
    {% endfor %}

),

valued as (

    select
        *,
        cast(gap * cast(quantity as double) * price as decimal(18, 4)) as money_at_stake
    from priced

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
        numerator,
        denominator,
        value,
        cast(goal as double) as goal,
        cast(goal_is as {{ dbt.type_string() }}) as goal_is,
        cast(gap as double) as gap,
        cast(quantity as decimal(38, 4)) as quantity,
        cast(price as double) as price,
        money_at_stake,
        cast(
            row_number() over (
                partition by period_grain, period_start
                order by money_at_stake desc nulls last, kpi, dimension, member
            ) as bigint
        ) as rank,
        cast(
            label
            || case when dimension = 'all' then '' else ', ' || dimension || ' ' || member end
            || ': '
            || {{ value_text('value', 'unit') }}
            || case goal_is when 'target' then ', the target is ' else ', usual is ' end
            || {{ value_text('goal', 'unit') }}
            || '. '
            || case
                when money_at_stake is null then 'What reaching it is worth is not known yet'
                when money_at_stake < 0
                    then 'Reaching it would have cost ' || {{ money_text('-money_at_stake') }}
                else 'Reaching it would have earned ' || {{ money_text('money_at_stake') }}
            end
            || '.' as {{ dbt.type_string() }}
        ) as sentence

    from valued

)

select * from final

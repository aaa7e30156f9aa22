with

definitions as (

    select * from {{ ref('kpi_definitions') }}

),

-- What still moves is not compared with anything.
levers as (

    select * from {{ ref('kpi_levers') }}
    where is_mature

),

places as (

    select
        levers.*,
        definitions.label,
        row_number() over (
            partition by
                levers.kpi,
                levers.period_grain,
                levers.dimension,
                levers.member
            order by levers.period_start
        ) as period_number

    from levers

    inner join definitions on levers.kpi = definitions.kpi

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

valued as (

    select
        *,
        {{ amount_of_float('gap * money_per_unit') }} as money_at_stake
    from weak_places

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
        quantity,
        price,
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

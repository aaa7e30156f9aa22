with

kpi_values as (

    select * from {{ ref('int_kpi_values') }}

),

definitions as (

    select
        *,
        case cohort_setting
            when 'maturity_days' then {{ var('maturity_days') }}
            else coalesce(cohort_days, 0)
        end as days_to_maturity
    from {{ ref('kpi_definitions') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

targets as (

    select * from {{ ref('int_kpi_targets_judged') }}
    where row_state = 'current'

),

-- A target of a total holds for exactly its period, any other for every period inside; the
-- narrowest wins.
matched_targets as (

    select
        targets.kpi,
        targets.dimension,
        targets.member,
        periods.period_grain,
        periods.period_start,
        targets.target

    from targets

    inner join definitions on targets.kpi = definitions.kpi
    inner join periods
        on (
            definitions.shape = 'total'
            and targets.period_start = periods.period_start
            and targets.period_end = periods.period_end
        )
        or (
            definitions.shape != 'total'
            and targets.period_start <= periods.period_start
            and targets.period_end >= periods.period_end
        )

    qualify row_number() over (
        partition by
            targets.kpi,
            targets.dimension,
            targets.member,
            periods.period_grain,
            periods.period_start
        order by
            {{ days_between('targets.period_start', 'targets.period_end') }},
            targets.period_start desc
    ) = 1

),

compared as (

    select
        kpi_values.*,
        periods.period_end,
        definitions.process,
        definitions.unit,
        definitions.direction,
        definitions.is_proportion,
        cast(matched_targets.target as double) as target,
        coalesce(
            previous_values.value,
            case when definitions.shape = 'total' then cast(0 as double) end
        ) as previous_value,
        {{ days_after('periods.period_end', 'definitions.days_to_maturity') }} <= {{ as_of() }}
            as is_mature,
        coalesce(kpi_values.denominator < 30, false) as is_small

    from kpi_values

    inner join definitions on kpi_values.kpi = definitions.kpi
    inner join periods
        on kpi_values.period_grain = periods.period_grain
        and kpi_values.period_start = periods.period_start
    left join matched_targets
        on kpi_values.kpi = matched_targets.kpi
        and kpi_values.dimension = matched_targets.dimension
        and kpi_values.member = matched_targets.member
        and kpi_values.period_grain = matched_targets.period_grain
        and kpi_values.period_start = matched_targets.period_start
    left join kpi_values as previous_values
        on kpi_values.kpi = previous_values.kpi
        and kpi_values.dimension = previous_values.dimension
        and kpi_values.member = previous_values.member
        and kpi_values.period_grain = previous_values.period_grain
        and periods.previous_period_start = previous_values.period_start

),

-- Wilson's interval: of 1 in 3 it says how little that is.
intervals as (

    select
        *,
        case
            when is_proportion and denominator > 0 and numerator between 0 and denominator
                then cast(denominator as double)
        end as cases,
        cast(numerator as double) as hits,
        cast(1.959963984540054 as double) as z

    from compared

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
        cast(numerator as decimal(38, 4)) as numerator,
        cast(denominator as decimal(38, 4)) as denominator,
        cast(value as double) as value,
        cast(unit as {{ dbt.type_string() }}) as unit,
        cast(target as double) as target,
        cast(previous_value as double) as previous_value,
        is_mature,
        is_small,
        cast(
            case when cases is not null then greatest(0, (
                hits + z * z / 2 - z * sqrt(hits * (cases - hits) / cases + z * z / 4)
            ) / (cases + z * z)) end as double
        ) as low,
        cast(
            case when cases is not null then least(1, (
                hits + z * z / 2 + z * sqrt(hits * (cases - hits) / cases + z * z / 4)
            ) / (cases + z * z)) end as double
        ) as high,
        cast(
            case
                when target is null then 'no_target'
                when value is null then 'no_value'
                when not is_mature then 'immature'
                when direction = 'up' and value >= target then 'on_target'
                when direction = 'down' and value <= target then 'on_target'
                else 'off_target'
            end as {{ dbt.type_string() }}
        ) as status

    from intervals

)

select * from final

with

-- Amounts of money add up over days, so of these alone a day has one that can move.
amounts as (

    select
        scorecard.period_start as calendar_date,
        scorecard.kpi,
        cast(scorecard.numerator as decimal(18, 4)) as amount

    from {{ ref('kpi_scorecard') }} as scorecard

    inner join {{ ref('kpi_definitions') }} as definitions on scorecard.kpi = definitions.kpi

    where
        scorecard.period_grain = 'day'
        and scorecard.dimension = 'all'
        and definitions.shape = 'total'
        and definitions.unit = 'money'

),

published as (

    select * from {{ ref('stg_published_restatements') }}

),

-- Always one row: before the first publication its settings are unknown.
published_settings as (

    select max(settings_sha256) as settings_sha256 from {{ ref('stg_published_settings') }}

),

-- A load of the past says nothing of later days; what was said of them before still counts.
compared as (

    select
        coalesce(amounts.calendar_date, published.calendar_date) as calendar_date,
        coalesce(amounts.kpi, published.kpi) as kpi,
        published.first_published_by,
        published.first_published_at,
        published.first_value,
        coalesce(published.value_now, published.previous_value) as previous_value,
        case
            when coalesce(amounts.calendar_date, published.calendar_date) <= {{ as_of() }}
                then coalesce(amounts.amount, 0)
        end as value_now,
        published.moved_by,
        published.moved_at,
        coalesce(published.times_moved, 0) as times_moved,
        published.reason

    from amounts

    full outer join published
        on amounts.calendar_date = published.calendar_date
        and amounts.kpi = published.kpi

),

-- Where both the settings and the rows are others, the settings are named: they move every day.
judged as (

    select
        compared.*,
        coalesce(compared.value_now != compared.previous_value, false) as has_moved,
        case
            when published_settings.settings_sha256 = '{{ var("settings_sha256") }}' then 'rows'
            else 'settings'
        end as reason_now,
        cast('{{ setting_of_load("build_id") }}' as {{ dbt.type_string() }}) as build_id,
        cast({{ dbt.current_timestamp() }} as timestamp) as built_at

    from compared

    cross join published_settings

),

final as (

    select
        calendar_date,
        cast(kpi as {{ dbt.type_string() }}) as kpi,
        coalesce(first_published_by, build_id) as first_published_by,
        coalesce(first_published_at, built_at) as first_published_at,
        cast(coalesce(first_value, value_now) as decimal(18, 4)) as first_value,
        cast(previous_value as decimal(18, 4)) as previous_value,
        cast(value_now as decimal(18, 4)) as value_now,
        cast(value_now - coalesce(first_value, value_now) as decimal(18, 4)) as change,
        cast(case when has_moved then build_id else moved_by end as {{ dbt.type_string() }})
            as moved_by,
        case when has_moved then built_at else moved_at end as moved_at,
        cast(case when has_moved then times_moved + 1 else times_moved end as bigint)
            as times_moved,
        cast(case when has_moved then reason_now else reason end as {{ dbt.type_string() }})
            as reason

    from judged

)

select * from final

with

calendar as (

    select * from {{ ref('int_calendar') }}

),

{% set grains = ['day', 'week', 'month', 'quarter', 'year'] %}
starts as (

    {% for grain in grains %}
    select distinct
        '{{ grain }}' as period_grain,
        cast(date_trunc('{{ grain }}', calendar_date) as date) as period_start
    from calendar
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

ends as (

    select
        period_grain,
        period_start,
        case period_grain
            {% for grain in grains %}
            when '{{ grain }}' then {{ period_end(grain, 'period_start') }}
            {% endfor %}
        end as period_end,
        case period_grain
            {% for grain in grains %}
            when '{{ grain }}' then {{ previous_period(grain, 'period_start') }}
            {% endfor %}
        end as previous_period_start

    from starts

),

-- The day by which a running period is counted is as-of.
final as (

    select
        period_grain,
        period_start,
        period_end,
        previous_period_start,
        least(period_end, {{ as_of() }}) as counted_until

    from ends

)

select * from final

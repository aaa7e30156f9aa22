with

calendar as (

    select * from {{ ref('int_calendar') }}

),

-- Which periods of each grain a day belongs to.
final as (

    {% for grain in ['day', 'week', 'month', 'quarter', 'year'] %}
    select
        calendar_date,
        '{{ grain }}' as period_grain,
        cast(date_trunc('{{ grain }}', calendar_date) as date) as period_start
    from calendar
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final

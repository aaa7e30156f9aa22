with

durations as (

    select * from {{ ref('int_lead_durations') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

durations_of_members as (

    {% for dimension in ['all', 'method', 'unit', 'employee'] %}
    select
        kpi,
        lead_date,
        '{{ dimension }}' as dimension,
        {{ "'all'" if dimension == 'all' else dimension }} as member,
        microseconds,
        microseconds_per_unit
    from durations
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        durations_of_members.kpi,
        period_days.period_grain,
        period_days.period_start,
        durations_of_members.dimension,
        durations_of_members.member,
        cast(count(*) as decimal(38, 4)) as cases,
        median(durations_of_members.microseconds)
        / max(durations_of_members.microseconds_per_unit) as value

    from durations_of_members

    inner join period_days on durations_of_members.lead_date = period_days.calendar_date

    group by
        durations_of_members.kpi,
        period_days.period_grain,
        period_days.period_start,
        durations_of_members.dimension,
        durations_of_members.member

)

select * from final

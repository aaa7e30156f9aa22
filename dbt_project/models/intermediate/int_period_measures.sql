with

daily_measures as (

    select * from {{ ref('int_measures') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

flows as (

    select
        daily_measures.measure,
        period_days.period_grain,
        period_days.period_start,
        daily_measures.dimension,
        daily_measures.member,
        cast(sum(daily_measures.amount) as decimal(38, 4)) as amount

    from daily_measures

    inner join period_days on daily_measures.measure_date = period_days.calendar_date

    group by
        daily_measures.measure,
        period_days.period_grain,
        period_days.period_start,
        daily_measures.dimension,
        daily_measures.member

),

final as (

    select * from flows
    union all
    select * from {{ ref('int_stocks') }}
    union all
    select * from {{ ref('int_active_customers') }}

)

select * from final

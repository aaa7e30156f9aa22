with

people_of_days as (

    select distinct
        orders.person_key,
        orders.order_date,
        coalesce(customers.method, '(no lead)') as method

    from {{ ref('int_orders_sequenced') }} as orders

    left join {{ ref('int_customers_won') }} as customers
        on orders.person_key = customers.person_key

    where orders.person_order_number is not null

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

-- A person who buys twice in a period is active once.
people_of_periods as (

    select distinct
        period_days.period_grain,
        period_days.period_start,
        people_of_days.person_key,
        people_of_days.method

    from people_of_days

    inner join period_days on people_of_days.order_date = period_days.calendar_date

),

final as (

    select
        'active_customers' as measure,
        period_grain,
        period_start,
        'method' as dimension,
        method as member,
        cast(count(*) as decimal(38, 4)) as amount
    from people_of_periods
    group by
        period_grain,
        period_start,
        method

    union all

    select
        'active_customers' as measure,
        period_grain,
        period_start,
        'all' as dimension,
        'all' as member,
        cast(count(*) as decimal(38, 4)) as amount
    from people_of_periods
    group by
        period_grain,
        period_start

)

select * from final

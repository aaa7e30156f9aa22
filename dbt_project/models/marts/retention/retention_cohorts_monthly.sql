with

months as (

    select * from {{ ref('int_periods') }}
    where period_grain = 'month'

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}
    where person_order_number is not null

),

first_orders as (

    select
        person_key,
        cast(date_trunc('month', order_date) as date) as cohort_month
    from orders
    where person_order_number = 1

),

order_months as (

    select
        first_orders.cohort_month,
        cast(date_trunc('month', orders.order_date) as date) as order_month,
        count(distinct orders.person_key) as active_people,
        count(*) as orders,
        sum(orders.net_revenue) as net_revenue,
        sum(orders.gross_profit) as gross_profit,
        count(case when orders.person_order_number = 2 then 1 end) as people_with_second_order

    from orders

    inner join first_orders on orders.person_key = first_orders.person_key

    group by
        first_orders.cohort_month,
        cast(date_trunc('month', orders.order_date) as date)

),

cohorts as (

    select
        cohort_month,
        count(*) as people
    from first_orders
    group by cohort_month

),

-- A month in which nobody of the cohort came back says so.
cohort_months as (

    select
        cohorts.cohort_month,
        cohorts.people,
        {{ months_between('cohorts.cohort_month', 'months.period_start') }} as months_since,
        months.period_end <= {{ as_of() }} as is_mature,
        coalesce(order_months.active_people, 0) as active_people,
        coalesce(order_months.orders, 0) as orders,
        coalesce(order_months.net_revenue, 0) as net_revenue,
        coalesce(order_months.gross_profit, 0) as gross_profit,
        coalesce(order_months.people_with_second_order, 0) as people_with_second_order

    from cohorts

    inner join months on cohorts.cohort_month <= months.period_start
    left join order_months
        on cohorts.cohort_month = order_months.cohort_month
        and months.period_start = order_months.order_month

),

to_date as (

    select
        *,
        sum(net_revenue) over cohort_life as cumulative_net_revenue,
        sum(gross_profit) over cohort_life as cumulative_gross_profit,
        sum(people_with_second_order) over cohort_life as repeat_people

    from cohort_months

    window cohort_life as (
        partition by cohort_month
        order by months_since
        rows between unbounded preceding and current row
    )

),

final as (

    select
        cohort_month,
        months_since,
        people,
        active_people,
        orders,
        cast(net_revenue as decimal(18, 4)) as net_revenue,
        cast(gross_profit as decimal(18, 4)) as gross_profit,
        cast(cumulative_net_revenue as decimal(18, 4)) as cumulative_net_revenue,
        cast(cumulative_gross_profit as decimal(18, 4)) as cumulative_gross_profit,
        cast(repeat_people as bigint) as repeat_people,
        {{ quotient('active_people', 'people') }} as active_share,
        {{ quotient('repeat_people', 'people') }} as repeat_share,
        {{ quotient('cumulative_net_revenue', 'people') }} as revenue_per_head,
        {{ quotient('cumulative_gross_profit', 'people') }} as profit_per_head,
        is_mature

    from to_date

)

select * from final

with

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

customers as (

    select * from {{ ref('int_customers_won') }}

),

order_measures as (

    select
        orders.order_date as measure_date,
        {{ member_of_order('method') }} as method,
        count(*) as orders,
        sum(orders.net_revenue) as revenue,
        sum(orders.gross_profit) as gross_profit,
        sum(
            case when orders.person_key is not null then orders.net_revenue end
        ) as identified_revenue,
        sum(
            case when orders.person_key is not null then orders.gross_profit end
        ) as identified_gross_profit,
        count(case when orders.person_order_number > 1 then 1 end) as later_orders,
        sum(
            case when orders.person_order_number > 1 then orders.gross_profit end
        ) as later_gross_profit

    from orders

    left join customers on orders.person_key = customers.person_key

    where orders.is_completed

    group by
        orders.order_date,
        {{ member_of_order('method') }}

),

first_order_measures as (

    select
        orders.order_date as measure_date,
        {{ member_of_order('method') }} as method,
        count(*) as first_buyers,
        count(
            case
                when
                    {{ microseconds_between('orders.ordered_at', 'orders.next_ordered_at') }}
                    <= {{ days_in_microseconds(30) }}
                    then 1
            end
        ) as back_in_30d,
        count(
            case
                when
                    {{ microseconds_between('orders.ordered_at', 'orders.next_ordered_at') }}
                    <= {{ days_in_microseconds(90) }}
                    then 1
            end
        ) as back_in_90d,
        count(
            case
                when
                    {{ microseconds_between('orders.ordered_at', 'orders.next_ordered_at') }}
                    <= {{ days_in_microseconds(365) }}
                    then 1
            end
        ) as back_in_365d

    from orders

    left join customers on orders.person_key = customers.person_key

    where orders.person_order_number = 1

    group by
        orders.order_date,
        {{ member_of_order('method') }}

),

loyalty_measures as (

    select
        event_date as measure_date,
        method,
        sum(cost_converted) as loyalty_cost,
        sum(case when event = 'redeemed' then abs(points) end) as points_redeemed,
        sum(case when event = 'earned' then abs(points) end) as points_earned

    from {{ ref('int_loyalty_persons') }}

    group by
        event_date,
        method

),

cost_measures as (

    select
        cost_date as measure_date,
        method,
        sum(amount) as ledger_cost

    from {{ ref('int_process_cost_shares') }}

    where process = 'retention'

    group by
        cost_date,
        method

),

final as (

    {{ measures_of('order_measures', [
        'orders',
        'revenue',
        'gross_profit',
        'identified_revenue',
        'identified_gross_profit',
        'later_orders',
        'later_gross_profit',
    ], ['method']) }}

    union all

    {{ measures_of('first_order_measures', [
        'first_buyers',
        'back_in_30d',
        'back_in_90d',
        'back_in_365d',
    ], ['method']) }}

    union all

    {{ measures_of('loyalty_measures', [
        'points_redeemed',
        'points_earned',
        ('loyalty_cost', 'retention_cost'),
    ], ['method']) }}

    union all

    -- Keeping customers costs what the programme costs and what the ledger says.
    {{ measures_of('cost_measures', [('ledger_cost', 'retention_cost')], ['method']) }}

)

select * from final

with

customers as (

    select * from {{ ref('int_customers_won') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

order_sums as (

    select
        person_key,
        count(*) as orders,
        sum(net_revenue) as net_revenue,
        sum(gross_profit) as gross_profit

    from orders

    where is_completed and person_key is not null

    group by person_key

),

final as (

    select
        customers.person_key,
        customers.customer_since,
        customers.customer_since_date,
        customers.lead_id,
        customers.method,
        customers.campaign_id,
        customers.unit,
        customers.employee,
        order_sums.orders,
        cast(order_sums.net_revenue as decimal(18, 4)) as net_revenue,
        cast(order_sums.gross_profit as decimal(18, 4)) as gross_profit

    from customers

    inner join order_sums on customers.person_key = order_sums.person_key

)

select * from final

with

orders as (

    select * from {{ ref('int_orders_sequenced') }}
    where person_order_number is not null

),

customers as (

    select * from {{ ref('int_customers_won') }}

),

-- A customer is in the base from an order until the next one, or until it is too long ago.
segments as (

    select
        orders.person_key,
        customers.method,
        customers.unit,
        customers.employee,
        greatest(orders.order_date, customers.customer_since_date) as from_date,
        case
            when
                orders.next_order_date
                < {{ days_after('orders.order_date', var('active_customer_days')) }}
                then greatest(orders.next_order_date, customers.customer_since_date)
            else {{ days_after('orders.order_date', var('active_customer_days')) }}
        end as until_date

    from orders

    inner join customers on orders.person_key = customers.person_key

),

final as (

    select
        person_key,
        method,
        unit,
        employee,
        from_date,
        until_date

    from segments

    where from_date < until_date

)

select * from final

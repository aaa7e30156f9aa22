with

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

customers as (

    select * from {{ ref('int_customers_won') }}

),

final as (

    select
        orders.order_id,
        orders.person_key,
        orders.customer_id,
        orders.lead_id,
        orders.email as email_hash,
        orders.phone as phone_hash,
        orders.ordered_at,
        orders.order_date,
        orders.updated_at,
        orders.status,
        orders.channel,
        {{ member_of_order('method') }} as method,
        {{ member_of_order('unit') }} as unit,
        {{ member_of_order('employee') }} as employee,
        orders.is_completed,
        orders.person_order_number,
        orders.currency,
        orders.gross_amount,
        orders.discount_amount,
        orders.refund_amount,
        orders.cost_of_goods,
        orders.tax_amount,
        orders.shipping_amount,
        orders.refunded_converted as refunded,
        cast(orders.net_revenue as decimal(18, 4)) as net_revenue,
        cast(orders.gross_profit as decimal(18, 4)) as gross_profit,
        orders._source

    from orders

    left join customers on orders.person_key = customers.person_key

)

select * from final

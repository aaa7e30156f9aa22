with

orders as (

    select * from {{ ref('stg_orders') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates') }}

),

-- Each amount is converted on its own, so that every one of them adds up to its feed's total.
judged as (

    select
        orders.*,
        {{ converted('orders.gross_amount') }} as gross_converted,
        {{ converted('coalesce(orders.discount_amount, 0)') }} as discount_converted,
        {{ converted('coalesce(orders.refund_amount, 0)') }} as refund_converted,
        {{ converted('coalesce(orders.cost_of_goods, 0)') }} as cost_of_goods_converted,
        coalesce(
            {{ unbelievable_date('ordered_at', 'orders.order_date') }},
            {{ missing_rate('orders.currency', 'orders.order_date') }}
        ) as _reason

    from orders

    inner join exchange_rates as int_exchange_rates
        on orders.currency = int_exchange_rates.currency
        and orders.order_date = int_exchange_rates.business_date

),

final as (

    select
        *,
        {{ row_state(['order_id'], 'order_date', 'updated_at') }} as row_state

    from judged

)

select * from final

with

-- An order without anything that can be matched is anonymous: its money counts, and it makes
-- nobody a customer.
orders as (

    select
        orders_judged.*,
        record_persons.person_key,
        orders_judged.gross_amount - coalesce(orders_judged.discount_amount, 0) as asked_amount,
        coalesce(orders_judged.refund_amount, 0) as given_back_amount

    from {{ ref('int_orders_judged') }} as orders_judged

    left join {{ ref('int_record_persons') }} as record_persons
        on orders_judged.order_id = record_persons.record_id
        and record_persons.record_kind = 'order'

    where orders_judged.row_state = 'current'

),

judged as (

    select
        *,
        status = 'refunded' and given_back_amount = 0 as is_refunded_without_amount,
        status in ('completed', 'refunded')
        and not (status = 'refunded' and given_back_amount = 0)
        and not (given_back_amount >= asked_amount and asked_amount > 0) as is_completed

    from orders

),

-- Loyalty begins with the second order, so every order knows its place in its person's life.
places as (

    select
        order_id,
        row_number() over person_life as person_order_number,
        first_value(ordered_at) over person_life as first_ordered_at,
        lead(ordered_at) over person_life as next_ordered_at,
        lead(order_date) over person_life as next_order_date

    from judged

    where is_completed and person_key is not null

    window person_life as (
        partition by person_key
        order by ordered_at, order_id
    )

),

final as (

    select
        judged.*,
        case
            when judged.is_refunded_without_amount
                then judged.gross_converted - judged.discount_converted
            else judged.refund_converted
        end as refunded_converted,
        judged.gross_converted - judged.discount_converted - refunded_converted as net_revenue,
        net_revenue - judged.cost_of_goods_converted as gross_profit,
        places.person_order_number,
        places.first_ordered_at,
        places.next_ordered_at,
        places.next_order_date

    from judged

    left join places on judged.order_id = places.order_id

)

select * from final

with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_orders') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_orders_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        order_id,
        ordered_at,
        updated_at,
        status,
        customer_id,
        email,
        phone,
        lead_id,
        currency,
        gross_amount,
        discount_amount,
        refund_amount,
        cost_of_goods,
        tax_amount,
        shipping_amount,
        channel,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(order_id as {{ dbt.type_string() }}) as order_id,
        cast(ordered_at as {{ dbt.type_string() }}) as ordered_at,
        cast(updated_at as {{ dbt.type_string() }}) as updated_at,
        cast(status as {{ dbt.type_string() }}) as status,
        cast(customer_id as {{ dbt.type_string() }}) as customer_id,
        cast(email as {{ dbt.type_string() }}) as email,
        cast(phone as {{ dbt.type_string() }}) as phone,
        cast(lead_id as {{ dbt.type_string() }}) as lead_id,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(gross_amount as {{ dbt.type_string() }}) as gross_amount,
        cast(discount_amount as {{ dbt.type_string() }}) as discount_amount,
        cast(refund_amount as {{ dbt.type_string() }}) as refund_amount,
        cast(cost_of_goods as {{ dbt.type_string() }}) as cost_of_goods,
        cast(tax_amount as {{ dbt.type_string() }}) as tax_amount,
        cast(shipping_amount as {{ dbt.type_string() }}) as shipping_amount,
        cast(channel as {{ dbt.type_string() }}) as channel,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

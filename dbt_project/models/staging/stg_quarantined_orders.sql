with

source as (

    select * from {{ source('raw', 'quarantine_orders') }}

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

    from source

)

select * from final

with

source as (

    select * from {{ source('raw', 'orders') }}

),

final as (

    select
        -- ids
        order_id,
        customer_id,
        lead_id,

        -- strings
        status,
        currency,
        channel,

        -- keyed hashes
        email,
        phone,

        -- numerics
        gross_amount,
        discount_amount,
        refund_amount,
        cost_of_goods,
        tax_amount,
        shipping_amount,

        -- dates
        {{ business_date('ordered_at') }} as order_date,

        -- timestamps
        ordered_at,
        updated_at,

        -- what the source keeps beside the feed
        extra,

        -- where it came from
        _ids,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

with

-- One lead can be the lead of several customers: it is won when the first of them is.
final as (

    select
        lead_id,
        min(customer_since) as customer_since,
        count(*) as customers

    from {{ ref('int_customers_won') }}

    where lead_id is not null

    group by lead_id

)

select * from final

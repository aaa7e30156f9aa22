with

fx_rates as (

    select * from {{ ref('int_fx_rates_judged') }}
    where row_state = 'current'

),

final as (

    select
        rate_date,
        currency,
        rate,
        _source

    from fx_rates

)

select * from final

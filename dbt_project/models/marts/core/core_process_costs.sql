with

process_costs as (

    select * from {{ ref('int_process_costs_judged') }}
    where row_state = 'current'

),

final as (

    select
        cost_id,
        period_start,
        period_end,
        process,
        method,
        unit,
        employee,
        category,
        currency,
        amount as original_amount,
        amount_converted as amount,
        _source

    from process_costs

)

select * from final

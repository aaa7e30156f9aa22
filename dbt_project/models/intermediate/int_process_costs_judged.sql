with

process_costs as (

    select * from {{ ref('stg_process_costs') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates') }}

),

-- A cost is converted once, at the rate of its first day.
judged as (

    select
        process_costs.*,
        {{ converted('process_costs.amount') }} as amount_converted,
        coalesce(
            {{ unbelievable_date('period_start', 'process_costs.period_start') }},
            {{ missing_rate('process_costs.currency', 'process_costs.period_start') }}
        ) as _reason

    from process_costs

    inner join exchange_rates as int_exchange_rates
        on process_costs.currency = int_exchange_rates.currency
        and process_costs.period_start = int_exchange_rates.business_date

),

final as (

    select
        *,
        {{ row_state(['cost_id'], 'period_start') }} as row_state

    from judged

)

select * from final

with

process_costs as (

    select
        *,
        {{ days_between('period_start', 'period_end') }} + 1 as days
    from {{ ref('int_process_costs_judged') }}
    where row_state = 'current'

),

calendar as (

    select * from {{ ref('int_calendar') }}

),

even_shares as (

    select
        process_costs.*,
        {{ part_of_amount('process_costs.amount_converted', '1', 'process_costs.days') }}
            as even_amount

    from process_costs

),

-- Spread evenly over its days, each rounded; the last day takes the rest.
final as (

    select
        even_shares.cost_id,
        calendar.calendar_date as cost_date,
        even_shares.process,
        even_shares.method,
        even_shares.unit,
        even_shares.employee,
        case
            when calendar.calendar_date = even_shares.period_end
                then cast(
                    even_shares.amount_converted - even_shares.even_amount * (even_shares.days - 1)
                    as decimal(18, 4)
                )
            else even_shares.even_amount
        end as amount

    from even_shares

    inner join calendar
        on calendar.calendar_date >= even_shares.period_start
        and calendar.calendar_date <= even_shares.period_end

)

select * from final

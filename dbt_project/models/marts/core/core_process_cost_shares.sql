with

process_cost_shares as (

    select * from {{ ref('int_process_cost_shares') }}

),

-- What is named and what was shared out fall on the same members: one row per day and share.
final as (

    select
        cost_date,
        process,
        method,
        unit,
        employee,
        cast(sum(amount) as decimal(18, 4)) as amount

    from process_cost_shares

    group by
        cost_date,
        process,
        method,
        unit,
        employee

)

select * from final

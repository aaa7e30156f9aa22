with

source as (

    select * from {{ source('raw', 'quarantine_process_costs') }}

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
        amount,
        currency,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

with

source as (

    select * from {{ source('raw', 'quarantine_fx_rates') }}

),

final as (

    select
        rate_date,
        currency,
        rate,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

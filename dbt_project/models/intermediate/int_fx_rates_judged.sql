with

-- A rate of any age is a rate: the bounds of dates do not apply.
judged as (

    select
        *,
        cast(null as {{ dbt.type_string() }}) as _reason

    from {{ ref('stg_fx_rates') }}

),

final as (

    select
        *,
        {{ row_state(['rate_date', 'currency'], 'rate_date') }} as row_state

    from judged

)

select * from final

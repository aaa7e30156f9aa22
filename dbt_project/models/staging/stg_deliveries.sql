with

source as (

    select * from {{ source('raw', 'deliveries') }}

),

final as (

    select
        -- strings
        delivery,
        feed,
        source,
        connector,
        file,
        status,
        reason,
        columns_unknown,
        new_columns,

        -- numerics
        rows_read,
        rows_repeated,
        rows_quarantined,

        -- timestamps
        landed_at,
        loaded_at

    from source

)

select * from final

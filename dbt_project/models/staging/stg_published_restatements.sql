with

source as (

    select * from {{ source('history', 'published_restatements') }}

),

final as (

    select
        -- strings
        kpi,
        first_published_by,
        moved_by,
        reason,

        -- numerics
        first_value,
        previous_value,
        value_now,
        times_moved,

        -- dates
        calendar_date,

        -- timestamps
        first_published_at,
        moved_at

    from source

)

select * from final

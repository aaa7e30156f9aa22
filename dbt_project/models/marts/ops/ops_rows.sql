with

deliveries as (

    select
        feed,
        source,
        sum(rows_read) as rows_read,
        sum(rows_repeated) as rows_repeated,
        sum(rows_quarantined) as rows_quarantined

    from {{ ref('stg_deliveries') }}

    where status = 'loaded'

    group by
        feed,
        source

),

row_states as (

    select
        feed,
        source,
        sum(case when row_state = 'current' then row_count else 0 end) as current_rows,
        sum(case when row_state = 'superseded' then row_count else 0 end) as superseded_rows,
        sum(case when row_state = 'after_as_of' then row_count else 0 end) as after_as_of_rows,
        sum(case when row_state = 'quarantined' then row_count else 0 end) as quarantined_rows

    from {{ ref('int_row_states') }}

    group by
        feed,
        source

),

-- An exact repeat of a row is superseded, and is not kept a second time.
final as (

    select
        cast(deliveries.feed as {{ dbt.type_string() }}) as feed,
        cast(deliveries.source as {{ dbt.type_string() }}) as source,
        cast(deliveries.rows_read as bigint) as read,
        cast(coalesce(row_states.current_rows, 0) as bigint) as current,
        cast(coalesce(row_states.superseded_rows, 0) + deliveries.rows_repeated as bigint)
            as superseded,
        cast(coalesce(row_states.after_as_of_rows, 0) as bigint) as after_as_of,
        cast(coalesce(row_states.quarantined_rows, 0) + deliveries.rows_quarantined as bigint)
            as quarantined

    from deliveries

    left join row_states
        on deliveries.feed = row_states.feed
        and deliveries.source = row_states.source

)

select * from final

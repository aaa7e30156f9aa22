with

deliveries as (

    select * from {{ ref('stg_deliveries') }}

),

ops_rows as (

    select * from {{ ref('ops_rows') }}

),

fresh as (

    select
        feed,
        source,
        max(latest_day) as fresh_until

    from {{ ref('int_row_states') }}

    where row_state = 'current'

    group by
        feed,
        source

),

latest as (

    select
        feed,
        source,
        connector,
        status,
        reason,
        new_columns

    from deliveries

    where status in ('loaded', 'refused')

    qualify row_number() over (partition by feed, source order by delivery desc) = 1

),

landed as (

    select
        feed,
        source,
        max(landed_at) as last_landed_at,
        max(case when status = 'loaded' then loaded_at end) as last_loaded_at

    from deliveries

    group by
        feed,
        source

),

final as (

    select
        cast(latest.source as {{ dbt.type_string() }}) as source,
        cast(latest.feed as {{ dbt.type_string() }}) as feed,
        cast(latest.connector as {{ dbt.type_string() }}) as connector,
        landed.last_landed_at,
        landed.last_loaded_at,
        fresh.fresh_until,
        cast(coalesce(ops_rows.read, 0) as bigint) as rows_read,
        cast(coalesce(ops_rows.current, 0) as bigint) as rows_current,
        cast(coalesce(ops_rows.quarantined, 0) as bigint) as rows_quarantined,
        cast(nullif(latest.new_columns, '[]') as {{ dbt.type_string() }}) as new_columns,
        cast(
            case when latest.status = 'refused' then latest.reason end as {{ dbt.type_string() }}
        ) as refused_reason

    from latest

    inner join landed
        on latest.feed = landed.feed
        and latest.source = landed.source
    left join fresh
        on latest.feed = fresh.feed
        and latest.source = fresh.source
    left join ops_rows
        on latest.feed = ops_rows.feed
        and latest.source = ops_rows.source

)

select * from final

with

final as (

    select
        cast('{{ var("business")["name"] | replace("'", "''") }}' as varchar) as business_name,
        cast('{{ var("business")["currency"] }}' as varchar) as currency,
        cast('{{ var("business")["timezone"] }}' as varchar) as timezone,
        cast('{{ var("business")["country"] }}' as varchar) as country,
        {{ as_of() }} as as_of,
        cast('{{ var("build_id") }}' as varchar) as build_id,
        cast({{ dbt.current_timestamp() }} as timestamp) as built_at

)

select * from final

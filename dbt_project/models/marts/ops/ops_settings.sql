with

final as (

    select
        cast('{{ var("business")["name"] | replace("'", "''") }}' as {{ dbt.type_string() }})
            as business_name,
        cast('{{ var("business")["currency"] }}' as {{ dbt.type_string() }}) as currency,
        cast('{{ var("business")["timezone"] }}' as {{ dbt.type_string() }}) as timezone,
        cast('{{ var("business")["country"] }}' as {{ dbt.type_string() }}) as country,
        cast({{ var('maturity_days') }} as integer) as maturity_days,
        cast('{{ var("settings_sha256") }}' as {{ dbt.type_string() }}) as settings_sha256,
        {{ as_of() }} as as_of,
        cast('{{ setting_of_load("build_id") }}' as {{ dbt.type_string() }}) as build_id,
        cast({{ dbt.current_timestamp() }} as timestamp) as built_at

)

select * from final

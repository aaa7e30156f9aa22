with

-- What the load could not read.
unreadable as (

    select * from {{ ref('stg_quarantined_ad_spend') }}

),

-- What was read and cannot be counted.
judged as (

    select * from {{ ref('int_ad_spend_judged') }}
    where row_state = 'quarantined'

),

final as (

    select
        spend_date,
        method,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_group_name,
        currency,
        spend,
        impressions,
        clicks,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from unreadable

    union all

    select
        cast(spend_date as {{ dbt.type_string() }}) as spend_date,
        cast(method as {{ dbt.type_string() }}) as method,
        cast(platform as {{ dbt.type_string() }}) as platform,
        cast(account_id as {{ dbt.type_string() }}) as account_id,
        cast(campaign_id as {{ dbt.type_string() }}) as campaign_id,
        cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(ad_group_id as {{ dbt.type_string() }}) as ad_group_id,
        cast(ad_group_name as {{ dbt.type_string() }}) as ad_group_name,
        cast(currency as {{ dbt.type_string() }}) as currency,
        cast(spend as {{ dbt.type_string() }}) as spend,
        cast(impressions as {{ dbt.type_string() }}) as impressions,
        cast(clicks as {{ dbt.type_string() }}) as clicks,
        extra,
        _reason,
        _source,
        _delivery,
        _file,
        _line
    from judged

)

select * from final

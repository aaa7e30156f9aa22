with

source as (

    select * from {{ source('raw', 'quarantine_ad_spend') }}

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

    from source

)

select * from final

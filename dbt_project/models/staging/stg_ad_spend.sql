with

source as (

    select * from {{ source('raw', 'ad_spend') }}

),

final as (

    select
        -- strings
        method,
        coalesce(platform, '') as platform,
        coalesce(account_id, '') as account_id,
        coalesce(campaign_id, '') as campaign_id,
        campaign_name,
        coalesce(ad_group_id, '') as ad_group_id,
        ad_group_name,
        currency,

        -- numerics
        spend,
        impressions,
        clicks,

        -- dates
        spend_date,

        -- what the source keeps beside the feed
        extra,

        -- where it came from
        _ids,
        _source,
        _delivery,
        _file,
        _line

    from source

)

select * from final

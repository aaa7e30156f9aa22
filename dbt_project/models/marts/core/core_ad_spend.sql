with

ad_spend as (

    select * from {{ ref('int_ad_spend_judged') }}
    where row_state = 'current'

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
        amount,
        impressions,
        clicks,
        _source

    from ad_spend

)

select * from final

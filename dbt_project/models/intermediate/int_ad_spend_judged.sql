with

ad_spend as (

    select * from {{ ref('stg_ad_spend') }}

),

exchange_rates as (

    select * from {{ ref('int_exchange_rates') }}

),

judged as (

    select
        ad_spend.*,
        {{ converted('ad_spend.spend') }} as amount,
        coalesce(
            {{ unbelievable_date('spend_date', 'ad_spend.spend_date') }},
            {{ missing_rate('ad_spend.currency', 'ad_spend.spend_date') }}
        ) as _reason

    from ad_spend

    inner join exchange_rates as int_exchange_rates
        on ad_spend.currency = int_exchange_rates.currency
        and ad_spend.spend_date = int_exchange_rates.business_date

),

final as (

    select
        *,
        {{ row_state(
            ['_ids', 'spend_date', 'method', 'platform', 'account_id', 'campaign_id', 'ad_group_id'],
            'spend_date',
        ) }} as row_state

    from judged

)

select * from final

with

rates as (

    select * from {{ ref('int_fx_rates_judged') }}
    where row_state in ('current', 'after_as_of')

),

currencies_of_days as (

    select
        currency,
        spend_date as business_date
    from {{ ref('stg_ad_spend') }}

    union

    select
        currency,
        order_date as business_date
    from {{ ref('stg_orders') }}

    union

    select
        currency,
        event_date as business_date
    from {{ ref('stg_loyalty_events') }}

    union

    select
        currency,
        period_start as business_date
    from {{ ref('stg_process_costs') }}

),

-- A rate holds until the next one: on weekends and holidays none is published.
latest_rates as (

    select
        currency,
        rate_date,
        rate,
        lead(rate_date) over (partition by currency order by rate_date) as next_rate_date

    from rates

    where currency != 'EUR'

),

-- Both sides of a conversion on each day that needs one; the euro is the measure of the others.
pairs as (

    select
        currency as from_currency,
        '{{ var("business")["currency"] }}' as to_currency,
        business_date

    from currencies_of_days

),

final as (

    select
        pairs.from_currency as currency,
        pairs.business_date,
        case
            when pairs.from_currency = pairs.to_currency then cast(1 as decimal(20, 10))
            when pairs.from_currency = 'EUR' then cast(1 as decimal(20, 10))
            else from_rates.rate
        end as from_rate,
        case
            when pairs.from_currency = pairs.to_currency then cast(1 as decimal(20, 10))
            when pairs.to_currency = 'EUR' then cast(1 as decimal(20, 10))
            else to_rates.rate
        end as to_rate

    from pairs

    left join latest_rates as from_rates
        on pairs.from_currency = from_rates.currency
        and pairs.business_date >= from_rates.rate_date
        and (pairs.business_date < from_rates.next_rate_date or from_rates.next_rate_date is null)
    left join latest_rates as to_rates
        on pairs.to_currency = to_rates.currency
        and pairs.business_date >= to_rates.rate_date
        and (pairs.business_date < to_rates.next_rate_date or to_rates.next_rate_date is null)

)

select * from final

with

orders as (

    select * from {{ ref('int_orders_sequenced') }}

),

leads as (

    select * from {{ ref('int_leads_counted') }}

),

winning_orders as (

    select
        person_key,
        order_id,
        ordered_at as customer_since,
        order_date as customer_since_date,
        lead_id as named_lead_id

    from orders

    where person_order_number = {{ var('completed_orders') }}

),

-- A duplicate stands for its counted lead; what is no lead is passed over.
named_leads as (

    select
        winning_orders.person_key,
        leads.counted_lead_id

    from winning_orders

    inner join leads on winning_orders.named_lead_id = leads.lead_id

    where leads.counted_lead_id is not null

),

latest_leads as (

    select
        winning_orders.person_key,
        leads.lead_id

    from winning_orders

    inner join leads on winning_orders.person_key = leads.person_key

    where
        leads.is_lead
        and leads.created_at <= winning_orders.customer_since
        and {{ microseconds_between('leads.created_at', 'winning_orders.customer_since') }}
        <= {{ days_in_microseconds(var('lead_to_customer_days')) }}

    qualify row_number() over (
        partition by winning_orders.person_key
        order by leads.created_at desc, leads.lead_id desc
    ) = 1

),

final as (

    select
        winning_orders.person_key,
        winning_orders.customer_since,
        winning_orders.customer_since_date,
        coalesce(named_leads.counted_lead_id, latest_leads.lead_id) as lead_id,
        case when leads.lead_id is null then '(no lead)' else leads.method end as method,
        case
            when leads.lead_id is null then '(no lead)'
            else coalesce(leads.campaign_id, '(none)')
        end as campaign_id,
        case
            when leads.lead_id is null then '(no lead)'
            else coalesce(leads.unit, '(none)')
        end as unit,
        case
            when leads.lead_id is null then '(no lead)'
            else coalesce(leads.employee, '(none)')
        end as employee

    from winning_orders

    left join named_leads on winning_orders.person_key = named_leads.person_key
    left join latest_leads on winning_orders.person_key = latest_leads.person_key
    left join leads on coalesce(named_leads.counted_lead_id, latest_leads.lead_id) = leads.lead_id

)

select * from final

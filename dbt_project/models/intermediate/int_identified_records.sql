with

leads as (

    select * from {{ ref('int_leads_judged') }}
    where row_state = 'current'

),

orders as (

    select * from {{ ref('int_orders_judged') }}
    where row_state = 'current'

),

loyalty_events as (

    select * from {{ ref('int_loyalty_events_judged') }}
    where row_state = 'current'

),

records as (

    select
        'lead' as record_kind,
        lead_id as record_id,
        customer_id,
        email,
        phone
    from leads

    union all

    select
        'order' as record_kind,
        order_id as record_id,
        customer_id,
        email,
        phone
    from orders

    union all

    select
        'loyalty_event' as record_kind,
        event_id as record_id,
        customer_id,
        email,
        phone
    from loyalty_events

),

{% set kinds = var('match_on') %}
{% set ignored = var('ignored_identifiers') %}
-- One row per identifier of a record: what may be matched on, and is not ignored by name.
final as (

    {% for kind in kinds %}
    select
        record_kind,
        record_id,
        '{{ kind }}' as identifier_kind,
        {{ kind }} as identifier
    from records
    where
        {{ kind }} is not null
        {% if ignored %}
        and {{ kind }} not in ({{ texts(ignored) }})
        {% endif %}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from final

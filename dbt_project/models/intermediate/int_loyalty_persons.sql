with

-- A loyalty event belongs to a person; its cost follows the lead of that person as a customer.
final as (

    select
        events_judged.*,
        record_persons.person_key,
        coalesce(customers_won.method, '(no lead)') as method

    from {{ ref('int_loyalty_events_judged') }} as events_judged

    left join {{ ref('int_record_persons') }} as record_persons
        on events_judged.event_id = record_persons.record_id
        and record_persons.record_kind = 'loyalty_event'
    left join {{ ref('int_customers_won') }} as customers_won
        on record_persons.person_key = customers_won.person_key

    where events_judged.row_state = 'current'

)

select * from final

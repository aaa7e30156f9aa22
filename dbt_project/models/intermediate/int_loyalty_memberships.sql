with

turns as (

    select
        person_key,
        event,
        event_date as from_date,
        lead(event_date) over person_life as until_date

    from {{ ref('int_loyalty_persons') }}

    where event in ('enrolled', 'left') and person_key is not null

    window person_life as (
        partition by person_key
        order by happened_at, event_id
    )

),

-- Whoever joins and leaves on one day is no member at the end of it.
final as (

    select
        person_key,
        from_date,
        until_date

    from turns

    where event = 'enrolled' and (until_date is null or from_date < until_date)

)

select * from final

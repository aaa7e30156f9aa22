with

periods as (

    select * from {{ ref('int_periods') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}
    where person_order_number is not null

),

customers as (

    select * from {{ ref('int_customers_won') }}

),

segments as (

    select * from {{ ref('int_customer_base_segments') }}

),

memberships as (

    select * from {{ ref('int_loyalty_memberships') }}

),

-- The days on which a customer of the base was a member of the programme.
member_segments as (

    select
        segments.method,
        greatest(segments.from_date, memberships.from_date) as from_date,
        least(
            segments.until_date,
            coalesce(memberships.until_date, segments.until_date)
        ) as until_date

    from segments

    inner join memberships
        on segments.person_key = memberships.person_key
        and memberships.from_date < segments.until_date
        and (memberships.until_date is null or memberships.until_date > segments.from_date)

),

changes as (

    select
        'customer_base' as measure,
        from_date as change_date,
        method,
        1 as change
    from segments

    union all

    select
        'customer_base' as measure,
        until_date as change_date,
        method,
        -1 as change
    from segments

    union all

    select
        'loyalty_members' as measure,
        from_date as change_date,
        method,
        1 as change
    from member_segments
    where from_date < until_date

    union all

    select
        'loyalty_members' as measure,
        until_date as change_date,
        method,
        -1 as change
    from member_segments
    where from_date < until_date

    union all

    select
        case
            when orders.person_order_number = 1 then 'people_with_order'
            else 'repeat_customers'
        end as measure,
        orders.order_date as change_date,
        coalesce(customers.method, '(no lead)') as method,
        1 as change
    from orders
    left join customers on orders.person_key = customers.person_key
    where orders.person_order_number in (1, 2)

),

daily_changes as (

    select
        measure,
        change_date,
        'method' as dimension,
        method as member,
        sum(change) as change
    from changes
    group by
        measure,
        change_date,
        method

    union all

    select
        measure,
        change_date,
        'all' as dimension,
        'all' as member,
        sum(change) as change
    from changes
    group by
        measure,
        change_date

),

-- The running sum holds from one change to the next.
levels as (

    select
        measure,
        dimension,
        member,
        change_date as from_date,
        lead(change_date) over level_order as until_date,
        sum(change) over level_order as level

    from daily_changes

    window level_order as (
        partition by measure, dimension, member
        order by change_date
    )

),

final as (

    select
        levels.measure,
        periods.period_grain,
        periods.period_start,
        levels.dimension,
        levels.member,
        cast(levels.level as decimal(38, 4)) as amount

    from levels

    inner join periods
        on periods.counted_until >= levels.from_date
        and (periods.counted_until < levels.until_date or levels.until_date is null)

    where levels.level != 0

)

select * from final

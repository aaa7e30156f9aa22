with

months as (

    select
        period_start as base_month,
        counted_until
    from {{ ref('int_periods') }}
    where period_grain = 'month'

),

customers as (

    select * from {{ ref('int_customers_won') }}

),

segments as (

    select * from {{ ref('int_customer_base_segments') }}

),

period_measures as (

    select * from {{ ref('int_period_measures') }}
    where period_grain = 'month' and dimension in ('all', 'method')

),

-- How many of the customers won on a day are in the base at each month's end.
heads as (

    select
        customers.customer_since_date,
        customers.method,
        months.base_month,
        count(*) as heads

    from segments

    inner join customers on segments.person_key = customers.person_key
    inner join months
        on segments.from_date <= months.counted_until
        and segments.until_date > months.counted_until

    group by
        customers.customer_since_date,
        customers.method,
        months.base_month

),

heads_of_members as (

    select
        customer_since_date,
        base_month,
        'method' as dimension,
        method as member,
        heads
    from heads

    union all

    select
        customer_since_date,
        base_month,
        'all' as dimension,
        'all' as member,
        sum(heads) as heads
    from heads
    group by
        customer_since_date,
        base_month

),

costs as (

    select
        bases.period_start as base_month,
        bases.dimension,
        bases.member,
        cast(bases.amount as bigint) as customer_base,
        cast(retention.amount as decimal(18, 4)) as retention_cost

    from period_measures as bases

    inner join period_measures as retention
        on bases.period_start = retention.period_start
        and bases.dimension = retention.dimension
        and bases.member = retention.member
        and retention.measure = 'retention_cost'

    where bases.measure = 'customer_base'

),

-- Each head carries the same part of the month's cost of keeping the member's customers.
final as (

    select
        heads_of_members.customer_since_date,
        heads_of_members.dimension,
        heads_of_members.member,
        sum(
            {{ fine_part_of_amount(
                'costs.retention_cost',
                'heads_of_members.heads',
                'costs.customer_base',
            ) }}
        ) as fine_keeping_cost

    from heads_of_members

    inner join costs
        on heads_of_members.base_month = costs.base_month
        and heads_of_members.dimension = costs.dimension
        and heads_of_members.member = costs.member

    group by
        heads_of_members.customer_since_date,
        heads_of_members.dimension,
        heads_of_members.member

)

select * from final

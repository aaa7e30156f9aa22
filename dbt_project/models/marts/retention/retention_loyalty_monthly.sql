with

months as (

    select * from {{ ref('int_periods') }}
    where period_grain = 'month'

),

{% set counts = ['customer_base', 'loyalty_members'] %}
{% set amounts = ['points_earned', 'points_redeemed', 'retention_cost'] %}
measures as (

    select
        period_start,
        {{ measures_as_columns(counts, 'bigint') }},
        {{ measures_as_columns(amounts, 'decimal(18, 4)') }}

    from {{ ref('int_period_measures') }}

    where
        period_grain = 'month'
        and dimension = 'all'
        and measure in ({{ texts(counts + amounts) }})

    group by period_start

),

loyalty_events as (

    select
        cast(date_trunc('month', event_date) as date) as period_start,
        count(case when event = 'enrolled' then 1 end) as enrolled,
        count(case when event = 'left' then 1 end) as left_programme,
        sum(cost_converted) as loyalty_cost

    from {{ ref('int_loyalty_persons') }}

    group by cast(date_trunc('month', event_date) as date)

),

people_of_months as (

    select
        person_key,
        cast(date_trunc('month', order_date) as date) as period_start,
        count(*) as orders,
        sum(net_revenue) as revenue,
        sum(gross_profit) as profit

    from {{ ref('int_orders_sequenced') }}

    where person_order_number is not null

    group by
        person_key,
        cast(date_trunc('month', order_date) as date)

),

-- A person is one or the other for the whole month, by how it ended for them.
people as (

    select
        people_of_months.*,
        memberships.person_key is not null as is_member

    from people_of_months

    inner join months on people_of_months.period_start = months.period_start
    left join {{ ref('int_loyalty_memberships') }} as memberships
        on people_of_months.person_key = memberships.person_key
        and months.counted_until >= memberships.from_date
        and (memberships.until_date is null or months.counted_until < memberships.until_date)

),

activity as (

    select
        period_start,
        count(case when is_member then 1 end) as active_members,
        count(case when not is_member then 1 end) as active_non_members,
        sum(case when is_member then orders end) as orders_of_members,
        sum(case when not is_member then orders end) as orders_of_non_members,
        sum(case when is_member then revenue end) as revenue_of_members,
        sum(case when not is_member then revenue end) as revenue_of_non_members,
        sum(case when is_member then profit end) as profit_of_members,
        sum(case when not is_member then profit end) as profit_of_non_members

    from people

    group by period_start

),

final as (

    select
        months.period_start as month,
        cast(coalesce(measures.customer_base, 0) as bigint) as customer_base,
        cast(coalesce(measures.loyalty_members, 0) as bigint) as loyalty_members,
        {{ quotient('measures.loyalty_members', 'measures.customer_base') }}
            as loyalty_member_rate,
        cast(coalesce(loyalty_events.enrolled, 0) as bigint) as enrolled,
        cast(coalesce(loyalty_events.left_programme, 0) as bigint) as left_programme,
        cast(coalesce(measures.points_earned, 0) as decimal(18, 4)) as points_earned,
        cast(coalesce(measures.points_redeemed, 0) as decimal(18, 4)) as points_redeemed,
        {{ quotient('measures.points_redeemed', 'measures.points_earned') }} as redemption_rate,
        cast(coalesce(loyalty_events.loyalty_cost, 0) as decimal(18, 4)) as loyalty_cost,
        cast(coalesce(measures.retention_cost, 0) as decimal(18, 4)) as retention_cost,
        cast(coalesce(activity.active_members, 0) as bigint) as active_members,
        cast(coalesce(activity.active_non_members, 0) as bigint) as active_non_members,
        cast(coalesce(activity.orders_of_members, 0) as bigint) as orders_of_members,
        cast(coalesce(activity.orders_of_non_members, 0) as bigint) as orders_of_non_members,
        cast(coalesce(activity.revenue_of_members, 0) as decimal(18, 4)) as revenue_of_members,
        cast(coalesce(activity.revenue_of_non_members, 0) as decimal(18, 4))
            as revenue_of_non_members,
        cast(coalesce(activity.profit_of_members, 0) as decimal(18, 4)) as profit_of_members,
        cast(coalesce(activity.profit_of_non_members, 0) as decimal(18, 4))
            as profit_of_non_members,
        {{ quotient('activity.revenue_of_members', 'activity.active_members') }}
            as revenue_per_member,
        {{ quotient('activity.revenue_of_non_members', 'activity.active_non_members') }}
            as revenue_per_non_member,
        months.period_end <= {{ as_of() }} as is_mature

    from months

    left join measures on months.period_start = measures.period_start
    left join loyalty_events on months.period_start = loyalty_events.period_start
    left join activity on months.period_start = activity.period_start

)

select * from final

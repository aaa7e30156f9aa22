with

customers as (

    select * from {{ ref('int_customers_won') }}

),

orders as (

    select * from {{ ref('int_orders_sequenced') }}
    where person_order_number is not null

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

profits as (

    select
        customers.customer_since_date,
        customers.method,
        orders.order_date,
        sum(orders.gross_profit) as gross_profit

    from customers

    inner join orders on customers.person_key = orders.person_key

    group by
        customers.customer_since_date,
        customers.method,
        orders.order_date

),

placed as (

    select
        period_days.period_grain,
        period_days.period_start,
        profits.method,
        profits.order_date,
        profits.gross_profit,
        (year(profits.order_date) - year(period_days.period_start)) * 12
        + month(profits.order_date) - month(period_days.period_start) as calendar_months

    from profits

    inner join period_days on profits.customer_since_date = period_days.calendar_date

),

-- The number of months after which an order lies behind, counted from the period's first day.
numbered as (

    select
        period_grain,
        period_start,
        method,
        case
            when order_date < period_start then 1
            when
                {{ months_after('period_start', 'calendar_months') }} > order_date
                and calendar_months >= 1
                then calendar_months
            else calendar_months + 1
        end as months_after_start,
        gross_profit

    from placed

),

final as (

    {% for dimension in ['all', 'method'] %}
    select
        period_grain,
        period_start,
        '{{ dimension }}' as dimension,
        {{ "'all'" if dimension == 'all' else dimension }} as member,
        months_after_start,
        cast(sum(gross_profit) as decimal(38, 4)) as gross_profit
    from numbered
    group by
        period_grain,
        period_start,
        {% if dimension != 'all' %}{{ dimension }},{% endif %}
        months_after_start

    {{ 'union all' if not loop.last }}

    {% endfor %}

)

select * from final

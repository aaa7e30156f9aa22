with

links as (

    select * from {{ ref('int_chain_links') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

{% set drivers = [
    'leads',
    'filter_pass_rate',
    'customers_per_qualified_lead',
    'orders_per_active_customer',
    'order_value',
    'margin',
    'existing_customers',
    'anonymous_sales',
    'acquisition_cost',
    'sales_cost',
    'retention_cost',
] %}
drivers (position, driver) as (

    values
    (0, 'nothing yet')
    {%- for driver in drivers %},
    ({{ loop.index }}, '{{ driver }}')
    {%- endfor %}

),

-- At each position one more link is that of this period; one that has no value takes the other's,
-- so that it changes nothing.
replaced as (

    select
        links.period_grain,
        links.period_start,
        links.dimension,
        links.member,
        links.contribution_before,
        links.contribution_after,
        drivers.position,
        drivers.driver,
        case drivers.driver
            {% for driver in drivers %}
            when '{{ driver }}' then cast(links.{{ driver }}_before as double)
            {% endfor %}
        end as before,
        case drivers.driver
            {% for driver in drivers %}
            when '{{ driver }}' then cast(links.{{ driver }}_after as double)
            {% endfor %}
        end as after,
        {% for driver in drivers %}
        case
            when drivers.position >= {{ loop.index }}
                then coalesce(links.{{ driver }}_after, links.{{ driver }}_before, 0)
            else coalesce(links.{{ driver }}_before, links.{{ driver }}_after, 0)
        end as {{ driver }},
        {% endfor %}
        -- These belong to the links customers_per_qualified_lead and margin.
        case
            when drivers.position >= 3 then links.customers_without_qualified_lead_after
            else links.customers_without_qualified_lead_before
        end as customers_without_qualified_lead,
        case
            when drivers.position >= 6 then links.profit_without_revenue_after
            else links.profit_without_revenue_before
        end as profit_without_revenue,
        -- With all links of one period, existing_customers the last, it is what was really earned.
        case
            when drivers.position = 0 then links.identified_gross_profit_before
            when drivers.position >= 7 then links.identified_gross_profit_after
        end as real_gross_profit

    from links

    cross join drivers

),

staged as (

    select
        *,
        coalesce(
            real_gross_profit,
            {{ amount_of_float(
                '(
                    leads * filter_pass_rate * customers_per_qualified_lead
                    + cast(customers_without_qualified_lead as double) + existing_customers
                )
                * orders_per_active_customer * order_value * margin
                + cast(profit_without_revenue as double)'
            ) }}
        ) + anonymous_sales - acquisition_cost - sales_cost - retention_cost as stage
    from replaced

),

steps as (

    select
        *,
        stage - lag(stage) over (
            partition by period_grain, period_start, dimension, member
            order by position
        ) as amount
    from staged

),

final as (

    select
        cast(steps.period_grain as {{ dbt.type_string() }}) as period_grain,
        steps.period_start,
        cast(steps.dimension as {{ dbt.type_string() }}) as dimension,
        cast(steps.member as {{ dbt.type_string() }}) as member,
        cast(steps.position as bigint) as position,
        cast(steps.driver as {{ dbt.type_string() }}) as driver,
        periods.period_end,
        steps.before,
        steps.after,
        cast(steps.amount as decimal(18, 4)) as amount,
        cast(steps.contribution_after as decimal(18, 4)) as contribution,
        cast(steps.contribution_before as decimal(18, 4)) as previous_contribution,
        cast(steps.contribution_after - steps.contribution_before as decimal(18, 4)) as change,
        periods.period_end <= {{ as_of() }} as is_mature

    from steps

    inner join periods
        on steps.period_grain = periods.period_grain
        and steps.period_start = periods.period_start

    where steps.position > 0

)

select * from final

with

contributions as (

    select * from {{ ref('kpi_scorecard') }}
    where kpi = 'contribution'

),

period_measures as (

    select * from {{ ref('int_period_measures') }}
    where dimension in ('all', 'method')

),

-- Every amount counts in its own period, and in the next one as what was before.
amounts as (

    select
        'after' as moment,
        measure,
        period_grain,
        period_start,
        dimension,
        member,
        amount
    from period_measures

    union all

    select
        'before' as moment,
        period_measures.measure,
        periods.period_grain,
        periods.period_start,
        period_measures.dimension,
        period_measures.member,
        period_measures.amount

    from period_measures

    inner join {{ ref('int_periods') }} as periods
        on period_measures.period_grain = periods.period_grain
        and period_measures.period_start = periods.previous_period_start

),

{% set measures = [
    'leads',
    'qualified_leads',
    'new_customers',
    'active_customers',
    'first_buyers',
    'later_orders',
    'identified_revenue',
    'identified_gross_profit',
    'gross_profit',
    'acquisition_cost',
    'sales_cost',
    'retention_cost',
    'contribution',
] %}
-- Also a day on which nothing happened has its drivers: nothing.
measured as (

    select
        {% for measure in measures %}
        {% for moment in ['before', 'after'] %}
        cast(coalesce(sum(
            case
                when amounts.measure = '{{ measure }}' and amounts.moment = '{{ moment }}'
                    then amounts.amount
            end
        ), 0) as decimal(38, 4)) as {{ measure }}_{{ moment }},
        {% endfor %}
        {% endfor %}
        contributions.period_grain,
        contributions.period_start,
        contributions.dimension,
        contributions.member

    from contributions

    left join amounts
        on contributions.period_grain = amounts.period_grain
        and contributions.period_start = amounts.period_start
        and contributions.dimension = amounts.dimension
        and contributions.member = amounts.member

    group by
        contributions.period_grain,
        contributions.period_start,
        contributions.dimension,
        contributions.member

),

-- The links of the chain in both periods; of nothing there is no rate. An identified order is
-- somebody's first or a later one.
links as (

    select
        {% for moment in ['before', 'after'] %}
        cast(leads_{{ moment }} as double) as leads_{{ moment }},
        cast(qualified_leads_{{ moment }} as double)
        / cast(nullif(leads_{{ moment }}, 0) as double) as filter_pass_rate_{{ moment }},
        cast(new_customers_{{ moment }} as double)
        / cast(nullif(qualified_leads_{{ moment }}, 0) as double)
            as customers_per_qualified_lead_{{ moment }},
        cast(first_buyers_{{ moment }} + later_orders_{{ moment }} as double)
        / cast(nullif(active_customers_{{ moment }}, 0) as double)
            as orders_per_active_customer_{{ moment }},
        cast(identified_revenue_{{ moment }} as double)
        / cast(nullif(first_buyers_{{ moment }} + later_orders_{{ moment }}, 0) as double)
            as order_value_{{ moment }},
        cast(identified_gross_profit_{{ moment }} as double)
        / cast(nullif(identified_revenue_{{ moment }}, 0) as double) as margin_{{ moment }},
        cast(active_customers_{{ moment }} - new_customers_{{ moment }} as double)
            as existing_customers_{{ moment }},
        gross_profit_{{ moment }} - identified_gross_profit_{{ moment }}
            as anonymous_sales_{{ moment }},
        acquisition_cost_{{ moment }},
        sales_cost_{{ moment }},
        retention_cost_{{ moment }},
        -- What no quotient tells: customers without any qualified lead, profit without revenue.
        case
            when qualified_leads_{{ moment }} = 0 then new_customers_{{ moment }} else 0
        end as customers_without_qualified_lead_{{ moment }},
        case
            when identified_revenue_{{ moment }} = 0 then identified_gross_profit_{{ moment }}
            else 0
        end as profit_without_revenue_{{ moment }},
        identified_gross_profit_{{ moment }},
        contribution_{{ moment }},
        {% endfor %}
        period_grain,
        period_start,
        dimension,
        member

    from measured

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
            cast(
                (
                    leads * filter_pass_rate * customers_per_qualified_lead
                    + cast(customers_without_qualified_lead as double) + existing_customers
                )
                * orders_per_active_customer * order_value * margin
                + cast(profit_without_revenue as double) as decimal(38, 4)
            )
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
        cast(contributions.period_grain as {{ dbt.type_string() }}) as period_grain,
        contributions.period_start,
        cast(contributions.dimension as {{ dbt.type_string() }}) as dimension,
        cast(contributions.member as {{ dbt.type_string() }}) as member,
        cast(steps.position as bigint) as position,
        cast(steps.driver as {{ dbt.type_string() }}) as driver,
        contributions.period_end,
        steps.before,
        steps.after,
        cast(steps.amount as decimal(18, 4)) as amount,
        cast(contributions.numerator as decimal(18, 4)) as contribution,
        cast(steps.contribution_before as decimal(18, 4)) as previous_contribution,
        cast(contributions.numerator - steps.contribution_before as decimal(18, 4)) as change,
        contributions.is_mature

    from contributions

    inner join steps
        on contributions.period_grain = steps.period_grain
        and contributions.period_start = steps.period_start
        and contributions.dimension = steps.dimension
        and contributions.member = steps.member

    where steps.position > 0

)

select * from final

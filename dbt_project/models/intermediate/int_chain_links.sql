with

periods as (

    select * from {{ ref('int_periods') }}

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

    inner join periods
        on period_measures.period_grain = periods.period_grain
        and period_measures.period_start = periods.previous_period_start

),

-- Whoever had a contribution in either period has a change of it; all together have one always.
cells as (

    select
        period_grain,
        period_start,
        'all' as dimension,
        'all' as member
    from periods

    union

    select
        period_grain,
        period_start,
        dimension,
        member
    from amounts
    where measure = 'contribution' and amount != 0

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
        cells.period_grain,
        cells.period_start,
        cells.dimension,
        cells.member

    from cells

    left join amounts
        on cells.period_grain = amounts.period_grain
        and cells.period_start = amounts.period_start
        and cells.dimension = amounts.dimension
        and cells.member = amounts.member

    group by
        cells.period_grain,
        cells.period_start,
        cells.dimension,
        cells.member

),

-- The links of the chain in both periods; of nothing there is no rate. An identified order is
-- somebody's first or a later one.
final as (

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

)

select * from final

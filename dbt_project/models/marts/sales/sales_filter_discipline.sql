with

leads as (

    select * from {{ ref('int_leads_counted') }}

),

lead_outcomes as (

    select * from {{ ref('int_lead_outcomes') }}

),

-- Several people can have the same lead, because an order may name anybody's.
profits as (

    select
        lead_id,
        sum(gross_profit) as gross_profit

    from {{ ref('core_customers') }}

    where lead_id is not null

    group by lead_id

),

-- Leads that differ in nothing are told once, before every criterion looks at them.
kinds as (

    select
        cast(date_trunc('month', leads.lead_date) as date) as lead_month,
        coalesce(leads.unit, '(none)') as unit,
        coalesce(leads.employee, '(none)') as employee,
        leads.method,
        leads.filter_verdicts,
        lead_outcomes.done,
        profits.lead_id is not null as became_customer,
        count(*) as leads,
        count(case when lead_outcomes.is_ignored then 1 end) as ignored_leads,
        count(case when lead_outcomes.is_wasted then 1 end) as wasted_leads,
        coalesce(sum(profits.gross_profit), 0) as gross_profit

    from leads

    inner join lead_outcomes on leads.lead_id = lead_outcomes.lead_id
    left join profits on leads.lead_id = profits.lead_id

    group by
        cast(date_trunc('month', leads.lead_date) as date),
        coalesce(leads.unit, '(none)'),
        coalesce(leads.employee, '(none)'),
        leads.method,
        leads.filter_verdicts,
        lead_outcomes.done,
        profits.lead_id is not null

),

-- In the order in which filter_verdicts has their verdicts.
criteria as (

    {% for name in ['(whole filter)'] + criteria_names('lead_filter') %}
    select
        '{{ name | replace("'", "''") }}' as criterion,
        {{ loop.index }} as verdict_number
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        kinds.lead_month,
        cast(kinds.unit as {{ dbt.type_string() }}) as unit,
        cast(kinds.employee as {{ dbt.type_string() }}) as employee,
        cast(kinds.method as {{ dbt.type_string() }}) as method,
        cast(criteria.criterion as {{ dbt.type_string() }}) as criterion,
        cast(
            split_part(kinds.filter_verdicts, ',', criteria.verdict_number)
            as {{ dbt.type_string() }}
        ) as verdict,
        cast(kinds.done as {{ dbt.type_string() }}) as done,
        kinds.became_customer,
        cast(sum(kinds.leads) as bigint) as leads,
        cast(sum(kinds.ignored_leads) as bigint) as ignored_leads,
        cast(sum(kinds.wasted_leads) as bigint) as wasted_leads,
        cast(sum(kinds.gross_profit) as decimal(18, 4)) as gross_profit

    from kinds

    cross join criteria

    group by
        kinds.lead_month,
        kinds.unit,
        kinds.employee,
        kinds.method,
        criteria.criterion,
        split_part(kinds.filter_verdicts, ',', criteria.verdict_number),
        kinds.done,
        kinds.became_customer

)

select * from final

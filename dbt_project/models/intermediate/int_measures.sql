with

event_measures as (

    select * from {{ ref('int_acquisition_measures') }}
    union all
    select * from {{ ref('int_sales_measures') }}
    union all
    select * from {{ ref('int_retention_measures') }}

),

-- What is left of the gross profit when the three processes are paid.
contribution as (

    select
        'contribution' as measure,
        measure_date,
        method,
        campaign,
        unit,
        employee,
        case when measure = 'gross_profit' then amount else -amount end as amount

    from event_measures

    where measure in ('gross_profit', 'acquisition_cost', 'sales_cost', 'retention_cost')

),

measures as (

    select * from event_measures
    union all
    select * from contribution

),

final as (

    {% for dimension in ['all', 'method', 'campaign', 'unit', 'employee'] %}
    select
        measure,
        measure_date,
        '{{ dimension }}' as dimension,
        {{ "'all'" if dimension == 'all' else dimension }} as member,
        cast(sum(amount) as decimal(38, 4)) as amount
    from measures
    {% if dimension != 'all' %}
    where {{ dimension }} is not null
    {% endif %}
    group by
        measure,
        measure_date
        {% if dimension != 'all' %}, {{ dimension }}{% endif %}

    {{ 'union all' if not loop.last }}

    {% endfor %}

)

select * from final

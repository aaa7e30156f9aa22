{#
    Turn a wide table of measures per day and member into the tidy form: one row per measure.
    A measure is a column, or a pair of a column and the name that it gets. Dimensions that the
    table does not have are NULL.
#}
{% macro measures_of(relation, measures, dimensions, date='measure_date') -%}
    {%- for measure in measures %}
    {%- set column = measure if measure is string else measure[0] %}
    {%- set name = measure if measure is string else measure[1] %}
    select
        '{{ name }}' as measure,
        {{ date }} as measure_date,
        {%- for dimension in ['method', 'campaign', 'unit', 'employee'] %}
        {% if dimension in dimensions %}{{ dimension }}{% else %}cast(null as {{ dbt.type_string() }}) as {{ dimension }}{% endif %},
        {%- endfor %}
        cast({{ column }} as decimal(38, 4)) as amount
    from {{ relation }}
    where {{ column }} != 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# Columns of a type from tidy rows of one measure each; a measure without a row is 0. #}
{% macro measures_as_columns(measures, type) -%}
    {%- for measure in measures %}
        cast(sum(case when measure = '{{ measure }}' then amount else 0 end) as {{ type }})
            as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    The way back: turn a wide table of measures per day and member into the tidy form, one row per
    measure. A measure is a column, or a pair of a column and the name that it gets. Dimensions that
    the table does not have are NULL.
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

{# A rate or a cost per piece, computed last; unknown where there is nothing to divide by. #}
{% macro quotient(numerator, denominator) -%}
    case
        when {{ denominator }} != 0
            then cast({{ numerator }} as double) / cast({{ denominator }} as double)
    end
{%- endmacro %}

{#
    The amount of 4 places that a float stands for, half away from zero. What the float's own last
    bits left over is rounded off first: they must not turn a half into a little less.
#}
{% macro amount_of_float(number) -%}
    cast(cast({{ number }} as decimal(38, 9)) as decimal(18, 4))
{%- endmacro %}

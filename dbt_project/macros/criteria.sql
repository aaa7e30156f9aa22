{#
    The verdict of a list of written criteria on a lead, and the first criterion that it fails.
    A criterion judges the leads of the days on which it is valid; one that no criterion judges passes.
#}
{% macro criteria_verdicts(list_name, verdict, failed) -%}
    {%- set criteria = var(list_name) -%}
    {%- if criteria -%}
    {%- for criterion in criteria %}
        {{ judged(criterion) }} and not {{ is_met(criterion['where']) }} as {{ list_name }}_{{ loop.index }}_fails,
    {%- endfor %}
        case
        {%- for criterion in criteria %}
            when {{ list_name }}_{{ loop.index }}_fails then '{{ criterion["name"] | replace("'", "''") }}'
        {%- endfor %}
        end as {{ failed }},
        {{ failed }} is null as {{ verdict }}
    {%- else -%}
        cast(null as {{ dbt.type_string() }}) as {{ failed }},
        true as {{ verdict }}
    {%- endif -%}
{%- endmacro %}

{% macro judged(criterion) -%}
    (
        true
        {%- if criterion['valid_from'] %} and lead_date >= cast('{{ criterion["valid_from"] }}' as date){% endif -%}
        {%- if criterion['valid_to'] %} and lead_date <= cast('{{ criterion["valid_to"] }}' as date){% endif -%}
    )
{%- endmacro %}

{# Texts of business.yml as a list between parentheses. #}
{% macro texts(values) -%}
    {%- for value in values %}'{{ value | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}

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

{#
    The verdict of the whole list, then of each criterion by its name, joined by commas: passed, cut
    (by this criterion first), also_failed, or not_valid on the lead's day. Stands below
    criteria_verdicts, whose answers it reads. Versions of one name never judge the same day.
#}
{% macro verdicts_in_order(list_name, failed) -%}
    case when {{ failed }} is null then 'passed' else 'cut' end
    {%- for name in criteria_names(list_name) %}
        || ',' || case
        {%- for criterion in var(list_name) if criterion['name'] == name %}
        {%- set fails = list_name ~ '_' ~ (var(list_name).index(criterion) + 1) ~ '_fails' %}
            when {{ fails }} and {{ failed }} = '{{ name | replace("'", "''") }}' then 'cut'
            when {{ fails }} then 'also_failed'
            when {{ judged(criterion) }} then 'passed'
        {%- endfor %}
            else 'not_valid'
        end
    {%- endfor %}
{%- endmacro %}

{# The names of a list's criteria, in its order; a criterion that changed one day has one name. #}
{% macro criteria_names(list_name) -%}
    {{ return(var(list_name) | map(attribute='name') | unique(case_sensitive=true) | list) }}
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

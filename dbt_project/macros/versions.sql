{#
    Where a delivered row went: `quarantined`, `superseded`, `after_as_of` or `current`.
    The latest valid version of a key wins: by updated_at (none first), then by delivery, file and line.
#}
{% macro row_state(key, dated, updated_at=none) -%}
    case
        when _reason is not null then 'quarantined'
        when
            row_number() over (
                partition by {{ key | join(', ') }}, _reason is null
                order by
                    {% if updated_at %}{{ updated_at }} desc nulls last,{% endif %}
                    _delivery desc, _file desc, _line desc
            ) > 1
            then 'superseded'
        when {{ dated }} > {{ as_of() }} then 'after_as_of'
        else 'current'
    end
{%- endmacro %}

{# Why a date cannot be true; NULL where it can. #}
{% macro unbelievable_date(name, date) -%}
    case
        when {{ date }} < cast('{{ var("history_from") }}' as date)
            then '{{ name }} ' || cast({{ date }} as {{ dbt.type_string() }}) || ' lies before {{ var("history_from") }}'
        when {{ date }} > {{ days_after(as_of(), 366) }}
            then '{{ name }} ' || cast({{ date }} as {{ dbt.type_string() }}) || ' lies more than 366 days ahead'
    end
{%- endmacro %}

{# Why an amount cannot be converted; NULL where it can. #}
{% macro missing_rate(currency, date) -%}
    case
        when int_exchange_rates.from_rate is null or int_exchange_rates.to_rate is null
            then 'no rate from ' || {{ currency }} || ' to {{ var("business")["currency"] }} on or before '
                || cast({{ date }} as {{ dbt.type_string() }})
    end
{%- endmacro %}

{# An amount of a row in the business's currency; needs the row's line of int_exchange_rates beside it. #}
{% macro converted(amount) -%}
    case
        when int_exchange_rates.from_rate = int_exchange_rates.to_rate then {{ amount }}
        else {{ part_of_amount(
            amount,
            whole_rate('int_exchange_rates.to_rate'),
            whole_rate('int_exchange_rates.from_rate'),
        ) }}
    end
{%- endmacro %}

{#
    The last day that counts, and its end in UTC. They change with every load, so they come from
    the environment while models run: were they vars, dbt would parse the whole project anew each day.
#}
{% macro as_of() -%} cast('{{ setting_of_load("as_of") }}' as date) {%- endmacro %}

{% macro as_of_moment() -%} cast('{{ setting_of_load("as_of_moment") }}' as timestamp) {%- endmacro %}

{% macro setting_of_load(name) -%}
    {%- if execute -%}
        {{ var(name) or env_var('WAREHOUSE_' ~ name | upper) }}
    {%- else -%}
        2000-01-01
    {%- endif -%}
{%- endmacro %}

{# The columns that say where a row came from. #}
{% macro place_columns() -%}
    _ids,
    _source,
    _delivery,
    _file,
    _line
{%- endmacro %}

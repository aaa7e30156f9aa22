{# A decimal number as people write it: thousands apart, and so many decimals. #}
{% macro number_text(number, decimals) -%}
    {{ return(adapter.dispatch('number_text')(number, decimals)) }}
{%- endmacro %}

{% macro duckdb__number_text(number, decimals) -%}
    format('{:,.{{ decimals }}f}', cast({{ number }} as decimal(18, {{ decimals }})))
{%- endmacro %}

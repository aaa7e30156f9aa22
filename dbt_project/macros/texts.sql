{# A rate as people write it: 12.3 %. Decimal first: a float's last bit must not decide the rounding. #}
{% macro rate_text(rate) -%}
    {{ number_text('cast(' ~ rate ~ ' * 100 as decimal(18, 6))', 1) }} || ' %'
{%- endmacro %}

{# An amount of money as people write it: 9.50 EUR, 130 EUR, 1,204 EUR. Above 1,000 nobody needs the cents. #}
{% macro money_text(amount) -%}
    {%- set exact = 'cast(' ~ amount ~ ' as decimal(18, 4))' -%}
    case
        when abs({{ exact }}) >= 1000 or cast({{ exact }} as decimal(18, 2)) = cast({{ exact }} as decimal(18, 0))
            then {{ number_text(exact, 0) }}
        else {{ number_text(exact, 2) }}
    end || ' {{ var("business")["currency"] }}'
{%- endmacro %}

{# The value of a rate or of a cost per piece as people write it. #}
{% macro value_text(value, unit) -%}
    case {{ unit }} when 'ratio' then {{ rate_text(value) }} else {{ money_text(value) }} end
{%- endmacro %}

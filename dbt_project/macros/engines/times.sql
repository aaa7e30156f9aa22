{# The day on which a UTC moment falls for the business. #}
{% macro business_date(moment) -%}
    {{ return(adapter.dispatch('business_date')(moment)) }}
{%- endmacro %}

{% macro duckdb__business_date(moment) -%}
    cast({{ moment }} at time zone 'UTC' at time zone '{{ var("business")["timezone"] }}' as date)
{%- endmacro %}


{# Elapsed time between two moments, in microseconds: no boundaries are counted. #}
{% macro microseconds_between(first, last) -%}
    {{ return(adapter.dispatch('microseconds_between')(first, last)) }}
{%- endmacro %}

{% macro duckdb__microseconds_between(first, last) -%}
    date_diff('microsecond', {{ first }}, {{ last }})
{%- endmacro %}

{% macro days_in_microseconds(days) -%} (cast({{ days }} as bigint) * 86400000000) {%- endmacro %}

{% macro hours_in_microseconds(hours) -%} (cast({{ hours }} as bigint) * 3600000000) {%- endmacro %}


{# A day some days later; dates stay dates. #}
{% macro days_after(date, days) -%}
    {{ return(adapter.dispatch('days_after')(date, days)) }}
{%- endmacro %}

{% macro duckdb__days_after(date, days) -%}
    ({{ date }} + cast({{ days }} as integer))
{%- endmacro %}


{# How many days lie between two dates; 0 for the same day. #}
{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between')(first, last)) }}
{%- endmacro %}

{% macro duckdb__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}


{# The last day of the period of a grain that begins on a day. #}
{% macro period_end(grain, period_start) -%}
    {{ return(adapter.dispatch('period_end')(grain, period_start)) }}
{%- endmacro %}

{% macro duckdb__period_end(grain, period_start) -%}
    cast({{ period_start }} + interval 1 {{ grain }} - interval 1 day as date)
{%- endmacro %}


{# The first day of the period of a grain before the one that begins on a day. #}
{% macro previous_period(grain, period_start) -%}
    {{ return(adapter.dispatch('previous_period')(grain, period_start)) }}
{%- endmacro %}

{% macro duckdb__previous_period(grain, period_start) -%}
    cast({{ period_start }} - interval 1 {{ grain }} as date)
{%- endmacro %}


{# A select of one column, `calendar_date`: each day from the first to the last of two dates. #}
{% macro each_day(first, last, from_relation) -%}
    {{ return(adapter.dispatch('each_day')(first, last, from_relation)) }}
{%- endmacro %}

{% macro duckdb__each_day(first, last, from_relation) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date) as calendar_date
    from {{ from_relation }}
{%- endmacro %}


{# The same day some months later, or the last day of a shorter month. #}
{% macro months_after(date, months) -%}
    {{ return(adapter.dispatch('months_after')(date, months)) }}
{%- endmacro %}

{% macro duckdb__months_after(date, months) -%}
    cast({{ date }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}


{# How many whole months lie between the first day of a month and another date. #}
{% macro months_between(first_of_month, date) -%}
    cast(
        (year({{ date }}) - year({{ first_of_month }})) * 12
        + month({{ date }}) - month({{ first_of_month }}) as bigint
    )
{%- endmacro %}

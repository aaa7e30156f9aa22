{#
    A money amount as a whole number of ten-thousandths; made wide first, since DuckDB keeps a product
    of narrow decimals narrow, and then ten billion were too much.
#}
{% macro ten_thousandths(amount) -%}
    {{ return(adapter.dispatch('ten_thousandths')(amount)) }}
{%- endmacro %}

{% macro duckdb__ten_thousandths(amount) -%}
    cast(cast({{ amount }} as decimal(28, 4)) * cast(10000 as decimal(5, 0)) as hugeint)
{%- endmacro %}


{# A rate as a whole number of units of its last place. #}
{% macro whole_rate(rate) -%}
    {{ return(adapter.dispatch('whole_rate')(rate)) }}
{%- endmacro %}

{% macro duckdb__whole_rate(rate) -%}
    cast({{ rate }} * cast(10000000000 as decimal(11, 0)) as hugeint)
{%- endmacro %}


{#
    amount × numerator / denominator, rounded to 4 places, half away from zero, without a float
    on the way: a quotient of decimals is a float in DuckDB and a rounded decimal in Spark.
    Numerator and denominator are whole numbers, the denominator above 0.
#}
{% macro part_of_amount(amount, numerator, denominator) -%}
    {{ return(adapter.dispatch('part_of_amount')(amount, numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__part_of_amount(amount, numerator, denominator) -%}
    cast(
        cast(
            sign({{ amount }}) * (
                (2 * abs({{ ten_thousandths(amount) }}) * {{ numerator }} + cast({{ denominator }} as hugeint))
                // (2 * cast({{ denominator }} as hugeint))
            ) as decimal(20, 0)
        ) * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)
    )
{%- endmacro %}


{# A condition that the business wrote: what is NULL or cannot be cast is "not met". #}
{% macro is_met(condition) -%}
    {{ return(adapter.dispatch('is_met')(condition)) }}
{%- endmacro %}

{% macro duckdb__is_met(condition) -%}
    coalesce(try((
        {{ condition }}
    )), false)
{%- endmacro %}


{#
    amount × numerator / denominator as a whole number of 10^-18: fine enough that many such
    parts can be added up before they are rounded once.
#}
{% macro fine_part_of_amount(amount, numerator, denominator) -%}
    {{ return(adapter.dispatch('fine_part_of_amount')(amount, numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__fine_part_of_amount(amount, numerator, denominator) -%}
    sign({{ amount }}) * (
        (
            abs({{ ten_thousandths(amount) }}) * {{ numerator }} * cast(200000000000000 as hugeint)
            + {{ denominator }}
        )
        // (2 * cast({{ denominator }} as hugeint))
    )
{%- endmacro %}


{#
    A sum of fine parts as an amount of 4 places, half away from zero. What the parts' own last
    places left over is rounded off first: thirds must not turn a half into a little less.
#}
{% macro amount_of_fine_parts(parts) -%}
    {{ return(adapter.dispatch('amount_of_fine_parts')(parts)) }}
{%- endmacro %}

{% macro duckdb__amount_of_fine_parts(parts) -%}
    cast(
        cast(
            sign({{ parts }}) * (
                ((abs({{ parts }}) + 5000) // 10000 + 5000000000) // cast(10000000000 as hugeint)
            ) as decimal(20, 0)
        ) * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)
    )
{%- endmacro %}

{#
    The member that an order falls on: that of the lead of its customer. Needs the order and,
    joined by person, the customer beside it.
#}
{% macro member_of_order(dimension) -%}
    case
        when orders.person_key is null then '(anonymous)'
        else coalesce(customers.{{ dimension }}, '(no lead)')
    end
{%- endmacro %}

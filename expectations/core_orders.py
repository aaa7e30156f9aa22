"""core.orders: every order once, every amount to the cent."""

from expectations.rule import WARNING, Rule, fresh, impossible, same_rows, usual_volume

RULES = (
    same_rows(
        "order_id",
        "expected.orders",
        "ordered_at, order_date, status, currency, gross_amount, discount_amount, refund_amount, "
        "cost_of_goods, tax_amount, shipping_amount, channel, is_completed, net_revenue, "
        "gross_profit",
        "Orders of the feed are missing, doubled or altered in the marts, so revenue is wrong: "
        "compare the rows kept with the deliveries of orders.",
    ),
    impossible(
        "nothing_is_sold_after_as_of_or_below_zero",
        "order_date > (select as_of from expected.settings) or gross_amount < 0 "
        "or coalesce(least(discount_amount, refund_amount, cost_of_goods), 0) < 0",
        "An order that is negative or lies in the future cannot be: the build let through what "
        "belongs in quarantine.",
    ),
    Rule(
        "a_person_s_completed_orders_are_numbered_without_a_gap",
        """
        select
            person_key, count(*) as completed_orders, min(person_order_number) as first_number,
            max(person_order_number) as last_number
        from mart
        where person_order_number is not null or (is_completed and person_key is not null)
        group by person_key
        having count(*) <> max(person_order_number) or min(person_order_number) <> 1
            or count(distinct person_order_number) <> count(*)
            or not bool_and(is_completed and person_key is not null)
        """,
        "First and repeated orders are mixed up, so new customers and loyalty are wrong: look at "
        "the model of sequenced orders.",
    ),
    Rule(
        "refunds_do_not_exceed_what_was_paid",
        "select * from mart where refund_amount > gross_amount - coalesce(discount_amount, 0)",
        "More was given back than paid: a refund may be mapped with its tax or shipping.",
        WARNING,
    ),
    fresh("order_date"),
    usual_volume("core.orders"),
)

"""core.fx_rates: the rates as published."""

from expectations.rule import WARNING, Rule, fresh, impossible, same_rows

RULES = (
    same_rows(
        "rate_date, currency",
        "expected.fx_rates",
        "rate",
        "The marts convert with rates that were not delivered: compare the rows kept with the "
        "deliveries of rates.",
    ),
    impossible(
        "rates_are_above_zero_and_the_euro_is_one",
        "rate <= 0 or (currency = 'EUR' and rate <> 1)",
        "A rate cannot be right, so amounts are wrong: look at the source of the rates.",
    ),
    Rule(
        "no_rate_jumps_to_its_double_or_half",
        """
        with steps as (
            select
                currency, rate_date, rate,
                lag(rate) over (partition by currency order by rate_date) as earlier_rate,
                lag(rate_date) over (partition by currency order by rate_date) as earlier_date
            from mart
        )
        select * from steps
        where rate_date - earlier_date <= 7
            and (rate > 2 * earlier_rate or rate < earlier_rate / 2)
        """,
        "A rate doubled or halved within a week: it may be turned upside down or lack its comma.",
        WARNING,
    ),
    fresh("rate_date"),
)

"""core.process_costs: the ledger, row for row."""

from expectations.rule import fresh, impossible, same_rows

RULES = (
    same_rows(
        "cost_id",
        "(select * replace (converted_amount as amount), amount as original_amount "
        "from expected.process_costs)",
        "period_start, period_end, process, method, unit, employee, category, currency, "
        "original_amount, amount",
        "The marts do not hold the ledger as it was delivered, so every cost is wrong: compare the "
        "rows kept with the deliveries of process costs.",
    ),
    impossible(
        "no_cost_begins_after_as_of_or_ends_before_it_began",
        "period_start > (select as_of from expected.settings) or period_end < period_start",
        "A cost has no days to fall on: the build let through what belongs in quarantine.",
    ),
    fresh("period_start"),
)

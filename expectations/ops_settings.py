"""ops.settings: what the marts say of themselves is what was asked for."""

from expectations.rule import Rule, impossible

RULES = (
    Rule(
        "says_what_was_asked_for",
        """
        select asked.as_of as asked_as_of, asked.currency, asked.timezone, mart.*
        from expected.settings as asked left join mart on mart.build_id = asked.load_id
        where mart.as_of is distinct from asked.as_of
            or mart.currency is distinct from asked.currency
            or mart.timezone is distinct from asked.timezone
        """,
        "The marts were built for another day, currency or zone than this load asked for: "
        "run the build again.",
    ),
    impossible(
        "was_not_built_in_the_future",
        "built_at > current_timestamp at time zone 'UTC' + interval 1 hour",
        "The clock of the machine that builds is ahead: set it before loading again.",
    ),
    Rule(
        "is_one_row",
        "select count(*) as settings from mart having count(*) <> 1",
        "The build wrote its settings more than once or not at all: run it again.",
    ),
)

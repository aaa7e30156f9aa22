"""core.process_cost_shares: what is shared out is the ledger, day by day, to the cent."""

from expectations.rule import Rule, impossible

ROUNDING = 0.01  # what others leave to a member may be off by its last places


def _by_member(relation: str) -> str:
    """Return what each method, unit and employee bears of a day's costs, each by itself."""
    return " union all ".join(
        f"""
        select cost_date, process, '{dimension}' as dimension, {dimension} as member,
            sum(amount) as amount
        from {relation} where {dimension} is not null group by all
        """
        for dimension in ("method", "unit", "employee")
    )


RULES = (
    Rule(
        "shares_of_a_day_add_up_to_the_ledger",
        """
        with shared as (
            select cost_date, process, sum(amount) as amount from mart group by all
        ),
        ledger as (
            select cost_date, process, sum(amount) as amount
            from expected.process_cost_days group by all
        )
        select cost_date, process, shared.amount as shared_out, ledger.amount as in_the_ledger
        from shared full join ledger using (cost_date, process)
        where coalesce(shared.amount, 0) <> coalesce(ledger.amount, 0)
        """,
        "Money got lost or was made up while costs were shared out: look at the models of process "
        "cost shares for these days.",
    ),
    Rule(
        "what_a_cost_names_stays",
        f"""
        with named as ({_by_member("expected.process_cost_days")}),
        shared as ({_by_member("mart")})
        select cost_date, process, dimension, member, named.amount, shared.amount as shared_out
        from named left join shared using (cost_date, process, dimension, member)
        where coalesce(shared.amount, 0) < named.amount - {ROUNDING}
            -- On the days of a credit note, others' shares of it may take what a member has named.
            and not exists (
                select 1 from expected.process_costs as credit_notes
                where credit_notes.converted_amount < 0
                    and credit_notes.process = named.process
                    and named.cost_date between credit_notes.period_start
                        and credit_notes.period_end
            )
        """,
        "A cost that names its method, unit or employee fell on others: look at the models of "
        "process cost shares.",
    ),
    impossible(
        "no_share_lies_after_as_of",
        "cost_date > (select as_of from expected.settings)",
        "The marts hold costs of days that were not asked for: run the build again.",
    ),
)

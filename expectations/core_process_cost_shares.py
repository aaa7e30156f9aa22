"""core.process_cost_shares: what is shared out is the ledger, day by day, to the cent."""

from expectations.rule import Rule, impossible

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
        """
        with named as (
            select cost_date, process, method, unit, employee, sum(amount) as amount
            from expected.process_cost_days
            where method is not null and unit is not null and employee is not null
            group by all
        )
        select named.*, mart.amount as shared_out
        from named left join mart using (cost_date, process, method, unit, employee)
        where mart.amount is null
            or abs(mart.amount) < abs(named.amount)
            and not exists (select 1 from expected.process_costs where converted_amount < 0)
        """,
        "A cost that names its method, unit and employee fell on others: look at the models of "
        "process cost shares.",
    ),
    impossible(
        "no_share_lies_after_as_of",
        "cost_date > (select as_of from expected.settings)",
        "The marts hold costs of days that were not asked for: run the build again.",
    ),
)

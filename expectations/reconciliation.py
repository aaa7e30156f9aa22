"""Reconciliation: rules that hold a wide mart to the tidy numbers that it was made of."""

from collections.abc import Iterable, Mapping

from expectations.rule import Rule

ROUNDING = 0.000000001  # quotients are computed as floats


def in_rows(keys: str, amounts: Mapping[str, str], relation: str = "mart") -> str:
    """Return the SQL of sums, one row per key and amount.

    Args:
        keys: the columns to sum by, joined by commas.
        amounts: the SQL of each amount by the name that it gets in the column `kpi`.
        relation: where they stand.
    """
    return " union all ".join(
        f"select {keys}, '{kpi}' as kpi, cast(sum({amount}) as decimal(38, 4)) as amount "
        f"from {relation} group by all"
        for kpi, amount in amounts.items()
    )


def of_scorecard(grain: str, dimension: str, kpis: Iterable[str]) -> str:
    """Return the SQL of what the scorecard says of some counts and amounts, in the same form."""
    listed = ", ".join(f"'{kpi}'" for kpi in kpis)
    return f"""
        select period_start, member, kpi, numerator as amount from kpi.scorecard
        where period_grain = '{grain}' and dimension = '{dimension}' and kpi in ({listed})
    """


def same_amounts(name: str, key: str, shown: str, expected: str, notes: str) -> Rule:
    """Expect equal amounts to the last place; one that is missing is 0.

    Args:
        name: of the rule.
        key: the columns beside `kpi` that name an amount, joined by commas.
        shown: the SQL of the mart's amounts, in rows.
        expected: the SQL of those that are called for.
        notes: for whoever is woken up.
    """
    return Rule(
        name,
        f"""
        with shown as ({shown}), called_for as ({expected})
        select {key}, kpi, shown.amount as in_the_mart, called_for.amount as called_for
        from shown full join called_for using ({key}, kpi)
        where coalesce(shown.amount, 0) <> coalesce(called_for.amount, 0)
        """,
        notes,
    )


def quotients_of_parts(rates: Mapping[str, tuple[str, str]]) -> Rule:
    """Expect every rate to be its numerator by its denominator, and unknown where that is 0."""
    wrong = " or ".join(
        f"""
        case when {denominator} = 0 then {rate} is not null
        else {rate} is null
            or abs({rate} - cast({numerator} as double) / {denominator})
                > {ROUNDING} * greatest(1, abs({rate}))
        end
        """
        for rate, (numerator, denominator) in rates.items()
    )
    return Rule(
        "rates_are_the_quotients_of_what_stands_beside_them",
        f"select * from mart where {wrong}",
        "A rate or a cost per piece is not what its own row says: look at the model of this mart.",
    )

"""Does the suite of kpi.levers catch a lever that is missing, or priced by something else?"""

import duckdb
import pytest

from expectations.kpi_levers import FACTORS
from tests.expectations.tampering import failing_rows, tamper

ONE_LEVER = "rowid = (select min(rowid) from kpi.levers where money_per_unit > 1)"
ONE_WITH_BOTH = """
    rowid = (select min(rowid) from kpi.levers where conversion > 0 and worth is not null)
"""

# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a lever that is missing",
        f"delete from kpi.levers where {ONE_LEVER}",
        "kpi_levers.levers_are_the_values_of_the_scorecard",
    ),
    (
        "a lever that is there twice",
        f"insert into kpi.levers select * from kpi.levers where {ONE_LEVER}",
        "kpi_levers.levers_are_the_values_of_the_scorecard",
    ),
    (
        "a value that is not the scorecard's",
        f"update kpi.levers set value = value * 1.001 where {ONE_LEVER}",
        "kpi_levers.levers_are_the_values_of_the_scorecard",
    ),
    (
        "a target that nobody set",
        f"update kpi.levers set target = 1 where {ONE_LEVER}",
        "kpi_levers.levers_are_the_values_of_the_scorecard",
    ),
    (
        "what still moves called final",
        "update kpi.levers set is_mature = true where not is_mature",
        "kpi_levers.levers_are_the_values_of_the_scorecard",
    ),
    (
        "a way that is worse called better",
        "update kpi.levers set direction = 'up' where direction = 'down'",
        "kpi_levers.levers_are_the_values_of_the_scorecard",
    ),
    (
        "a conversion of another period",
        f"update kpi.levers set conversion = conversion / 2 where {ONE_WITH_BOTH}",
        "kpi_levers.a_price_is_made_of_the_latest_factors_that_rest",
    ),
    (
        "a worth said to be of another period",
        f"update kpi.levers set worth_from = worth_from - 31 where {ONE_WITH_BOTH}",
        "kpi_levers.a_price_is_made_of_the_latest_factors_that_rest",
    ),
    (
        "a conversion said to be of another period",
        f"update kpi.levers set conversion_from = null where {ONE_WITH_BOTH}",
        "kpi_levers.a_price_is_made_of_the_latest_factors_that_rest",
    ),
    (
        "an unknown price called nothing",
        """
        update kpi.levers set price = 0, money_per_unit = 0
        where rowid = (select min(rowid) from kpi.levers where price is null)
        """,
        "kpi_levers.a_price_is_made_of_the_latest_factors_that_rest",
    ),
    (
        "a quantity of another kind",
        """
        update kpi.levers set quantity = quantity + 1, money_per_unit = (quantity + 1) * price
        where kpi = 'ignored_lead_rate'
        """,
        "kpi_levers.money_per_unit_is_quantity_times_price",
    ),
    (
        "money that is called unknown",
        f"update kpi.levers set money_per_unit = null where {ONE_LEVER}",
        "kpi_levers.money_per_unit_is_quantity_times_price",
    ),
]


@pytest.mark.parametrize(
    ("tampering", "title"),
    [(sql, title) for _, sql, title in TAMPERED],
    ids=[sentence.replace(" ", "_") for sentence, _, _ in TAMPERED],
)
def test_a_tampered_mart_is_caught(
    candidate: duckdb.DuckDBPyConnection, tampering: str, title: str
) -> None:
    tamper(candidate, tampering)

    assert failing_rows(candidate, title) > 0


@pytest.mark.parametrize("kpi", sorted(FACTORS))
def test_a_tenth_too_dear_is_caught_at_every_kpi(
    candidate: duckdb.DuckDBPyConnection, kpi: str
) -> None:
    of_the_kpi = f"where kpi = '{kpi}' and abs(money_per_unit) > 1"
    tamper(candidate, f"update kpi.levers set money_per_unit = money_per_unit * 1.1 {of_the_kpi}")
    assert failing_rows(candidate, "kpi_levers.money_per_unit_is_quantity_times_price") > 0

    tamper(candidate, f"update kpi.levers set price = price * 1.1 {of_the_kpi}")
    assert failing_rows(candidate, "kpi_levers.a_price_is_made_of_the_latest_factors_that_rest") > 0

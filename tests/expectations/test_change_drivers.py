"""Does the suite of kpi.change_drivers catch a change that is explained wrongly?"""

import duckdb
import pytest

from tests.expectations.tampering import failing_rows, tamper

ONE_DRIVER = """
    rowid = (
        select min(rowid) from kpi.change_drivers where driver = 'order_value' and amount > 1
    )
"""
ONE_PERIOD = "period_grain = 'month' and period_start = date '2026-09-01' and dimension = 'all'"

# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a hundredth of a cent without a driver",
        f"update kpi.change_drivers set amount = amount - 0.0001 where {ONE_DRIVER}",
        "kpi_change_drivers.drivers_add_up_to_the_change",
    ),
    (
        "a driver of nothing that is left out",
        """
        delete from kpi.change_drivers
        where rowid = (select min(rowid) from kpi.change_drivers where amount = 0)
        """,
        "kpi_change_drivers.drivers_add_up_to_the_change",
    ),
    (
        "a contribution that is not the scorecard's",
        f"update kpi.change_drivers set contribution = contribution + 1 where {ONE_PERIOD}",
        "kpi_change_drivers.contributions_are_the_scorecards",
    ),
    (
        "a change since another period",
        f"""
        update kpi.change_drivers set previous_contribution = previous_contribution + 1,
            change = change - 1,
            amount = amount - case when driver = 'margin' then 1 else 0 end
        where {ONE_PERIOD}
        """,
        "kpi_change_drivers.contributions_are_the_scorecards",
    ),
    (
        "a month that nobody explains",
        f"delete from kpi.change_drivers where {ONE_PERIOD}",
        "kpi_change_drivers.contributions_are_the_scorecards",
    ),
    (
        "a method that fell silent and is forgotten",
        """
        delete from kpi.change_drivers
        where rowid in (
            select rowid from kpi.change_drivers
            where dimension = 'method' and contribution = 0 and previous_contribution <> 0
        )
        """,
        "kpi_change_drivers.contributions_are_the_scorecards",
    ),
    (
        "a running year that is called mature",
        "update kpi.change_drivers set is_mature = true where period_grain = 'year'",
        "kpi_change_drivers.contributions_are_the_scorecards",
    ),
    (
        "leads of another month",
        f"update kpi.change_drivers set after = before where {ONE_PERIOD} and driver = 'leads'",
        "kpi_change_drivers.links_are_the_scorecards",
    ),
    (
        "a rate before there was anything",
        """
        update kpi.change_drivers set before = 0
        where before is null and driver = 'filter_pass_rate'
        """,
        "kpi_change_drivers.links_are_the_scorecards",
    ),
    (
        "an order worth a tenth more",
        f"update kpi.change_drivers set after = after * 1.1 where {ONE_DRIVER}",
        "kpi_change_drivers.links_multiply_to_the_contribution",
    ),
    (
        "one customer too few",
        f"""
        update kpi.change_drivers set after = after - 1
        where {ONE_PERIOD} and driver = 'existing_customers'
        """,
        "kpi_change_drivers.links_multiply_to_the_contribution",
    ),
    (
        "a cost that rose and earned money",
        f"""
        update kpi.change_drivers set amount = -amount
        where {ONE_PERIOD} and driver = 'acquisition_cost'
        """,
        "kpi_change_drivers.an_amount_works_by_what_it_rose",
    ),
    (
        "two links that changed places",
        """
        update kpi.change_drivers set position = 11 - position where position in (5, 6)
        """,
        "kpi_change_drivers.drivers_stand_in_the_order_of_the_chain",
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

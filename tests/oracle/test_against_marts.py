"""The models against the oracle: random companies through the real steps, row by row."""

from collections import Counter

import duckdb

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.comparison import as_text, differences, missing_kpis, models_scorecard
from tests.oracle.scorecard import scorecard


def test_the_models_scorecard_is_the_oracles_row_by_row(both: tuple[Company, Home]) -> None:
    company, home = both
    found = models_scorecard(home)

    assert missing_kpis(found) == set()
    assert [as_text(one) for one in differences(scorecard(company), found)] == []


def test_every_row_read_is_where_the_oracle_puts_it(both: tuple[Company, Home]) -> None:
    company, home = both
    with duckdb.connect(str(home.candidate), read_only=True) as candidate:
        accounts = candidate.execute(
            "select feed, read, current, superseded, after_as_of, quarantined from ops.rows"
        ).fetchall()

    counted = {
        feed: Counter(
            read=read,
            current=current,
            superseded=superseded,
            after_as_of=after_as_of,
            quarantined=quarantined,
        )
        for feed, read, current, superseded, after_as_of, quarantined in accounts
    }
    assert counted == company.row_accounting


def test_people_and_their_leads_are_the_oracles(both: tuple[Company, Home]) -> None:
    company, home = both
    with duckdb.connect(str(home.candidate), read_only=True) as candidate:
        rows = candidate.execute(
            """
            select person_key, 'leads', lead_id from core.leads
            union all
            select person_key, 'orders', order_id from core.orders where person_key is not null
            """
        ).fetchall()
        won = candidate.execute("select customer_since, lead_id from core.customers").fetchall()

    groups: dict[str, set[tuple[str, str]]] = {}
    for person, feed, name in rows:
        groups.setdefault(person, set()).add((feed, name))
    expected = {
        frozenset(row for row in group if row[0] != "loyalty_events")
        for group in company.person_groups
    }
    assert {frozenset(group) for group in groups.values()} == expected - {frozenset()}
    assert Counter(won) == Counter(
        (customer.customer_since.replace(tzinfo=None), company.lead_of_customer[person])
        for person, customer in company.customers.items()
    )

"""Restatements: loads of a small shop one after another, and what each says of the days before."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from marketing_warehouse import journal
from marketing_warehouse.audit import audit
from marketing_warehouse.build import build
from marketing_warehouse.config import read_config
from marketing_warehouse.land import land
from marketing_warehouse.load import load
from marketing_warehouse.paths import Home
from marketing_warehouse.publish import current_publication, publish, rollback
from marketing_warehouse.restated import copy_history

BUSINESS_YML = """\
business: {{name: {name}, currency: EUR, timezone: {timezone}, country: RO}}
sources:
  - name: shop
    feed: orders
    connector: csv
    path: inbox/*.csv
"""
HEADER = "order_id,ordered_at,updated_at,status,customer_id,currency,gross_amount,refund_amount\n"
# In Bucharest 100 on the 1st and 50 + 20 on the 2nd; in New York the 50 were spent on the 1st.
ORDERS = """\
a,2026-03-01T10:00:00Z,2026-03-01T10:00:00Z,completed,anna,EUR,100,
b,2026-03-02T01:00:00Z,2026-03-02T01:00:00Z,completed,ben,EUR,50,
c,2026-03-02T12:00:00Z,2026-03-02T12:00:00Z,completed,cara,EUR,20,
"""
LATE_REFUND = "a,2026-03-01T10:00:00Z,2026-03-04T10:00:00Z,refunded,anna,EUR,100,30\n"
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)

Row = dict[str, Any]
Told = dict[date, Row]
History = dict[str, tuple[str, Told]]  # the id of each load, and what it told


def write_business(home: Home, name: str = "Shop", timezone: str = "Europe/Bucharest") -> None:
    home.business_yml.write_text(BUSINESS_YML.format(name=name, timezone=timezone))


def deliver(home: Home, name: str, orders: str) -> None:
    (home.inbox / f"{name}.csv").write_text(HEADER + orders)


def load_through(home: Home, through: date) -> str:
    """Do a whole load, up to what readers see, and return its id."""
    config = read_config(home.business_yml)
    load_id = journal.start(home, through)
    land(home, config, "shop", load_id)
    load(home, config, load_id)
    build(home, config, load_id, through)
    audit(home, config, load_id)
    publish(home, load_id)
    return load_id


def told(home: Home) -> Told:
    """Return what readers are told of the revenue, by day."""
    with duckdb.connect(str(home.marts.resolve()), read_only=True) as marts:
        result = marts.execute(
            "select * from kpi.restatements where kpi = 'revenue' order by calendar_date"
        )
        names = [column[0] for column in result.description or []]
        rows = [dict(zip(names, values, strict=True)) for values in result.fetchall()]
    return {row["calendar_date"]: row for row in rows}


def values(row: Row) -> tuple[Decimal | None, ...]:
    return row["first_value"], row["previous_value"], row["value_now"], row["change"]


def moves(row: Row) -> tuple[str | None, int, str | None]:
    return row["moved_by"], row["times_moved"], row["reason"]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """What each load of the shop published, by what was special in it: its id, and the days."""
    home = Home(tmp_path_factory.mktemp("shop") / "home")
    home.create_hash_key()
    home.inbox.mkdir()
    published: History = {}

    def publish_as(name: str, through: date = SECOND) -> None:
        load_id = load_through(home, through)
        published[name] = (load_id, told(home))

    write_business(home)
    deliver(home, "orders", ORDERS)
    publish_as("first")
    deliver(home, "refund", LATE_REFUND)
    publish_as("refund")
    write_business(home, name="A shop with a new name")
    publish_as("nothing new")
    write_business(home, timezone="America/New_York")
    publish_as("other settings")
    rollback(home)
    publish_as("after a rollback")
    publish_as("past", through=FIRST)
    publish_as("present again")
    return published


def test_the_first_load_publishes_each_day_for_the_first_time(history: History) -> None:
    load_id, days = history["first"]

    assert {day: values(row) for day, row in days.items()} == {
        FIRST: (Decimal(100), None, Decimal(100), Decimal(0)),
        SECOND: (Decimal(70), None, Decimal(70), Decimal(0)),
    }
    assert {row["first_published_by"] for row in days.values()} == {load_id}
    assert {moves(row) for row in days.values()} == {(None, 0, None)}


def test_a_late_refund_moves_the_day_of_its_order_and_no_other(history: History) -> None:
    first_id, before = history["first"]
    load_id, days = history["refund"]

    assert values(days[FIRST]) == (Decimal(100), Decimal(100), Decimal(70), Decimal(-30))
    assert moves(days[FIRST]) == (load_id, 1, "rows")
    assert days[FIRST]["first_published_by"] == first_id
    assert days[FIRST]["first_published_at"] == before[FIRST]["first_published_at"]
    assert days[FIRST]["moved_at"] > days[FIRST]["first_published_at"]
    assert values(days[SECOND]) == (Decimal(70), Decimal(70), Decimal(70), Decimal(0))
    assert moves(days[SECOND]) == (None, 0, None)


def test_a_load_of_the_same_rows_moves_nothing(history: History) -> None:
    _, before = history["refund"]
    _, days = history["nothing new"]

    assert days == {day: {**row, "previous_value": row["value_now"]} for day, row in before.items()}


def test_another_setting_is_named_as_the_reason(history: History) -> None:
    refund_id, _ = history["refund"]
    load_id, days = history["other settings"]

    assert values(days[FIRST]) == (Decimal(100), Decimal(70), Decimal(120), Decimal(20))
    assert moves(days[FIRST]) == (load_id, 2, "settings")
    assert load_id != refund_id
    assert values(days[SECOND]) == (Decimal(70), Decimal(70), Decimal(20), Decimal(-50))
    assert moves(days[SECOND]) == (load_id, 1, "settings")


def test_what_was_rolled_back_has_moved_nothing(history: History) -> None:
    _, withdrawn = history["other settings"]
    load_id, days = history["after a rollback"]

    assert [values(row) for row in days.values()] == [values(row) for row in withdrawn.values()]
    assert moves(days[FIRST]) == (load_id, 2, "settings")
    assert moves(days[SECOND]) == (load_id, 1, "settings")


def test_a_load_of_the_past_keeps_the_later_days_without_a_value(history: History) -> None:
    _, before = history["after a rollback"]
    _, days = history["past"]

    assert values(days[FIRST]) == (Decimal(100), Decimal(120), Decimal(120), Decimal(20))
    assert values(days[SECOND]) == (Decimal(70), Decimal(20), None, None)
    assert {day: moves(row) for day, row in days.items()} == {
        day: moves(row) for day, row in before.items()
    }


def test_days_that_come_back_after_a_load_of_the_past_have_not_moved(history: History) -> None:
    _, before = history["after a rollback"]
    _, days = history["present again"]

    assert days == {day: {**row, "previous_value": row["value_now"]} for day, row in before.items()}


def published_with(home: Home, load_id: str, *statements: str) -> None:
    """Put a file of an older version of this warehouse before the readers."""
    home.published.mkdir()
    file = home.published / f"marts-{load_id}.duckdb"
    with duckdb.connect(str(file)) as marts:
        for statement in statements:
            marts.execute(statement)
    home.marts.symlink_to(file.name)
    assert current_publication(home) is not None


def rows_of_history(home: Home) -> list[tuple[int]]:
    with duckdb.connect(str(home.work), read_only=True) as work:
        return work.execute(
            """
            select count(*) from history.published_restatements
            union all
            select count(*) from history.published_settings
            """
        ).fetchall()


@pytest.mark.parametrize(
    "publication",
    [
        pytest.param((), id="nothing_at_all"),
        pytest.param(
            ("create schema ops", "create table ops.settings as select 'EUR' as currency"),
            id="settings_without_their_hash",
        ),
    ],
)
def test_a_publication_of_an_older_version_leaves_an_empty_history(
    home: Home, publication: tuple[str, ...]
) -> None:
    published_with(home, "20260101T050000Z", *publication)

    copy_history(home)

    assert rows_of_history(home) == [(0,), (0,)]

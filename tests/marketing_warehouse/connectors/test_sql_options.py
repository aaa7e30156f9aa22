"""Sql options: what business.yml may say of a database, and where reading starts again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from marketing_warehouse.config import read_config
from marketing_warehouse.connectors.sql_slices import (
    Slice,
    UnfitOverlapError,
    Value,
    as_json,
    before,
    cut,
    not_ahead,
    of_json,
)
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.landing import write_config

TABLE = ", table: orders"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("url: 'postgresql://me:s3cr3t@db/shop'" + TABLE, "without login and password"),
        ("url: 'mysql://db/shop?password=s3cr3t'" + TABLE, "without login and password"),
        ("url: 'postgresql://me:s3cr/3t@db/shop'" + TABLE, "without login and password"),
        ("url: 'oracle://db/shop'" + TABLE, "of postgresql, mysql, mariadb, sqlserver, sqlite"),
        ("url: 'postgresql://db'" + TABLE, "a url such as postgresql://db.example.com:5432/shop"),
        ("url: 'mysql://db/shop'", "either a table or a statement"),
        ("url: 'mysql://db/shop', statement: select 1" + TABLE, "either a table or a statement"),
        ("url: 'mysql://db/shop', overlap: soon" + TABLE, 'a time such as "1 day"'),
        ("url: 'mysql://db/shop', slice_rows: 0" + TABLE, "1 or more"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_no_password_is_shown(
    home: Home, options: str, said: str
) -> None:
    write_config(home, f"connector: sql\noptions: {{{options}}}")
    with pytest.raises(ConfigError) as raised:
        read_config(home.business_yml)
    assert said in str(raised.value)
    assert "s3cr" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "overlap", "start"),
    [
        (datetime(2026, 3, 1), None, datetime(2026, 2, 28)),
        (
            datetime(2026, 3, 1, tzinfo=UTC),
            timedelta(hours=2),
            datetime(2026, 2, 28, 22, tzinfo=UTC),
        ),
        (datetime(2026, 3, 1), 0, datetime(2026, 3, 1)),
        (date(2026, 3, 1), None, date(2026, 2, 28)),
        (5_000, None, 4_000),
        (Decimal("5000.5"), 10, Decimal("4990.5")),
        ("2026-03-01 10:00:00", None, "2026-02-28 10:00:00"),
        ("2026-03-01T10:00:00Z", timedelta(minutes=1), "2026-03-01T09:59:00"),
        ("k17", None, "k17"),
    ],
)
def test_reading_starts_the_overlap_before_where_it_ended(
    value: Value, overlap: timedelta | int | None, start: Value
) -> None:
    assert before(value, overlap) == start


@pytest.mark.parametrize(
    ("value", "overlap"),
    [(datetime(2026, 3, 1), 5), (5_000, timedelta(days=1)), ("k17", 5)],
)
def test_an_overlap_of_another_kind_is_refused(value: Value, overlap: timedelta | int) -> None:
    with pytest.raises(UnfitOverlapError):
        before(value, overlap)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 3, 1, 10, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 1),
        date(2026, 3, 1),
        2**70,
        Decimal("1.10"),
        "k17",
    ],
)
def test_a_cursor_comes_back_as_it_was(value: Value) -> None:
    assert of_json(as_json(value)) == value
    assert type(of_json(as_json(value))) is type(value)


def test_only_a_time_that_lies_ahead_is_held_back() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert not_ahead(datetime(2099, 1, 1, tzinfo=UTC), now) == now
    assert not_ahead(datetime(2099, 1, 1), now) == datetime(2026, 3, 1, 12)
    assert not_ahead(date(2099, 1, 1), now) == date(2026, 3, 1)
    assert not_ahead("2099-01-01 00:00:00", now) == "2026-03-01 12:00:00"
    assert not_ahead("2026-02-01 00:00:00", now) == "2026-02-01 00:00:00"
    assert not_ahead(10**12, now) == 10**12


def test_slices_touch_and_do_not_overlap() -> None:
    assert list(cut(Slice(1, True, 30), [10, 20])) == [
        Slice(1, True, 10),
        Slice(10, False, 20),
        Slice(20, False, 30),
    ]

"""Sql: values stay what the database holds, and each row that is new is read once or more."""

import pytest
import sqlalchemy as sa

from marketing_warehouse.errors import (
    SourceError,
)
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.landing import land_shop, rows_of, said_of, write_config
from tests.servers.databases import READERS_PASSWORD, Server

ORDERS = """
    create table orders (
        order_id integer primary key,
        ordered_at timestamp not null default '2026-01-01 00:00:00',
        updated_at {moment} not null,
        status varchar(20) not null default 'completed',
        currency varchar(3) not null default 'EUR',
        gross_amount decimal(12, 2) not null default 10
    )
"""
MOMENTS = {"postgresql": "timestamptz", "mariadb": "datetime(6)", "sqlite": "text"}


@pytest.fixture
def orders(server: Server) -> Server:
    """A server whose shop has an empty table of orders."""
    server.execute("drop table if exists orders", ORDERS.format(moment=MOMENTS[server.kind]))
    return server


def write_source(home: Home, server: Server, options: str, more: str = "") -> None:
    options = f"url: {server.url}\n  " + options.replace("\n", "\n  ")
    write_config(home, f"connector: sql\noptions:\n  {options}\n{more}".strip())


def add_orders(server: Server, first: int, last: int, minutes: str = "order_id") -> None:
    """Add orders whose updated_at are so many minutes after the year's first moment."""
    rows = [{"id": number} for number in range(first, last + 1)]
    moment = {
        "postgresql": "timestamptz '2026-01-01 00:00:00Z' + make_interval(mins => {})",
        "mariadb": "timestampadd(minute, {}, '2026-01-01 00:00:00')",
        "sqlite": "datetime('2026-01-01 00:00:00', '+' || ({}) || ' minutes')",
    }[server.kind].format(minutes.replace("order_id", ":id"))
    with server.admin.begin() as connection:
        connection.execute(
            sa.text(f"insert into orders (order_id, updated_at) values (:id, {moment})"), rows
        )


def ids_of(home: Home, name: str) -> list[int]:
    return sorted(int(row["order_id"] or 0) for row in rows_of(home, name))


def refusal(home: Home) -> str:
    with pytest.raises(SourceError) as raised:
        land_shop(home)
    assert READERS_PASSWORD not in str(raised.value)
    assert list(home.landing.glob("*/*/*")) == []
    return str(raised.value)


def test_a_first_load_comes_in_slices_and_the_next_brings_what_is_new(
    home: Home, orders: Server
) -> None:
    add_orders(orders, 1, 25)
    write_source(
        home, orders, "table: orders\nincreasing: updated_at\nslice_rows: 10\noverlap: 2 minutes"
    )

    first = land_shop(home)
    assert [ids_of(home, name) for name in first] == [
        list(range(1, 11)),
        list(range(11, 21)),
        list(range(21, 26)),
    ]
    assert [said_of(home, name)["is_caught_up"] for name in first] == [False, False, True]

    add_orders(orders, 26, 27)
    (second,) = land_shop(home)
    assert ids_of(home, second) == [23, 24, 25, 26, 27]  # 25 minus 2 minutes, inclusive

"""Sql: values stay what the database holds, and each row that is new is read once or more."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from marketing_warehouse.check import check_source
from marketing_warehouse.config import read_config
from marketing_warehouse.connectors import Reading
from marketing_warehouse.connectors.sql import SQL
from marketing_warehouse.errors import SourceError, SourceRefusedError, SourceUnavailableError
from marketing_warehouse.paths import PROJECT, Home
from marketing_warehouse.reading import reading_of
from tests.marketing_warehouse.landing import land_shop, rows_of, said_of, write_config
from tests.servers.databases import READER, READERS_PASSWORD, Server
from tests.servers.processes import free_port

LANDING = """
import sys
from pathlib import Path
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.landing import land_shop
land_shop(Home(Path(sys.argv[1])))
"""
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


def reading(home: Home) -> Reading:
    config = read_config(home.business_yml)
    return reading_of(config, config.source("shop"), date(2026, 1, 31))


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


def test_slices_that_fill_exactly_leave_no_empty_one(home: Home, orders: Server) -> None:
    add_orders(orders, 1, 20)
    write_source(home, orders, "table: orders\nincreasing: updated_at\nslice_rows: 10")

    assert [ids_of(home, name) for name in land_shop(home)] == [
        list(range(1, 11)),
        list(range(11, 21)),
    ]


def test_rows_of_one_moment_stay_in_one_slice(home: Home, orders: Server) -> None:
    add_orders(orders, 1, 12, minutes="7")
    write_source(home, orders, "table: orders\nincreasing: updated_at\nslice_rows: 5")

    assert [ids_of(home, name) for name in land_shop(home)] == [list(range(1, 13))]


def test_an_empty_table_is_a_delivery_without_rows_and_its_first_row_comes(
    home: Home, orders: Server
) -> None:
    write_source(home, orders, "table: orders\nincreasing: updated_at")

    (empty,) = land_shop(home)
    assert rows_of(home, empty) == []
    assert land_shop(home) == []

    add_orders(orders, 1, 1)
    (first,) = land_shop(home)
    assert ids_of(home, first) == [1]


def test_a_day_without_news_lands_nothing(home: Home, orders: Server) -> None:
    add_orders(orders, 1, 3)
    write_source(home, orders, "table: orders\nincreasing: updated_at")

    assert len(land_shop(home)) == 1
    assert land_shop(home) == []


def test_a_row_that_changes_between_slices_comes_in_its_new_version(
    home: Home, orders: Server
) -> None:
    add_orders(orders, 1, 20)
    write_source(home, orders, "table: orders\nincreasing: updated_at\nslice_rows: 10")

    read = []
    for number, piece in enumerate(SQL.pieces(reading(home))):
        with piece.open() as rows:
            read.append([row for batch in rows.batches for row in batch.cells.to_pylist()])
        if number == 0:  # order 15 changes before its slice is read, order 5 after
            orders.execute(
                "update orders set gross_amount = 99, updated_at = "
                "(select moment from (select max(updated_at) as moment from orders) as m) "
                "where order_id in (5, 15)"
            )

    amounts = [{int(row["order_id"]): row["gross_amount"] for row in rows} for rows in read]
    assert amounts[0][5] == "10.00"
    assert (amounts[1][5], amounts[1][15]) == ("99.00", "99.00")
    assert {*amounts[0], *amounts[1]} == set(range(1, 21))


def test_a_row_that_is_committed_late_is_read_within_the_overlap(
    home: Home, orders: Server
) -> None:
    write_source(home, orders, "table: orders\nincreasing: updated_at\noverlap: 1 hour")
    moment = "'2026-01-01 00:30:00+00:00'" if orders.kind == "postgresql" else "'2026-01-01 00:30'"
    with orders.admin.connect() as slow:
        slow.execute(sa.text(f"insert into orders (order_id, updated_at) values (1, {moment})"))
        add_orders(orders, 60, 60)
        (first,) = land_shop(home)
        slow.commit()
    (second,) = land_shop(home)

    assert ids_of(home, first) == [60]
    assert ids_of(home, second) == [1, 60]


def test_a_clock_that_ran_ahead_does_not_hide_what_comes_after(home: Home, orders: Server) -> None:
    add_orders(orders, 1, 1)
    add_orders(orders, 2, 2, minutes="70 * 365 * 24 * 60")  # the year 2095
    write_source(home, orders, "table: orders\nincreasing: updated_at\nslice_rows: 1")
    land_shop(home)

    orders.execute("insert into orders (order_id, updated_at) values (3, current_timestamp)")
    found = {number for name in land_shop(home) for number in ids_of(home, name)}
    assert 3 in found


def test_the_repeated_hour_of_autumn_loses_and_mixes_nothing(home: Home, server: Server) -> None:
    """03:30 in Bucharest was at 00:30 and at 01:30 in UTC."""
    moment = "timestamptz" if server.kind == "postgresql" else "timestamp(6)"
    zone = "+00:00" if server.kind == "postgresql" else ""
    session = "set time zone 'UTC'" if server.kind == "postgresql" else "set time_zone = '+00:00'"
    server.execute(
        "drop table if exists orders",
        ORDERS.format(moment=f"{moment} not null default current_timestamp"),
        session,
        "insert into orders (order_id, updated_at) values "
        f"(1, '2025-10-26 00:30:00{zone}'), (2, '2025-10-26 01:30:00{zone}')",
    )
    write_source(
        home,
        server,
        "table: orders\nincreasing: updated_at\nslice_rows: 1\ntimezone: Europe/Bucharest",
    )

    landed = [row for name in land_shop(home) for row in rows_of(home, name)]
    moments = {
        row["order_id"]: datetime.fromisoformat(str(row["updated_at"])).astimezone(UTC)
        for row in landed
    }
    assert moments == {
        "1": datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        "2": datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    }


def test_a_landing_that_is_killed_goes_on_where_it_was(home: Home, postgresql: Server) -> None:
    postgresql.execute("drop table if exists orders", ORDERS.format(moment="timestamptz"))
    postgresql.execute(
        "insert into orders (order_id, updated_at) "
        "select n, timestamptz '2026-01-01Z' + n * interval '1 second' "
        "from generate_series(1, 10000) as s(n)"
    )
    write_source(
        home, postgresql, "table: orders\nincreasing: updated_at\nslice_rows: 500\noverlap: 0"
    )
    landing = subprocess.Popen([sys.executable, "-c", LANDING, str(home.path)], cwd=PROJECT)
    while len(list(home.landing.glob("orders/shop/*.parquet"))) < 3:
        assert landing.poll() is None
        time.sleep(0.01)
    landing.kill()
    landing.wait()
    before = [path.stem for path in sorted(home.landing.glob("orders/shop/*.parquet"))]
    assert len(before) < 20

    after = land_shop(home)
    assert ids_of(home, after[0])[0] == ids_of(home, before[-1])[-1]
    found = [number for name in before + after for number in ids_of(home, name)]
    assert set(found) == set(range(1, 10_001))


@pytest.mark.parametrize(
    ("kind", "series", "kill"),
    [
        (
            "postgresql",
            "generate_series(1, 200000) as s(seq)",
            f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{READER}'",
        ),
        (
            "mariadb",
            "seq_1_to_200000",
            f"kill connection user '{READER}'",
        ),
    ],
)
def test_a_connection_that_is_cut_lands_nothing_of_the_slice(
    home: Home, kind: str, series: str, kill: str, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(kind)
    statement = f"select seq as order_id, repeat('x', 300) as channel from {series}"
    write_source(home, server, f'statement: "{statement}"')

    with next(SQL.pieces(reading(home))).open() as rows:
        assert next(rows.batches).cells.num_rows < 200_000  # nothing waits in memory
        with server.admin.connect() as connection:
            connection.execute(sa.text(kill))
        with pytest.raises(SourceUnavailableError, match="ended the connection while its state"):
            list(rows.batches)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/shop", "refused the login or its password; mend WAREHOUSE_SOURCE_SHOP_LOGIN and"),
        ("/market", "there is no database market on 127.0.0.1:{port} that can be opened"),
    ],
)
def test_a_database_that_does_not_let_us_in_is_named(
    home: Home, postgresql: Server, url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url == "/shop":
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_PASSWORD", "wrong-" + READERS_PASSWORD)
    write_source(home, replace(postgresql, database=url[1:]), "table: orders")
    assert said.format(port=postgresql.port) in refusal(home)


def test_a_wrong_password_of_mariadb_is_a_refused_login(
    home: Home, mariadb: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_PASSWORD", "wrong-" + READERS_PASSWORD)
    write_source(home, mariadb, "table: orders")
    assert "refused the login or its password" in refusal(home)


def test_no_server_is_said_to_be_out_of_reach(home: Home, server: Server) -> None:
    write_source(home, replace(server, port=free_port()), "table: orders")
    assert "cannot be reached; start it, or mend the source's url in business.yml." in refusal(home)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("table: nothing", "has no such table as the table nothing asks for"),
        ("statement: selekt 1", "does not understand its statement"),
        ("statement: select missing from orders", "has no such column as its statement asks"),
        (
            "table: orders\nincreasing: changed_at",
            "the table orders has no column changed_at (increasing); it has: order_id, ordered_at, "
            "updated_at, status, currency, gross_amount. Mend the option in business.yml.",
        ),
        (
            "table: orders\nincreasing: updated_at\noverlap: 5",
            "increases by updated_at, so its overlap must be a time, such as 1 day; do so",
        ),
    ],
)
def test_what_cannot_be_read_is_named(home: Home, orders: Server, options: str, said: str) -> None:
    add_orders(orders, 1, 1)
    write_source(home, orders, options.removesuffix("\noverlap: 5"))
    if options.endswith("overlap: 5"):  # it matters from the second load on
        land_shop(home)
        write_source(home, orders, options)
        with pytest.raises(SourceRefusedError, match="its overlap must be a time, such as 1 day"):
            land_shop(home)
        return
    assert said in refusal(home)


def test_a_table_that_we_may_not_read_is_named(home: Home, server: Server) -> None:
    server.execute("drop table if exists salaries", "create table salaries (id integer)")
    if server.kind == "postgresql":
        server.execute(f"revoke all on salaries from {READER}")
        write_source(home, server, "table: salaries")
    else:
        server.execute(
            "create database if not exists hidden",
            "create table if not exists hidden.salaries (id integer)",
        )
        write_source(home, server, "table: hidden.salaries")
    assert "has no right to read the table" in refusal(home)


def test_a_column_that_the_feed_needs_and_the_table_lost_is_named(
    home: Home, orders: Server
) -> None:
    orders.execute("alter table orders drop column currency")
    write_source(home, orders, "table: orders\nincreasing: updated_at")
    assert "has no column currency (required by the feed orders); it has: order_id," in refusal(
        home
    )


def test_rows_without_the_increasing_value_are_refused_rather_than_lost(
    home: Home, server: Server
) -> None:
    table = ORDERS.format(moment=MOMENTS[server.kind]).replace("updated_at", "changed_at", 1)
    server.execute("drop table if exists orders", table)
    server.execute(
        f"alter table orders add column updated_at {MOMENTS[server.kind]}",
        "alter table orders drop column changed_at",
    )
    server.execute("insert into orders (order_id) values (1)")
    write_source(home, server, "table: orders\nincreasing: updated_at")
    assert "the table orders has rows without updated_at, which would never be read" in refusal(
        home
    )


def test_a_statement_is_the_databases_own_sql(home: Home, postgresql: Server) -> None:
    """Colons, percent signs, quotes, comments and a semicolon are not ours to read."""
    statement = """\
with numbers as (select 1::int as n)
select n as order_id, '2026-01-01 10:30:00'::timestamp as ordered_at,
  'completed' as status, 'EUR' as currency, 5 % 3 as gross_amount,
  to_char(now(), 'HH24:MI') like '%:%' as has_colon, E'it\\'s :n %s' as channel
from numbers -- a comment;
"""
    indented = statement.replace("\n", "\n    ")
    write_source(home, postgresql, f"statement: |\n    {indented}", "keep: [has_colon]")

    (name,) = land_shop(home)
    (row,) = rows_of(home, name)
    assert (row["gross_amount"], row["channel"], row["extra"]) == (
        "2",
        "it's :n %s",
        '{"has_colon": "true"}',
    )
    assert row["ordered_at"] == "2026-01-01 10:30:00"


def test_a_source_without_an_increasing_column_is_replaced_as_a_whole(
    home: Home, orders: Server
) -> None:
    add_orders(orders, 1, 2)
    write_source(home, orders, "table: orders")

    (first,) = land_shop(home)
    assert said_of(home, first)["replaces"] == {"first": None, "last": None, "only": {}}
    assert land_shop(home) == []
    orders.execute("delete from orders where order_id = 1")
    (second,) = land_shop(home)
    assert ids_of(home, second) == [2]


def test_nothing_that_a_landing_writes_holds_the_password(home: Home, orders: Server) -> None:
    add_orders(orders, 1, 3)
    write_source(home, orders, "table: orders\nincreasing: updated_at")
    land_shop(home)
    holding = [
        path
        for path in home.path.rglob("*")
        if path.is_file() and READERS_PASSWORD.encode() in path.read_bytes()
    ]
    assert holding == []


def test_only_reading_is_possible(home: Home, postgresql: Server) -> None:
    postgresql.execute(
        "create table if not exists broken (n integer)",
        f"grant all on broken to {READER}",
        "create or replace function break_in() returns integer language plpgsql as "
        "$$ begin insert into broken values (1); return 1; end $$",
    )
    write_source(
        home,
        postgresql,
        "statement: select break_in() as order_id, now() as ordered_at, 'completed' as status, "
        "'EUR' as currency, 1 as gross_amount",
    )
    assert "has no right to read its statement" in refusal(home)


def test_a_look_shows_rows_and_writes_nothing(home: Home, orders: Server) -> None:
    add_orders(orders, 1, 3)
    write_source(home, orders, "table: orders\nincreasing: updated_at")

    checked = check_source(home, read_config(home.business_yml), "shop", sample=2)
    assert checked.sample["order_id"].to_pylist() == ["1", "2"]
    assert not home.landing.exists()

"""Sql values: each type of each database reads as the text that says the same, exactly."""

import sqlite3
from contextlib import closing
from datetime import datetime
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy.dialects import mssql

from marketing_warehouse.connectors.databases import Database
from marketing_warehouse.connectors.sql import SQL
from marketing_warehouse.connectors.sql_selects import select_within, source_rows
from marketing_warehouse.connectors.sql_slices import Slice
from marketing_warehouse.errors import SourceError
from marketing_warehouse.paths import Home
from marketing_warehouse.personal import hash_email
from tests.marketing_warehouse.connectors.test_sql import reading, write_source
from tests.marketing_warehouse.landing import land_only, land_shop, rows_of, write_config
from tests.servers.databases import Server

POSTGRESQL = {
    "12345678901234567890.123456789": "12345678901234567890.123456789::numeric",
    "0.10": "0.10::numeric(12, 2)",
    "nothing": "'NaN'::numeric",
    "0.1": "0.1::float8",
    "-9223372036854775808": "'-9223372036854775808'::bigint",
    "true": "true",
    "2026-03-29": "date '2026-03-29'",
    "2026-03-29 02:30:00.000001": "timestamp '2026-03-29 02:30:00.000001'",
    "2026-03-29 00:30:00+00": "timestamptz '2026-03-29 02:30:00+02'",
    "P1Y2M3DT4H": "interval '1 year 2 months 3 days 4 hours'",
    "00ff": r"'\x00ff'::bytea",
    '["ș","x,y",null]': "array['ș', 'x,y', null]",
    '{"a": 1.10}': """'{"a": 1.10}'::jsonb""",
    "12345678-1234-5678-1234-567812345678": "'12345678-1234-5678-1234-567812345678'::uuid",
    "Iași ☕ 👩‍💻": "'Iași ☕ 👩‍💻'::text",
    "EUR": "'EUR'::char(3)",
    "10.0.0.1/32": "'10.0.0.1'::inet",
    "nought": "null::text",
}
MARIADB = {
    "12345678901234567890.123456789": "cast(12345678901234567890.123456789 as decimal(38, 9))",
    "0.10": "cast(0.1 as decimal(12, 2))",
    "18446744073709551615": "cast(18446744073709551615 as unsigned)",
    "0.1": "cast(0.1 as double)",
    "1": "true",
    "2026-03-29": "date '2026-03-29'",
    "2026-03-29 02:30:00.000001": "timestamp '2026-03-29 02:30:00.000001'",
    "00ff": "x'00ff'",
    '{"a":1.10}': """json_compact('{"a": 1.10}')""",
    "Iași ☕ 👩‍💻": "'Iași ☕ 👩‍💻'",
    "nought": "null",
}
NOTHING = ("nothing", "nought")


def texts(home: Home, server: Server, expressions: dict[str, str], options: str = "") -> list[str]:
    """Return what a row of expressions reads as, in their order."""
    columns = ",\n".join(f"{said} as c{n}" for n, said in enumerate(expressions.values()))
    statement = f"select {columns}".replace("\n", "\n    ")
    write_source(home, server, f"statement: |\n    {statement}\n{options}".strip())
    with next(SQL.pieces(reading(home))).open() as rows:
        (row,) = [row for batch in rows.batches for row in batch.cells.to_pylist()]
    return list(row.values())


def expected(expressions: dict[str, str]) -> list[str | None]:
    return [None if said in NOTHING else said for said in expressions]


def test_the_types_of_postgresql_keep_what_they_say(home: Home, postgresql: Server) -> None:
    assert texts(home, postgresql, POSTGRESQL) == expected(POSTGRESQL)


def test_the_types_of_mariadb_keep_what_they_say(home: Home, mariadb: Server) -> None:
    assert texts(home, mariadb, MARIADB) == expected(MARIADB)


def test_numbers_take_the_decimal_mark_of_their_source(home: Home, server: Server) -> None:
    numbers = {"a": "cast(1234.50 as decimal(8, 2))", "b": "'1.234,50'", "c": "7"}
    assert texts(home, server, numbers, 'decimal: ","') == ["1234,50", "1.234,50", "7"]


def test_a_zero_date_is_none_and_a_timestamp_is_a_moment(home: Home, mariadb: Server) -> None:
    mariadb.execute(
        "drop table if exists days",
        "create table days (d date, t datetime, m timestamp null, b bit(1))",
        "set time_zone = '+02:00'",
        "insert into days values ('0000-00-00', '0000-00-00', '2026-01-31 02:00:00', b'1'), "
        "('2026-01-31', '2026-01-31 12:00:00', null, b'0'), ('2026-02-00', null, null, null)",
    )
    write_source(home, mariadb, "table: days")
    with next(SQL.pieces(reading(home))).open() as rows:
        found = [tuple(row.values()) for batch in rows.batches for row in batch.cells.to_pylist()]
    assert found == [
        (None, None, "2026-01-31 00:00:00+00:00", "1"),
        ("2026-01-31", "2026-01-31 12:00:00", None, "0"),
        ("2026-02-00", None, None, None),  # no day: the row goes to quarantine as it was written
    ]


def test_an_e_mail_of_a_database_is_hashed_as_one_of_a_file(home: Home, postgresql: Server) -> None:
    write_source(
        home,
        postgresql,
        "statement: select 1 as order_id, now() as ordered_at, 'completed' as status, "
        "'EUR' as currency, 1 as gross_amount, ' Ana.Ș@Example.com' as email",
    )
    assert land_only(home, "email") == [(hash_email("ana.ș@example.com", home.hash_key()),)]


def test_sqlite_is_read_as_it_lies(home: Home) -> None:
    file = home.inbox / "shop.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("create table orders (order_id, ordered_at, updated_at, gross_amount)")
        database.executemany(
            "insert into orders values (?, ?, ?, ?)",
            [(n, "2026-01-01", f"2026-01-{n:02} 10:00:00", n / 4) for n in range(1, 6)],
        )
        database.commit()
    write_config(
        home,
        "connector: sql\noptions:\n  url: sqlite:///inbox/shop.db\n  table: orders\n"
        "  increasing: updated_at\n  slice_rows: 2\n"
        "defaults: {status: completed, currency: EUR}",
    )
    assert len(land_shop(home)) == 3
    with closing(sqlite3.connect(file)) as database:
        database.execute("insert into orders values (6, '2026-01-01', '2026-01-05 11:00:00', 1)")
        database.commit()
    landed = [row for name in land_shop(home) for row in rows_of(home, name)]
    assert [(row["order_id"], row["gross_amount"]) for row in landed] == [
        ("4", "1.0"),
        ("5", "1.25"),
        ("6", "1"),
    ]


def test_the_questions_to_a_sql_server_are_in_its_dialect() -> None:
    """No SQL Server runs here; this is what one would be asked."""
    database = cast(Database, SimpleNamespace(kind="mssql"))
    part = Slice(datetime(2026, 1, 1, 0, 0, 0, 123456), False, None)
    select = select_within(database, source_rows("dbo.orders", None), "updated_at", part)
    compiled = select.limit(5).compile(dialect=mssql.dialect())  # type: ignore[no-untyped-call]
    assert " ".join(str(compiled).split()).startswith("SELECT TOP __[POSTCOMPILE_param_1] * FROM")
    assert "FROM [dbo].[orders] WHERE updated_at > CAST(" in str(compiled).replace(" \n", " ")
    assert "2026-01-01 00:00:00.123456" in compiled.params.values()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no database"),
        (b"no database, and longer than its header would be " * 40, "that can be opened"),
    ],
)
def test_a_sqlite_file_that_is_none_is_named(home: Home, content: bytes | None, said: str) -> None:
    if content:
        (home.inbox / "shop.db").write_bytes(content)
    write_config(home, "connector: sql\noptions: {url: 'sqlite:///inbox/shop.db', table: orders}")
    with pytest.raises(SourceError, match=said):
        land_shop(home)

"""The tables of raw.duckdb: versions of rows, rows that did not fit, and what was delivered."""

import json
from collections.abc import Iterable

import duckdb

from marketing_warehouse.deliveries import Delivery
from marketing_warehouse.feeds import FEEDS, Feed

PLACE = {
    "_ids": "varchar",  # the namespace of the row's ids; empty for the shared one
    "_source": "varchar",
    "_delivery": "varchar",
    "_file": "varchar",
    "_line": "bigint",
    "_version": "varchar",  # a hash of the row's content
}


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing of the raw tables, one pair per feed, and the list of deliveries."""
    connection.execute("create schema if not exists raw.raw")
    for feed in FEEDS.values():
        typed = {column.name: column.sql_type for column in feed.columns}
        texts = dict.fromkeys(feed.column_names, "varchar")
        _create(connection, f"raw.raw.{feed.name}", {**typed, "extra": "varchar", **PLACE})
        _create(
            connection,
            f"raw.raw.quarantine_{feed.name}",
            {**texts, "extra": "varchar", "_reason": "varchar", **PLACE},
        )
    connection.execute(
        """
        create table if not exists raw.raw.deliveries (
            delivery varchar, feed varchar, source varchar, file varchar, status varchar,
            content_sha256 varchar, mapping_sha256 varchar, rows_read bigint,
            rows_repeated bigint, rows_quarantined bigint, reason varchar,
            landed_at timestamp, loaded_at timestamp, columns_unknown varchar,
            new_columns varchar, connector varchar
        )
        """
    )


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    listed = ", ".join(f'"{name}" {sql_type}' for name, sql_type in columns.items())
    connection.execute(f"create table if not exists {table} ({listed})")


def forget_rows_of(connection: duckdb.DuckDBPyConnection, feed: Feed, source: str) -> None:
    """Delete the rows of one source, before its deliveries are loaded anew."""
    for table in (f"raw.raw.{feed.name}", f"raw.raw.quarantine_{feed.name}"):
        connection.execute(f"delete from {table} where _source = ?", [source])


def record(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    status: str,
    *,
    rows_repeated: int = 0,
    rows_quarantined: int = 0,
    reason: str | None = None,
) -> None:
    """Write down what became of a delivery, in place of what was known of it before."""
    connection.execute("delete from raw.raw.deliveries where delivery = ?", [delivery.key])
    connection.execute(
        """
        insert into raw.raw.deliveries
        select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz at time zone 'UTC',
            current_timestamp at time zone 'UTC', ?, ?, ?
        """,
        [
            delivery.key,
            delivery.feed,
            delivery.source,
            delivery.file,
            status,
            delivery.content_sha256,
            delivery.mapping_sha256,
            delivery.rows,
            rows_repeated,
            rows_quarantined,
            reason,
            delivery.landed_at,
            json.dumps(delivery.columns_unknown),
            json.dumps(new_columns(connection, delivery)),
            delivery.connector,
        ],
    )


def new_columns(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> list[str]:
    """Return the columns that this delivery has and the source's earlier ones had not.

    Of the first delivery none is new.
    """
    earlier = connection.execute(
        "select columns_unknown from raw.raw.deliveries where source = ? and delivery < ?",
        [delivery.source, delivery.key],
    ).fetchall()
    if not earlier:
        return []
    seen = {name for (columns,) in earlier for name in json.loads(columns)}
    return [name for name in delivery.columns_unknown if name not in seen]


def refuse(
    connection: duckdb.DuckDBPyConnection, deliveries: Iterable[Delivery], reason: str
) -> None:
    """Write down that these deliveries were left out."""
    for delivery in deliveries:
        record(connection, delivery, "refused", reason=reason)

"""The tables of raw.duckdb: versions of rows, rows that did not fit, and what was delivered."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

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

_TEXTS = ("delivery", "feed", "source", "file", "status", "content_sha256", "mapping_sha256")
DELIVERIES = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [(name, pa.int64()) for name in ("rows_read", "rows_repeated", "rows_quarantined")]
    + [("reason", pa.string())]
    + [(name, pa.timestamp("us")) for name in ("landed_at", "loaded_at")]
    + [(name, pa.string()) for name in ("columns_unknown", "new_columns", "connector")]
)


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
    connection.register("deliveries", DELIVERIES.empty_table())
    connection.execute("create table if not exists raw.raw.deliveries as select * from deliveries")
    connection.unregister("deliveries")


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    listed = ", ".join(f'"{name}" {sql_type}' for name, sql_type in columns.items())
    connection.execute(f"create table if not exists {table} ({listed})")


def forget_rows_of(connection: duckdb.DuckDBPyConnection, feed: Feed, source: str) -> None:
    """Delete the rows of one source, before its deliveries are loaded anew."""
    for table in (f"raw.raw.{feed.name}", f"raw.raw.quarantine_{feed.name}"):
        connection.execute(f"delete from {table} where _source = ?", [source])


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery."""

    delivery: Delivery
    status: str
    rows_repeated: int = 0
    rows_quarantined: int = 0
    reason: str | None = None


def record(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of a source's deliveries, in place of what was known of them."""
    if not outcomes:
        return
    unknown_before = _unknown_columns_before(connection, outcomes[0].delivery.source)
    written = pa.Table.from_pylist(
        [
            {
                "delivery": outcome.delivery.key,
                "feed": outcome.delivery.feed,
                "source": outcome.delivery.source,
                "file": outcome.delivery.file,
                "status": outcome.status,
                "content_sha256": outcome.delivery.content_sha256,
                "mapping_sha256": outcome.delivery.mapping_sha256,
                "rows_read": outcome.delivery.rows,
                "rows_repeated": outcome.rows_repeated,
                "rows_quarantined": outcome.rows_quarantined,
                "reason": outcome.reason,
                "landed_at": _naive(datetime.fromisoformat(outcome.delivery.landed_at)),
                "loaded_at": _naive(datetime.now(UTC)),
                "columns_unknown": json.dumps(outcome.delivery.columns_unknown),
                "new_columns": json.dumps(_new_columns(outcome.delivery, unknown_before)),
                "connector": outcome.delivery.connector,
            }
            for outcome in outcomes
        ],
        schema=DELIVERIES,
    )
    connection.register("written", written)
    connection.execute(
        "delete from raw.raw.deliveries where delivery in (select delivery from written)"
    )
    connection.execute("insert into raw.raw.deliveries select * from written")
    connection.unregister("written")


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _unknown_columns_before(
    connection: duckdb.DuckDBPyConnection, source: str
) -> list[tuple[str, list[str]]]:
    """Return per delivery of a source, oldest first, the columns that no feed knows."""
    found = connection.execute(
        "select delivery, columns_unknown from raw.raw.deliveries where source = ? order by 1",
        [source],
    ).fetchall()
    return [(delivery, json.loads(columns)) for delivery, columns in found]


def _new_columns(delivery: Delivery, before: Sequence[tuple[str, list[str]]]) -> list[str]:
    """Return the columns that the source's earlier deliveries had not; of the first none is new."""
    earlier = [columns for key, columns in before if key < delivery.key]
    if not earlier:
        return []
    seen = {name for columns in earlier for name in columns}
    return [name for name in delivery.columns_unknown if name not in seen]


def refuse(
    connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery], reason: str
) -> None:
    """Write down that these deliveries were left out."""
    record(connection, [Outcome(delivery, "refused", reason=reason) for delivery in deliveries])

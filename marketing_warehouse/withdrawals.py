"""Withdrawals: take out of raw the rows that a later delivery says are gone.

Three things say so: a tombstone (its key is gone), a delivery that takes the place of all rows of
some days, and a reading that takes the place of a former one. A row stays or goes by where it was
delivered last, so it does not matter in how many loads the deliveries came.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from marketing_warehouse.casting import literal
from marketing_warehouse.deliveries import Delivery, Pending
from marketing_warehouse.feeds import Feed, Kind

Only = tuple[tuple[str, str], ...]


def withdraw(
    connection: duckdb.DuckDBPyConnection, feed: Feed, source: str, pending: Pending
) -> int:
    """Delete what the deliveries at hand say is gone; return how many earlier rows that took.

    Args:
        connection: raw.duckdb, with the table `landed` of the deliveries to load.
        feed: whose rows they are.
        source: who delivered them.
        pending: the deliveries.
    """
    connection.execute(
        "create or replace temporary table withdrawn (row_id bigint, is_earlier boolean)"
    )
    _mark_deleted(connection, feed, source)
    for only, deliveries in _by_scope(pending.to_load).items():
        _mark_replaced(connection, feed, source, only, deliveries)
    if pending.is_anew and pending.former:
        _mark_outlived(connection, feed, source, pending)
    counted = "select count(distinct row_id) from withdrawn where is_earlier"
    (earlier,) = connection.execute(counted).fetchone() or (0,)
    connection.execute(
        f"delete from raw.raw.{feed.name} where rowid in (select row_id from withdrawn)"
    )
    return int(earlier)


def _mark(connection: duckdb.DuckDBPyConnection, feed: Feed, source: str, joined: str) -> None:
    """Mark the rows of a source that a join, which may have conditions of its own, finds."""
    connection.execute(
        f"""
        insert into withdrawn
        select known.rowid, known._delivery not in (select distinct _delivery from landed)
        from raw.raw.{feed.name} as known
        {joined}
            and known._source = {literal(source)}
        """
    )


def _mark_deleted(connection: duckdb.DuckDBPyConnection, feed: Feed, source: str) -> None:
    """Mark the rows of the keys that a later tombstone names."""
    typed = [f"coalesce(cast(\"typed_{name}\" as varchar), '')" for name in feed.key]
    known = [f"coalesce(cast(known.\"{name}\" as varchar), '')" for name in feed.key]
    keys = ", ".join(f"{key} as key_{place}" for place, key in enumerate(typed))
    same = " and ".join(f"{key} = gone.key_{place}" for place, key in enumerate(known))
    gone = f"""
        select {keys}, max({{'delivery': _delivery, 'line': _line}}) as place
        from landed where _deleted is not null and _reason is null group by all
    """
    _mark(
        connection,
        feed,
        source,
        f"""
        inner join ({gone}) as gone on {same}
        where (known._delivery, known._line) < (gone.place.delivery, gone.place.line)
        """,
    )


def _by_scope(deliveries: Sequence[Delivery]) -> dict[Only, list[Delivery]]:
    """Group the deliveries that replace rows by the part of the source that they speak for."""
    scopes: dict[Only, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        if delivery.replaces:
            scopes[tuple(sorted(delivery.replaces["only"].items()))].append(delivery)
    return scopes


def _mark_replaced(
    connection: duckdb.DuckDBPyConnection,
    feed: Feed,
    source: str,
    only: Only,
    deliveries: Sequence[Delivery],
) -> None:
    """Mark the rows of the days whose place a later delivery takes."""
    said = [(delivery.key, delivery.replaces or {}) for delivery in deliveries]
    ranges = pa.table(
        {
            "delivery": [key for key, _ in said],
            "first": pa.array([replaced["first"] for _, replaced in said], pa.string()),
            "last": pa.array([replaced["last"] for _, replaced in said], pa.string()),
        }
    )
    day = _day_of(feed, deliveries[-1])
    scope = "".join(
        f" and coalesce(cast(known.\"{name}\" as varchar), '') = {literal(value)}"
        for name, value in only
    )
    connection.register("ranges", ranges)
    connection.execute(
        f"""
        create or replace temporary table replaced as
        with known_days as (
            select distinct {day} as day from raw.raw.{feed.name} as known
            where _source = {literal(source)}
        )
        select known_days.day, max(ranges.delivery) as delivery
        from known_days
        inner join ranges
            on known_days.day >= coalesce(cast(ranges.first as date), known_days.day)
            and known_days.day <= coalesce(cast(ranges.last as date), known_days.day)
        group by all
        """
    )
    connection.unregister("ranges")
    _mark(
        connection,
        feed,
        source,
        f"""
        inner join replaced on replaced.day = {day}
        where known._delivery < replaced.delivery{scope}
        """,
    )


def _mark_outlived(
    connection: duckdb.DuckDBPyConnection, feed: Feed, source: str, pending: Pending
) -> None:
    """Mark what a former reading brought, but its rows from before all that the new one brought.

    An API that tells no more than its last three years must not make the years before vanish.
    """
    for stream in {delivery.stream for delivery in pending.former}:
        former = _keys(one for one in pending.former if one.stream == stream)
        now = _keys(
            one
            for one in pending.counting
            if one.cursor is not None and one.stream == stream and one not in pending.former
        )
        _mark(
            connection,
            feed,
            source,
            f"""
            where known._delivery in ({former}) and known."{feed.dated_by}" >= (
                select min("typed_{feed.dated_by}") from landed
                where _delivery in ({now}) and _deleted is null and _reason is null
            )
            """,
        )
        connection.execute(
            f"delete from raw.raw.quarantine_{feed.name} where _delivery in ({former})"
        )


def _keys(deliveries: Iterable[Delivery]) -> str:
    return ", ".join(literal(delivery.key) for delivery in deliveries)


def _day_of(feed: Feed, delivery: Delivery) -> str:
    """Return the SQL of the day, in the source's zone, that dates a row."""
    dated = f'known."{feed.dated_by}"'
    if feed.column(feed.dated_by).kind is Kind.DATE:
        return dated
    zone = literal(delivery.options["timezone"])
    return f"cast(timezone({zone}, timezone('UTC', {dated})) as date)"

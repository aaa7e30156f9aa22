"""Sql selects: the few questions that a source asks its database, in the dialect of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mssql

from marketing_warehouse.connectors.databases import Database
from marketing_warehouse.connectors.sql_slices import Slice, Value


@dataclass(frozen=True)
class Extent:
    """How many rows there are from a value on, and the newest value."""

    rows: int
    newest: Value | None


def source_rows(table: str | None, statement: str | None) -> sa.FromClause:
    """Return what is read: a table, perhaps with its schema, or a SELECT of a user's own."""
    if statement is None:
        schema, _, name = (table or "").rpartition(".")
        return sa.table(
            sa.quoted_name(name, quote=True),
            schema=sa.quoted_name(schema, quote=True) if schema else None,
        )
    # A colon begins a parameter of SQLAlchemy, and `::` a cast of PostgreSQL.
    text = statement.replace(":", "\\:")
    return sa.text(f"{text}\n").columns().subquery("source_rows")


def select_within(
    database: Database, rows: sa.FromClause, increasing: str | None, part: Slice
) -> sa.Select[Any]:
    """Return the SELECT of a slice's rows, whole."""
    select = sa.select(sa.text("*")).select_from(rows)
    return select.where(*_conditions(database, increasing, part)) if increasing else select


def extent_of(
    database: Database, rows: sa.FromClause, increasing: str, after: Value | None
) -> Extent:
    """Return how much there is from a value on."""
    column: sa.ColumnElement[Any] = sa.column(increasing)
    select = (
        sa.select(sa.func.count(), sa.func.max(column))
        .select_from(rows)
        .where(*_conditions(database, increasing, Slice(after, True, None)))
    )
    return Extent(*database.first(select))


def has_nulls(database: Database, rows: sa.FromClause, increasing: str) -> bool:
    """Say whether any row lacks the increasing value: no slice would hold it."""
    column: sa.ColumnElement[Any] = sa.column(increasing)
    select = sa.select(column).select_from(rows).where(column.is_(None)).limit(1)
    return bool(database.first(select))


def boundaries_within(
    database: Database, rows: sa.FromClause, increasing: str, whole: Slice, slice_rows: int
) -> Iterator[Value]:
    """Yield the values that part a range into slices of about so many rows."""
    column: sa.ColumnElement[Any] = sa.column(increasing)
    part = whole
    while True:
        select = (
            sa.select(column)
            .select_from(rows)
            .where(*_conditions(database, increasing, part))
            .order_by(column)
            .offset(slice_rows - 1)
            .limit(1)
        )
        found = database.first(select)
        if not found or found[0] == whole.to:
            return
        yield found[0]
        part = Slice(found[0], False, whole.to)


def _conditions(
    database: Database, increasing: str, part: Slice
) -> Iterator[sa.ColumnElement[bool]]:
    column: sa.ColumnElement[Any] = sa.column(increasing)
    if part.after is not None:
        after = _literal(database, part.after)
        yield column >= after if part.is_inclusive else column > after
    if part.to is not None:
        yield column <= _literal(database, part.to)


def _literal(database: Database, value: Value) -> sa.ColumnElement[Any]:
    """Return a value to compare with; SQL Server's driver would cut a time to milliseconds."""
    if database.kind == "mssql" and isinstance(value, datetime):
        exact = mssql.DATETIME2(7)  # type: ignore[no-untyped-call]
        return sa.cast(sa.literal(value.isoformat(sep=" ")), exact)
    return sa.literal(value)

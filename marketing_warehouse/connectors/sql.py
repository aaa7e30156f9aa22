"""Sql: a table or a statement of a database, in slices along a column that only increases."""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from marketing_warehouse.connectors import sql_slices
from marketing_warehouse.connectors.options import SourceOptions
from marketing_warehouse.connectors.pieces import (
    Batch,
    Connector,
    Mark,
    Piece,
    Reading,
    Replaces,
    Rows,
)
from marketing_warehouse.connectors.sql_slices import Slice, Value
from marketing_warehouse.errors import SourceRefusedError
from marketing_warehouse.sections import Text, not_allowed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from marketing_warehouse.connectors.databases import Column, Database

KINDS = ("postgresql", "mysql", "mariadb", "sqlserver", "sqlite")
SECRETS = {"password", "passwd", "user", "sslpassword"}
ROWS_TO_LOOK_AT = 100


def _url(url: str) -> str:
    """Accept the address of a database that holds no secret."""
    refused = not_allowed(
        f"a url such as postgresql://db.example.com:5432/shop, of {', '.join(KINDS)}, "
        "without login and password: those belong into the environment"
    )
    try:
        parts = urlsplit(url)
        has_server = parts.hostname is not None and (parts.port or 1) > 0
    except ValueError:
        raise refused from None
    is_file = parts.scheme == "sqlite"
    holds_secrets = "@" in url.split("?")[0] or SECRETS & set(parse_qs(parts.query))
    if parts.scheme not in KINDS or len(parts.path) < 2:
        raise refused
    if not is_file and (holds_secrets or not has_server):
        raise refused
    return url


def _overlap(overlap: str | int) -> str | int:
    try:
        sql_slices.parsed_overlap(overlap)
    except ValueError:
        raise not_allowed('a time such as "1 day" or "2 hours", or a number of steps') from None
    return overlap


class SqlOptions(SourceOptions):
    """Where the rows are, and how to tell which are new.

    Attributes:
        url: the database, without a login: `postgresql://host:5432/shop`, `sqlite:///shop.db`.
        table: the table or view to read, with its schema where it needs one.
        statement: a SELECT of the database's own SQL, instead of a table.
        increasing: the column by which rows are new: `updated_at`, or an id of rows that never
            change. Without one, all is read each time and takes the place of what was there.
        overlap: how far before the last value reading starts again, since rows may be committed
            later than their value says; a day, or 1,000 of a number.
        slice_rows: how many rows a delivery holds about.
    """

    decide_nothing = SourceOptions.decide_nothing | {"overlap", "slice_rows"}

    url: Annotated[Text, AfterValidator(_url)]
    table: Text | None = None
    statement: Text | None = Field(default=None, validate_default=True)
    increasing: Text | None = None
    overlap: Annotated[str | int, AfterValidator(_overlap)] | None = None
    slice_rows: Annotated[int, Field(ge=1)] = 1_000_000

    @field_validator("statement")
    @classmethod
    def _one_of_two(cls, statement: str | None, info: ValidationInfo) -> str | None:
        if (statement is None) == (info.data.get("table") is None):
            raise not_allowed("either a table or a statement")
        return statement.strip().rstrip(";") if statement else None

    @property
    def asked(self) -> str:
        """What messages call that which is read."""
        return f"the table {self.table}" if self.table else "its statement"


@dataclass(frozen=True)
class _Table:
    """What is read: a table or a statement, its columns, and the database that has it."""

    reading: Reading
    options: SqlOptions
    database: "Database"
    rows: "sa.FromClause"
    columns: "list[Column]"

    @property
    def name(self) -> str:
        return self.options.table or "statement"

    @property
    def noun(self) -> str:
        return "the table" if self.options.table else "the"


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield the rows that are new, a slice at a time; all of them where nothing increases."""
    from marketing_warehouse.connectors.databases import open_database
    from marketing_warehouse.connectors.sql_selects import source_rows

    options = cast(SqlOptions, reading.source.options)
    with open_database(reading, options.url, options.asked) as database:
        rows = source_rows(options.table, options.statement)
        table = _Table(reading, options, database, rows, database.columns(rows))
        increasing = _increasing(table)
        if increasing is None or reading.is_look:
            everything = partial(_open, table, increasing, Slice(None, True, None))
            yield Piece(
                table.name,
                everything,
                noun=table.noun,
                mark=lambda: Mark({}),
                replaces=Replaces(),
            )
        else:
            yield from _slices(table, increasing)


SQL = Connector("sql", SqlOptions, pieces)


def _increasing(table: _Table) -> str | None:
    """Return the column that increases, as the database spells it."""
    wanted = table.options.increasing
    if wanted is None:
        return None
    names = [column.name for column in table.columns]
    for name in names:
        if name.lower() == wanted.lower():
            return name
    raise _refused(
        table, f"has no column {wanted} (increasing); it has: {', '.join(names)}. Mend the option"
    )


def _slices(table: _Table, increasing: str) -> Iterator[Piece]:
    from marketing_warehouse.connectors.sql_selects import (
        boundaries_within,
        extent_of,
        has_nulls,
    )

    if has_nulls(table.database, table.rows, increasing):
        raise _refused(
            table,
            f"has rows without {increasing}, which would never be read; name a column that is "
            "always filled, or a statement with coalesce,",
        )
    since = sql_slices.of_json(table.reading.cursor())
    after = None if since is None else _before(table, since)
    extent = extent_of(table.database, table.rows, increasing, after)
    whole = Slice(after, True, extent.newest)
    count = math.ceil(extent.rows / table.options.slice_rows)
    boundaries = boundaries_within(
        table.database, table.rows, increasing, whole, table.options.slice_rows
    )
    for number, part in enumerate(sql_slices.cut(whole, boundaries if count > 1 else ()), 1):
        reached = since if part.to is None else part.to
        yield Piece(
            f"{table.name}, {increasing} to {reached}",
            partial(_open, table, increasing, part),
            noun=table.noun,
            mark=partial(_mark, table, reached, is_caught_up=part.to == whole.to),
            progress=f"slice {number} of about {count}" if count > 1 else "",
        )


def _before(table: _Table, since: Value) -> Value:
    overlap = table.options.overlap
    try:
        return sql_slices.before(
            since, None if overlap is None else sql_slices.parsed_overlap(overlap)
        )
    except sql_slices.UnfitOverlapError as error:
        raise _refused(
            table, f"increases by {table.options.increasing}, so its overlap must be {error}; do so"
        ) from None


def _refused(table: _Table, what: str) -> SourceRefusedError:
    source, asked = table.reading.source.name, table.options.asked
    return SourceRefusedError(f"Source {source}: {asked} {what} in business.yml.")


def _mark(table: _Table, reached: Value | None, *, is_caught_up: bool) -> Mark:
    if reached is None:
        return Mark({}, is_caught_up)
    now = sql_slices.now_in(table.reading.timezone)
    return Mark(sql_slices.as_json(sql_slices.not_ahead(reached, now)), is_caught_up)


@contextlib.contextmanager
def _open(table: _Table, increasing: str | None, part: Slice) -> Iterator[Rows]:
    """Read a slice by a connection of its own: whoever has a piece may open it when they like."""
    from marketing_warehouse.connectors.databases import open_database
    from marketing_warehouse.connectors.sql_selects import select_within

    reading, options = table.reading, table.options
    names = tuple(column.name for column in table.columns)
    with open_database(reading, options.url, options.asked) as database:
        select = select_within(database, table.rows, increasing, part)
        if reading.is_look:
            select = select.limit(ROWS_TO_LOOK_AT)
        batches = database.batches(select, table.columns, options.decimal)
        with contextlib.closing(batches):
            yield Rows(names, _numbered(batches))


def _numbered(batches: Iterator[pa.Table]) -> Iterator[Batch]:
    first = 1
    for cells in batches:
        yield Batch(cells, pa.array(range(first, first + cells.num_rows), pa.int64()))
        first += cells.num_rows

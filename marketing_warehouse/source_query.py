"""Source query: a source's own SQL over one piece of it, in a DuckDB that reaches nothing else."""

import contextlib
import re
import threading
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from marketing_warehouse.connectors import Batch, Rows
from marketing_warehouse.connectors.options import SourceOptions
from marketing_warehouse.errors import SourceRefusedError
from marketing_warehouse.sql_guard import MEMORY_LIMIT, SOURCE_TABLE, what_duckdb_said

BATCH_ROWS = 50_000
LARGEST_SOURCE = 2 << 30
PATIENCE_SECONDS = 600.0
NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT")
SQL_ERRORS = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


def apply_query(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    rows: Rows,
    options: SourceOptions,
    where: str,
) -> Rows:
    """Run a source's query over one piece and return its rows as texts, numbered from 1.

    Args:
        connection: a locked DuckDB.
        query: one SELECT over `source`, already judged by the guard.
        rows: the piece; its texts are clean.
        options: how the source spells numbers: typed ones are spelt the same way.
        where: what messages call the piece.

    Raises:
        SourceRefusedError: the query does not fit the piece, or a record of it cannot be read.
    """
    cells = _all_cells(rows, where)
    with plain_errors(where), _interrupted_when_late(connection):
        connection.register(SOURCE_TABLE, cells)
        connection.execute(f"create or replace table result as\n{query.strip().rstrip(';')}\n")
        connection.unregister(SOURCE_TABLE)
        columns, select = _select_texts(connection, "result", options)
        reader = connection.execute(select).to_arrow_reader(BATCH_ROWS)
    return Rows(columns, _numbered(reader, where))


def as_texts(
    connection: duckdb.DuckDBPyConnection, cells: pa.Table, options: SourceOptions, where: str
) -> pa.Table:
    """Spell typed columns as texts the way the source spells its own; texts stay as they are."""
    if all(pa.types.is_string(column.type) for column in cells.columns):
        return cells
    with plain_errors(where):
        connection.register("typed", cells)
        _, select = _select_texts(connection, "typed", options)
        texts = connection.execute(select).to_arrow_table()
        connection.unregister("typed")
    return texts


@contextlib.contextmanager
def plain_errors(where: str) -> Iterator[None]:
    """Say what DuckDB did not like without quoting a cell: it may hold personal data."""
    try:
        yield
    except SQL_ERRORS as error:
        raise SourceRefusedError(
            f"{where}: its query does not fit it: {what_duckdb_said(error)}; "
            "mend the query in business.yml, or the file."
        ) from None
    except duckdb.InterruptException:
        raise SourceRefusedError(
            f"{where}: its query took longer than {PATIENCE_SECONDS:.0f} seconds; simplify it."
        ) from None
    except duckdb.OutOfMemoryException:
        raise SourceRefusedError(
            f"{where}: its query needs more memory than {MEMORY_LIMIT}; split the file."
        ) from None
    except duckdb.Error as error:
        kind = re.search(r"\bto (?:type )?([A-Z][A-Z0-9_]+)", str(error))
        wish = f" as {kind[1]}" if kind else ""
        raise SourceRefusedError(
            f"{where}: its query cannot read a cell{wish}; "
            "use try_cast there in business.yml, or mend the file."
        ) from None


def _all_cells(rows: Rows, where: str) -> pa.Table:
    """Return a whole piece in memory, where its query can read it more than once."""
    tables = []
    size = 0
    for batch in rows.batches:
        if batch.faults:
            line, fault = batch.faults[0]
            # One line less would silently change what the query adds up.
            raise SourceRefusedError(
                f"{where}, line {line}: {fault}; mend the file: its query needs every line."
            )
        size += batch.cells.nbytes
        if size > LARGEST_SOURCE:
            raise SourceRefusedError(
                f"{where} is too large for a query ({LARGEST_SOURCE >> 30} GiB); split the file."
            )
        tables.append(batch.cells)
    if tables:
        return pa.concat_tables(tables)
    return pa.table({column: pa.array([], pa.string()) for column in rows.columns})


def _select_texts(
    connection: duckdb.DuckDBPyConnection, table: str, options: SourceOptions
) -> tuple[tuple[str, ...], str]:
    described = connection.execute(f"describe {table}").fetchall()
    columns = tuple(str(column[0]) for column in described)
    spelt = [
        f"{_spelt(_quoted(name), str(sql_type), options)} as {_quoted(name)}"
        for name, sql_type, *_ in described
    ]
    return columns, f"select {', '.join(spelt)} from {table}"  # noqa: S608  # names are quoted


def _spelt(column: str, sql_type: str, options: SourceOptions) -> str:
    """Return the SQL that spells a typed column; a NaN, pandas' nothing, is NULL."""
    text = f"cast({column} as varchar)"
    if sql_type in ("DOUBLE", "FLOAT"):
        text = f"case when not isnan({column}) then {text} end"
    if sql_type.startswith(NUMBERS) and options.decimal != ".":
        text = f"replace({text}, '.', '{options.decimal}')"
    return text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _numbered(reader: pa.RecordBatchReader, where: str) -> Iterator[Batch]:
    first = 1
    while True:
        with plain_errors(where):
            cells = next(reader, None)
        if cells is None:
            return
        lines = pa.array(range(first, first + cells.num_rows), pa.int64())
        yield Batch(pa.Table.from_batches([cells]), lines)
        first += cells.num_rows


@contextlib.contextmanager
def _interrupted_when_late(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    timer = threading.Timer(PATIENCE_SECONDS, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

"""Read: open the published marts, never to write, and answer questions about them."""

import contextlib
import json
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from marketing_warehouse.attempts import (
    Attempt,
    Failure,
    Outcome,
    last_attempt,
    last_attempts,
)
from marketing_warehouse.errors import NothingPublishedError, QueryError, WarehouseError
from marketing_warehouse.paths import Home, home_from_environment, report_is_local

__all__ = [
    "Answer",
    "Attempt",
    "Failure",
    "Home",
    "Marts",
    "NothingPublishedError",
    "Outcome",
    "Publication",
    "QueryError",
    "WarehouseError",
    "csv_text",
    "home_from_environment",
    "last_attempt",
    "last_attempts",
    "publication",
    "report_is_local",
    "text_guarded",
]

MEMORY_LIMIT = "1GB"
ROW_LIMIT = 10_000
TIMEOUT_SECONDS = 30.0
ROWS_PER_BATCH = 2_048

# What is inside the published file is for everyone who may read it; what is outside is for nobody.
LOCKED_DOWN = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": MEMORY_LIMIT,
    "threads": "2",
    "max_temp_directory_size": "1GB",
    "lock_configuration": "true",
}

# The other table functions open files, take addresses of memory, or change the state of the
# database that all readers of this process share: enable_logging() can even end the process.
HARMLESS_TABLE_FUNCTIONS = {
    "duckdb_columns",
    "duckdb_constraints",
    "duckdb_functions",
    "duckdb_keywords",
    "duckdb_schemas",
    "duckdb_tables",
    "duckdb_types",
    "duckdb_views",
    "generate_series",
    "histogram",
    "histogram_values",
    "icu_calendar_names",
    "json_each",
    "json_tree",
    "pg_timezone_names",
    "pragma_show",
    "pragma_table_info",
    "pragma_version",
    "query_table",
    "range",
    "repeat",
    "repeat_row",
    "summary",
    "unnest",
}
FORBIDDEN_FUNCTIONS = {"sleep_ms", "write_log"}  # they wait, or write

ONE_SELECT = "Ask with exactly one SELECT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN"
EXPLAIN = re.compile(r"\s*explain\b(\s+analyze\b)?\s*(\(\s*format\b[^()]*\))?", re.IGNORECASE)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


# ------------------------------------------------------------------------------ the publication


@dataclass(frozen=True)
class Publication:
    """One published build: its id and the file that will never change again."""

    build_id: str
    file: Path


def publication(home: Home) -> Publication:
    """Return what is published now, as the concrete file behind the symlink.

    Readers open the concrete file: under the symlink's own name a process would go on seeing the
    build that it opened first.

    Raises:
        NothingPublishedError: there is no publication yet, or its file is gone.
    """
    try:
        file = home.marts.resolve(strict=True)
    except (FileNotFoundError, RuntimeError):
        raise NothingPublishedError(
            f"Nothing is published in {home.path} yet: run `warehouse load --home {home.path}`."
        ) from None
    return Publication(build_id=file.stem.removeprefix("marts-"), file=file)


class Marts:
    """One published build, opened read-only and locked down; safe to share between threads."""

    def __init__(self, published: Publication) -> None:
        """Open a publication.

        Args:
            published: what `publication` returned.

        Raises:
            WarehouseError: the file is no database that this version can read.
        """
        self.publication = published
        spill = Path(tempfile.gettempdir()) / f"warehouse-read-{os.getpid()}"
        try:
            self._connection = duckdb.connect(
                str(published.file),
                read_only=True,
                config={**LOCKED_DOWN, "temp_directory": str(spill)},
            )
        except duckdb.Error as error:
            raise WarehouseError(
                f"{published.file.name} cannot be opened ({_first_sentence(error)}): "
                "run `warehouse rollback` to go back to the publication before."
            ) from error

    @classmethod
    def of(cls, home: Home) -> Self:
        """Open what is published now in a home."""
        return cls(publication(home))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> pa.Table:
        """Run a query of our own and return the whole result."""
        with contextlib.closing(self._connection.cursor()) as cursor:
            return cursor.execute(sql, parameters or None).to_arrow_table()

    def run_user_sql(
        self, sql: str, limit: int = ROW_LIMIT, timeout: float = TIMEOUT_SECONDS
    ) -> "Answer":
        """Run one SELECT that a person wrote.

        Args:
            sql: the text; a semicolon at its end is allowed.
            limit: the most rows to return.
            timeout: seconds after which the query is stopped.

        Raises:
            QueryError: it is not exactly one reading statement, it uses what is not allowed, it is
                wrong, it took too long or too much memory.
        """
        with contextlib.closing(self._connection.cursor()) as cursor:
            try:
                _require_one_reading_statement(cursor, sql)
                with _stopped_after(cursor, timeout):
                    return _answer(cursor.execute(sql), limit)
            except duckdb.InterruptException:
                raise QueryError(
                    f"The query was stopped after {timeout:g} seconds: "
                    "ask for less, or for a shorter period."
                ) from None
            except duckdb.OutOfMemoryException:
                raise QueryError(
                    f"The query needs more than {MEMORY_LIMIT} of memory: "
                    "ask for fewer rows or columns."
                ) from None
            except (duckdb.Error, pa.ArrowException, RecursionError, UnicodeError) as error:
                raise QueryError(
                    f"The query could not be answered: {_first_sentence(error)}."
                ) from error


# ------------------------------------------------------------------------------ what people ask


@dataclass(frozen=True)
class Answer:
    """The rows of a person's query; `is_cut` says that there are more than the limit."""

    table: pa.Table
    is_cut: bool


def _require_one_reading_statement(cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = cursor.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(f"{ONE_SELECT}; this text holds {len(statements)} statements.")
    text = sql
    if statements[0].type == duckdb.StatementType.EXPLAIN:
        if not EXPLAIN.match(sql):
            raise QueryError(f"{ONE_SELECT}; let the text begin with EXPLAIN itself.")
        text = EXPLAIN.sub("", sql, count=1)
    row = cursor.execute("select json_serialize_sql($1::varchar)", [text]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    if tree["error"]:
        raise QueryError(f"{ONE_SELECT}; other statements, PRAGMA and PIVOT are not allowed here.")
    for node in _nodes(tree["statements"]):
        name = str(node.get("function_name", "")).lower()
        if name in FORBIDDEN_FUNCTIONS:
            raise QueryError(f"The function {name}() is not allowed here.")
        if node.get("type") == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", "")).lower()
            if name not in HARMLESS_TABLE_FUNCTIONS:
                raise QueryError(
                    f"The table function {name}() is not allowed here: "
                    "read the tables that `show all tables` lists."
                )


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a syntax tree, without recursion: a query can be nested deeply."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


@contextlib.contextmanager
def _stopped_after(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what runs on a cursor when its time is over, and again until it has stopped."""
    is_done = threading.Event()

    def watch() -> None:
        patience = seconds
        while not is_done.wait(patience):
            cursor.interrupt()
            patience = 0.05

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_done.set()
        watcher.join()


def _answer(result: duckdb.DuckDBPyConnection, limit: int) -> Answer:
    """Fetch up to `limit` rows and no more than a batch beyond them."""
    reader = result.to_arrow_reader(ROWS_PER_BATCH)
    batches: list[pa.RecordBatch] = []
    rows = 0
    for batch in reader:
        batches.append(batch)
        rows += batch.num_rows
        if rows > limit:
            break
    table = pa.Table.from_batches(batches, schema=reader.schema)
    names = _unique(table.column_names)
    return Answer(table.rename_columns(names).slice(0, limit), is_cut=rows > limit)


def _unique(names: list[str]) -> list[str]:
    """Number the repetitions of a name: rows are read by column name later."""
    taken = set(names)
    unique: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in unique or (number > 1 and candidate in taken):
            number += 1
            candidate = f"{name}_{number}"
        unique.append(candidate)
    return unique


def _first_sentence(error: BaseException) -> str:
    """Return what DuckDB said, without its kind, its picture of the line, or its final stop."""
    said = re.split(r"\n\n|\nLINE |\n\tCandidate functions:", str(error))[0]
    said = re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", said)
    return " ".join(said.split()).rstrip(".!") or type(error).__name__


# ------------------------------------------------------------------------------ exports


def text_guarded(text: str) -> str:
    """Put a `'` before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def csv_text(table: pa.Table) -> str:
    """Write a table as CSV that is safe to open in a spreadsheet.

    Numbers stay numbers, minus sign included; in every other column, and in the header, a cell
    that begins like a formula gets a `'` in front. NULL is an empty cell.
    """
    header = [text_guarded(name) for name in table.column_names]
    rows = zip(*(_cells(column) for column in table.columns), strict=True)
    lines = (",".join(_quoted(cell) for cell in row) for row in [header, *rows])
    return "".join(f"{line}\n" for line in lines)


def _quoted(cell: str) -> str:
    """Quote what would break a row; Python's csv module leaves a carriage return bare."""
    if any(mark in cell for mark in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cells(column: pa.ChunkedArray) -> list[str]:
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return ["" if value is None else f"{value}" for value in column.to_pylist()]
    if pa.types.is_boolean(kind):
        return ["" if value is None else str(value).lower() for value in column.to_pylist()]
    return ["" if value is None else text_guarded(str(value)) for value in column.to_pylist()]

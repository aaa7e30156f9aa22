"""SQL that users write into business.yml: what it may say, and a DuckDB that can do no harm."""

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from marketing_warehouse.feeds import FEEDS

SOURCE_TABLE = "source"
MEMORY_LIMIT = "2GB"
ROW_MAKING_FUNCTIONS = ("unnest", "generate_series", "range")
# The AST says `current_date` as a column, because a table might have one.
CLOCK_WORDS = ("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp")
LOCKS = (
    "set threads = 1",  # so that the rows of a query come in the same order every time
    "set temp_directory = ''",  # what does not fit into memory is plain data: never on a disk
    f"set memory_limit = '{MEMORY_LIMIT}'",
    "set TimeZone = 'UTC'",
    "set enable_external_access = false",
    "set autoload_known_extensions = false",
    "set autoinstall_known_extensions = false",
    "set allow_community_extensions = false",
    "set python_enable_replacements = false",
    "set lock_configuration = true",
)


QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
COMMENT = re.compile(r"--|/\*")


class NotAllowedSqlError(ValueError):
    """A criterion or a query says something that it may not say; the text says what."""


@contextlib.contextmanager
def locked_duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty DuckDB in memory that reaches no file, no network and no setting."""
    with contextlib.closing(duckdb.connect(":memory:")) as connection:
        for lock in LOCKS:
            connection.execute(lock)
        yield connection


class SqlGuard:
    """Judges criteria and queries, in one locked DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        columns = ", ".join(
            f'"{column.name}" {column.sql_type}' for column in FEEDS["leads"].columns
        )
        connection.execute(f"create or replace table leads ({columns}, extra varchar)")
        rows = connection.execute(
            "select function_name, function_type, stability from duckdb_functions()"
        ).fetchall()
        self._aggregates = {name for name, kind, _ in rows if kind == "aggregate"}
        self._aggregates -= {name for name, kind, _ in rows if kind in ("scalar", "macro")}
        self._unsteady = {
            name for name, _, stability in rows if stability not in (None, "CONSISTENT")
        }

    def check_criterion(self, where: str) -> None:
        """Accept one boolean expression over a lead's columns and `extra`.

        Raises:
            NotAllowedSqlError: it is anything else.
        """
        _refuse_more_than_an_expression(where)
        self._parse(f"select {where}")  # on its own, lest it close our bracket and open another
        node = self._parse(f"select (\n{where}\n)")["node"]
        if node["type"] != "SELECT_NODE" or len(node["select_list"]) != 1:
            raise NotAllowedSqlError("it must be one expression")
        self._refuse_functions(node)
        for part in _parts(node):
            if part.get("type") == "SUBQUERY" or part.get("class") == "SUBQUERY":
                raise NotAllowedSqlError("it may not look into tables (no select inside)")
            if part.get("class") == "WINDOW" or part.get("function_name") in self._aggregates:
                raise NotAllowedSqlError("it must judge each lead on its own (no aggregates)")
            if part.get("class") == "COLUMN_REF" and len(part["column_names"]) > 1:
                raise NotAllowedSqlError("it must name columns without a table before them")
            if part.get("class") == "STAR" or part.get("function_name") == "unnest":
                raise NotAllowedSqlError("it must be one yes-or-no expression")
        try:
            described = self._connection.execute(
                f"describe select (\n{where}\n) as met from leads"  # noqa: S608  # it was parsed above
            ).fetchall()
        except duckdb.Error as error:
            raise NotAllowedSqlError(what_duckdb_said(error)) from None
        if described[0][1] not in ("BOOLEAN", '"NULL"'):
            raise NotAllowedSqlError(f"it must be true or false, and it is a {described[0][1]}")

    def check_query(self, query: str) -> None:
        """Accept one SELECT over the table `source` and nothing else.

        Raises:
            NotAllowedSqlError: it is anything else.
        """
        node = self._parse(query)["node"]
        self._refuse_functions(node)
        known = {SOURCE_TABLE, *_cte_names(node)}
        for part in _parts(node):
            kind = part.get("type")
            if kind == "BASE_TABLE" and "table_name" in part:
                name = ".".join(
                    filter(None, (part["catalog_name"], part["schema_name"], part["table_name"]))
                )
                if name.lower() not in known:
                    raise NotAllowedSqlError(f"it may read the table source only, not {name}")
            if kind == "TABLE_FUNCTION":
                name = part["function"]["function_name"]
                if name not in ROW_MAKING_FUNCTIONS:
                    raise NotAllowedSqlError(f"it may read the table source only, not {name}()")
            if part.get("sample"):
                raise NotAllowedSqlError("it may not take a sample: each run would take another")
            if kind == "SHOW_REF":
                raise NotAllowedSqlError("it must be a SELECT")

    def check_date_format(self, form: str) -> None:
        """Accept a format that DuckDB's strptime knows.

        Raises:
            NotAllowedSqlError: it does not know it.
        """
        if "%" not in form:
            raise NotAllowedSqlError("a date format has parts such as %d, %m and %Y")
        try:
            self._connection.execute("select try_strptime('1', ?)", [form])
        except duckdb.Error as error:
            raise NotAllowedSqlError(what_duckdb_said(error)) from None

    def _parse(self, sql: str) -> dict[str, Any]:
        answer = self._connection.execute("select json_serialize_sql(?)", [sql]).fetchone()
        assert answer is not None
        parsed = json.loads(answer[0])
        if parsed["error"]:
            if parsed["error_type"] == "not implemented":
                raise NotAllowedSqlError("it must be a SELECT")
            raise NotAllowedSqlError(str(parsed["error_message"]))
        statements = parsed["statements"]
        if len(statements) != 1:
            raise NotAllowedSqlError("it must be one statement")
        if statements[0]["named_param_map"]:
            raise NotAllowedSqlError("it may have no parameters ($1, ?)")
        return dict(statements[0])

    def _refuse_functions(self, node: dict[str, Any]) -> None:
        for part in _parts(node):
            name = part.get("function_name")
            if part.get("class") == "COLUMN_REF" and len(part["column_names"]) == 1:
                word = part["column_names"][0].lower()
                name = word if word in CLOCK_WORDS else None
            if name in CLOCK_WORDS or name in self._unsteady:
                raise NotAllowedSqlError(
                    f"{name} is not allowed: the same rows must give the same answer every day"
                )


def what_duckdb_said(error: duckdb.Error) -> str:
    """Return what DuckDB said about a SQL text: the first line, without the kind of error.

    Only for errors of parsing and binding: others may quote the data.
    """
    first = str(error).splitlines()[0]
    said = first.split(": ", 1)[-1].strip().rstrip(".!")
    candidates = [line for line in str(error).splitlines() if line.startswith("Candidate bindings")]
    return f"{said} ({candidates[0].strip()})" if candidates else said


def _refuse_more_than_an_expression(sql: str) -> None:
    if COMMENT.search(QUOTED.sub("''", sql)):
        raise NotAllowedSqlError("it has a SQL comment: write a YAML comment beside it")
    if ";" in QUOTED.sub("''", sql):
        raise NotAllowedSqlError("it must be one expression, without a semicolon")


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Walk through a parsed statement, every object in it."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _parts(child)


def _cte_names(node: dict[str, Any]) -> set[str]:
    return {
        str(entry["key"]).lower()
        for part in _parts(node)
        for entry in (part.get("cte_map") or {}).get("map", ())
    }

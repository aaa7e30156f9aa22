"""Restated: put what readers see now beside the models, so that they can tell what has moved."""

from pathlib import Path

import duckdb

from marketing_warehouse.casting import literal
from marketing_warehouse.database import open_database, plain_errors
from marketing_warehouse.paths import Home
from marketing_warehouse.publish import current_publication

# The tables of the schema `history` in work.duckdb: the mart that each is a copy of, its columns.
HISTORY = {
    "published_restatements": (
        "kpi.restatements",
        {
            "calendar_date": "date",
            "kpi": "varchar",
            "first_published_by": "varchar",
            "first_published_at": "timestamp",
            "first_value": "decimal(18, 4)",
            "previous_value": "decimal(18, 4)",
            "value_now": "decimal(18, 4)",
            "moved_by": "varchar",
            "moved_at": "timestamp",
            "times_moved": "bigint",
            "reason": "varchar",
        },
    ),
    "published_settings": ("ops.settings", {"settings_sha256": "varchar"}),
}


def copy_history(home: Home) -> None:
    """Copy what the next build carries on from the current publication into work.duckdb.

    The tables are there, and empty, also before the first publication, and where the published
    file is of a time in which it did not hold them yet.

    Raises:
        WarehouseError: one of the two files cannot be opened.
    """
    with open_database(home.work) as work:
        work.execute("create schema history")
        for table, (_, columns) in HISTORY.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            work.execute(f"create table history.{table} ({listed})")
        publication = current_publication(home)
        if publication is not None:
            _copy(work, home.published / publication.file_name)


def _copy(work: duckdb.DuckDBPyConnection, marts: Path) -> None:
    with plain_errors(marts):
        work.execute(f"attach {literal(str(marts))} as published (read_only)")
        for table, (mart, columns) in HISTORY.items():
            if _columns(work, mart) >= columns.keys():
                listed = ", ".join(columns)
                work.execute(
                    f"insert into history.{table} ({listed}) select {listed} from published.{mart}"
                )
        work.execute("detach published")


def _columns(work: duckdb.DuckDBPyConnection, mart: str) -> set[str]:
    """Return the columns of a published mart, none where there is no such mart."""
    found = work.execute(
        """
        select column_name from duckdb_columns()
        where database_name = 'published' and schema_name || '.' || table_name = ?
        """,
        [mart],
    ).fetchall()
    return {name for (name,) in found}

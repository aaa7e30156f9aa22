"""What dbt says of the project, and a warehouse that it built of a business without any rows."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from marketing_warehouse import raw_tables
from marketing_warehouse.paths import PROJECT, Home
from marketing_warehouse.restated import copy_history

DBT_PROJECT = PROJECT / "dbt_project"
LONGEST_RUN = 280  # seconds; it takes 20 on an idle machine


@dataclass(frozen=True)
class Dbt:
    """The project with the databases of one home."""

    home: Home

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run dbt in a process of its own, as the build does."""
        environment = {
            **os.environ,
            "WAREHOUSE_CANDIDATE": str(self.home.candidate),
            "WAREHOUSE_WORK": str(self.home.work),
            "WAREHOUSE_RAW": str(self.home.raw),
            "WAREHOUSE_AS_OF": "2026-01-31",
            "WAREHOUSE_AS_OF_MOMENT": "2026-01-31 22:00:00",
            "WAREHOUSE_BUILD_ID": "20260201T050000Z",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        folders = {
            "--project-dir": DBT_PROJECT,
            "--profiles-dir": DBT_PROJECT,
            "--target-path": self.home.dbt_target,
            "--log-path": self.home.logs,
        }
        options = [str(word) for option in folders.items() for word in option]
        dbt = Path(sys.executable).with_name("dbt")
        return subprocess.run(
            [str(dbt), *command, *options, "--no-use-colors"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_RUN,
        )

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.home.dbt_target / "manifest.json").read_text())

    @property
    def results(self) -> list[dict[str, Any]]:
        return json.loads((self.home.dbt_target / "run_results.json").read_text())["results"]

    def columns(self) -> dict[tuple[str, str], set[str]]:
        """Return the columns of every table and view of the home, by schema and name."""
        with duckdb.connect(self.home.candidate, read_only=True) as connection:
            connection.execute(f"attach '{self.home.work}' as work (read_only)")
            connection.execute(f"attach '{self.home.raw}' as raw (read_only)")
            found: dict[tuple[str, str], set[str]] = {}
            for schema, table, column in connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns() "
                "where not internal"
            ).fetchall():
                found.setdefault((schema, table), set()).add(column)
        return found

    def rows_of_marts(self) -> dict[str, int]:
        """Return how many rows each table of the candidate has."""
        with duckdb.connect(self.home.candidate, read_only=True) as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
            ).fetchall()
            return {
                table: connection.execute(f"select count(*) from {table}").fetchone()[0]
                for (table,) in tables
            }


def an_empty_home(folder: Path) -> Dbt:
    """Return a home in which everything was loaded, and nothing came."""
    home = Home(folder / "home")
    home.path.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.raw}' as raw")
        raw_tables.create(connection)
    copy_history(home)
    return Dbt(home)


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What dbt understands of the project's files, without running anything."""
    dbt = an_empty_home(tmp_path_factory.mktemp("parsed"))
    done = dbt.run("parse")
    assert done.returncode == 0, done.stdout
    return dbt.manifest


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """All models and their data tests, built of no rows at all."""
    dbt = an_empty_home(tmp_path_factory.mktemp("built"))
    done = dbt.run("build", "--exclude-resource-types", "unit_test")
    assert done.returncode == 0, done.stdout
    return dbt

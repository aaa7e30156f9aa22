"""Steward: give each business its pool and its role in Airflow, also those that come later."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from marketing_warehouse.paths import BUSINESS_NAME, HOMES_VARIABLE, homes_from_environment

EVERY_SECONDS = 30
ALIVE = Path(tempfile.gettempdir()) / "steward"
LATE_SECONDS = 300  # Airflow's commands take seconds each, on a busy machine more

# What a person of one business may do; on which DAGs, the resource of the business's own DAG says.
PERMISSIONS = {
    "Assets": "can_read",
    "DAG Code": "can_read",
    "DAG Dependencies": "can_read",
    "DAG Runs": "can_create,can_edit,can_read,menu_access",
    "DAG Versions": "can_read",
    "DAG Warnings": "can_read",
    "Jobs": "can_read",
    "Task Instances": "can_edit,can_read,menu_access",
    "Task Logs": "can_read",
    "Website": "can_read",
    "XComs": "can_read",
}
ON_ITS_DAG = "can_edit,can_read"


def main() -> int:
    """See to all businesses, once or for as long as the process lives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="end when all that are there are seen to"
    )
    parser.add_argument("--check", action="store_true", help="say whether a steward is at work")
    asked = parser.parse_args()
    if asked.check:
        return 0 if ALIVE.exists() and time.time() - ALIVE.stat().st_mtime < LATE_SECONDS else 1
    has_pool: set[str] = set()
    has_role: set[str] = set()
    told: set[str] = set()
    while True:
        ALIVE.touch()
        names = set(homes_from_environment())
        if names - has_pool and make_pools(sorted(names - has_pool)):
            has_pool = names
        told = _tell_of_strays(told)
        if asked.once:
            return 0 if names <= has_pool else 1
        if names - has_role and make_roles(sorted(names - has_role)):
            has_role = names
        time.sleep(EVERY_SECONDS)


def make_pools(names: list[str]) -> bool:
    """Make each business's pool of one slot; say if that was done."""
    pools = {
        pool_of(name): {
            "slots": 1,
            "description": "DuckDB takes one writer",
            "include_deferred": True,
        }
        for name in names
    }
    return _import("pools", pools)


def make_roles(names: list[str]) -> bool:
    """Make each business's role; say if it was done: its DAG must have been read once before."""
    rights = [
        {"name": role_of(name), "resource": resource, "action": actions}
        for name in names
        for resource, actions in {**PERMISSIONS, f"DAG:daily_load__{name}": ON_ITS_DAG}.items()
    ]
    return _import("roles", rights)


def pool_of(name: str) -> str:
    """Return the name of a business's pool, as its DAG asks for it."""
    return f"warehouse_writer__{name}"


def role_of(name: str) -> str:
    """Return the name of a business's role in Airflow."""
    return f"business_{name}"


def _import(kind: str, content: Any) -> bool:
    """Have Airflow import a JSON file; what is there already stays as it is."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(content, file)
        file.flush()
        command = [sys.executable, "-m", "airflow", kind, "import", file.name]
        done = subprocess.run(command, check=False)
    return done.returncode == 0


def _tell_of_strays(told: set[str]) -> set[str]:
    """Say once which folders will never become a business, and why."""
    folders = {path.name for path in Path(os.environ[HOMES_VARIABLE]).iterdir() if path.is_dir()}
    strays = {name for name in folders if not BUSINESS_NAME.fullmatch(name)}
    for name in sorted(strays - told):
        print(
            f"{name!r} is left out: a business is named with small letters, digits, - and _.",
            flush=True,
        )
    return strays


if __name__ == "__main__":
    sys.exit(main())

"""Connections: what Airflow's secrets know goes to the step that needs it, and nowhere else."""

from collections.abc import Mapping
from typing import Any

from airflow import sdk
from airflow.sdk.exceptions import AirflowNotFoundException

from marketing_warehouse import steps
from marketing_warehouse.paths import Home
from marketing_warehouse.schedule import report_is_wanted

FIELDS = ("login", "password", "host", "port", "schema")


def land(home: str, load_id: str, source: str) -> list[str]:
    """Fetch what one source has to tell; return the names of its new deliveries."""
    return steps.land(home, load_id, source, find_connection)


def reports(home: Home, which: Mapping[str, Any]) -> list[Any]:
    """Return the task that prints and sends a report, where business.yml asks for one."""
    return [sdk.task(report)(**which)] if report_is_wanted(home) else []


def report(home: str, load_id: str) -> str | None:
    """Print the report of the last ended period, mail it, keep it; return the new file's name."""
    return steps.report(home, load_id, find_connection)


def find_connection(connection_id: str) -> Mapping[str, Any] | None:
    """Return the fields of a connection, or None where there is none."""
    try:
        found = sdk.Connection.get(connection_id)
    except AirflowNotFoundException:
        return None
    return {name: getattr(found, name) for name in FIELDS} | {"extra": found.extra_dejson}

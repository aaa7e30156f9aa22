"""Connections: what Airflow's secrets know of a source goes to its landing, and nowhere else."""

from collections.abc import Mapping
from typing import Any

from airflow import sdk
from airflow.sdk.exceptions import AirflowNotFoundException

from marketing_warehouse import steps

FIELDS = ("login", "password", "host", "port", "schema")


def land(home: str, load_id: str, source: str) -> list[str]:
    """Fetch what one source has to tell; return the names of its new deliveries."""
    return steps.land(home, load_id, source, find_connection)


def find_connection(connection_id: str) -> Mapping[str, Any] | None:
    """Return the fields of a connection, or None where there is none."""
    try:
        found = sdk.Connection.get(connection_id)
    except AirflowNotFoundException:
        return None
    return {name: getattr(found, name) for name in FIELDS} | {"extra": found.extra_dejson}

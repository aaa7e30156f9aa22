"""Reading: what a connector is given to read a source: its mapping, its credentials, its zone."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from marketing_warehouse.config import Config, Source
from marketing_warehouse.connectors import CONNECTORS, Reading
from marketing_warehouse.credentials import Credentials, connection_of, fields_of_connection
from marketing_warehouse.paths import credentials_from_environment

FindConnection = Callable[[str], Mapping[str, Any] | None]


def adapted(source: Source) -> Source:
    """Return a source with what its connector knows of its columns, values and defaults."""
    return CONNECTORS[source.connector].adapt(source)


def reading_of(
    config: Config, source: Source, through: date, find_connection: FindConnection | None = None
) -> Reading:
    """Return what a source's connector needs to know to read it from the beginning.

    Args:
        config: the settings.
        source: the source as business.yml describes it.
        through: the last day that counts.
        find_connection: returns the orchestrator's connection of an id, if it has one; what the
            environment says goes before it.

    Raises:
        ConfigError: the environment's credentials cannot be read.
    """
    fields = credentials_from_environment(source.name)
    connection = None
    if find_connection and CONNECTORS[source.connector].signs_in:
        connection = find_connection(connection_of(source.name))
    return Reading(
        source=source,
        folder=config.path.parent,
        through=through,
        timezone=config.timezone_of(source),
        credentials=Credentials(source.name, {**fields_of_connection(connection or {}), **fields}),
    )

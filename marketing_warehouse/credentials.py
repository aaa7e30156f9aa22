"""Credentials: what a source lets us in with; they are handed on and never written anywhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from marketing_warehouse.errors import CredentialsRefusedError

SHORTEST_SECRET = 5
IN_PLACE_OF_A_SECRET = "(secret)"  # noqa: S105  # what stands where one stood


class MissingCredentialError(CredentialsRefusedError, KeyError):
    """Nobody has said what a source lets us in with."""

    __str__ = Exception.__str__  # a KeyError's puts quotation marks around the sentence


class Credentials(Mapping[str, str]):
    """The credentials of one source by field, from its environment or its Airflow connection.

    They do not show themselves: neither `repr` nor an error holds a value.
    """

    def __init__(self, source: str, fields: Mapping[str, str]) -> None:
        self._source = source
        self._fields = {name.lower(): value for name, value in fields.items() if value}

    def __getitem__(self, field: str) -> str:
        """Return the value of a field.

        Raises:
            MissingCredentialError: nobody has said it.
        """
        if field not in self._fields:
            raise MissingCredentialError(
                f"Source {self._source} has no {field} to sign in with: set "
                f"{variable_of(self._source)}{field.upper()} in the environment, or the field "
                f"{field} of the Airflow connection {connection_of(self._source)}."
            )
        return self._fields[field]

    def __contains__(self, field: object) -> bool:
        return field in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"Credentials of {self._source}: {', '.join(sorted(self._fields)) or 'none'}"

    def redacted(self, text: str) -> str:
        """Return a text without any of the values, as an API's own words may quote them."""
        for value in sorted(self._fields.values(), key=len, reverse=True):
            if len(value) >= SHORTEST_SECRET:
                text = text.replace(value, IN_PLACE_OF_A_SECRET)
        return text


def variable_of(source: str) -> str:
    """Return what the environment's variables of a source begin with."""
    return f"WAREHOUSE_SOURCE_{source.upper().replace('-', '_')}_"


def connection_of(source: str) -> str:
    """Return the id of a source's Airflow connection."""
    return f"warehouse_{source.replace('-', '_')}"


def fields_of_connection(connection: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of an Airflow connection: those of its form, and those of its extra.

    Args:
        connection: `login`, `password`, `host`, `schema`, `port`, and `extra` as a mapping.
    """
    extra = connection.get("extra") or {}
    plain = {name: connection.get(name) for name in ("login", "password", "host", "schema", "port")}
    return {
        name: str(value) for name, value in {**plain, **extra}.items() if value not in (None, "")
    }

"""GraphQL: one address, whose errors come with HTTP 200."""

from collections.abc import Mapping
from typing import Any

from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.errors import CredentialsRefusedError, SourceRefusedError

NOT_ALLOWED = ("ACCESS_DENIED", "FORBIDDEN", "UNAUTHORIZED")
LONGEST_QUOTE = 300


def ask(client: Client, path: str, query: str, **variables: Any) -> Any:
    """Return the data that answer a query.

    Raises:
        CredentialsRefusedError: we may not see a field of it; the API's words name the scope.
        SourceRefusedError: a field or argument of it is not known.
    """
    answer = client.post(path, {"query": query, "variables": variables})
    errors = answer.get("errors")
    if not errors:
        return answer["data"]
    error = errors[0] if isinstance(errors, list) else {"message": str(errors)}
    source = client.reading.source.name
    said = client.reading.credentials.redacted(str(error.get("message")))[:LONGEST_QUOTE]
    if code_of(error) in NOT_ALLOWED:
        raise CredentialsRefusedError(
            f"Source {source}: its API said no ({said!r}): the credentials lack a permission; "
            "grant it."
        )
    raise SourceRefusedError(
        f"Source {source}: its API does not understand the request ({said!r}): a field that it was "
        "asked for is gone, or its version is retired; update the warehouse."
    )


def code_of(error: Mapping[str, Any]) -> str:
    """Return the code of an error."""
    return str((error.get("extensions") or {}).get("code"))

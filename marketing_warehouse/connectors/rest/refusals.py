"""Refusals: what an API's no means, as a sentence for whoever can change it."""

import json

import requests

from marketing_warehouse.errors import (
    CredentialsRefusedError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)

LONGEST_QUOTE = 200
WORDS = ("message", "error_description", "detail", "title", "error", "reason", "code")


def refusal_of(answer: requests.Response, source: str, permission: str = "") -> SourceError:
    """Return what an answer other than a good one means.

    Args:
        answer: the answer.
        source: what messages call the source.
        permission: the permission that the request needed, if its API names one.
    """
    status = answer.status_code
    said = f"Source {source}: its API said no (HTTP {status}{_quoted(answer)})"
    if status == 401:
        return CredentialsRefusedError(
            f"{said}: the credentials are wrong, expired or withdrawn; renew them."
        )
    if status == 403:
        wish = f"the permission {permission}" if permission else "the right to read this"
        return CredentialsRefusedError(f"{said}: the credentials lack {wish}; grant it.")
    if status in (404, 410):
        return SourceRefusedError(
            f"{said}: there is nothing at this address: an account or object of this name does "
            "not exist, or the vendor has retired this version; mend the source in business.yml, "
            "or update the warehouse."
        )
    if 300 <= status < 400:
        return SourceRefusedError(f"{said}: it has moved; write its new address into business.yml.")
    if status >= 500:
        return SourceUnavailableError(f"{said}: it is out of order; try again later.")
    return SourceRefusedError(
        f"{said}: it does not understand the request: a field or an option that it was asked for "
        "is gone or was never there; mend the source in business.yml, or update the warehouse."
    )


def _quoted(answer: requests.Response) -> str:
    """Return the API's own words, if it has some; its data are never among them."""
    try:
        said = json.loads(answer.content)
    except ValueError:
        return ""
    text = _words(said)
    return f", {text[:LONGEST_QUOTE]!r}" if text else ""


def _words(said: object) -> str:
    if isinstance(said, str):
        return " ".join(said.split())
    if isinstance(said, list) and said:
        return _words(said[0])
    if isinstance(said, dict):
        if isinstance(said.get("errors"), list | dict | str) and said["errors"]:
            return _words(said["errors"])
        details = said.get("details")
        listed = details if isinstance(details, list) else ()
        nested = [one for one in listed if isinstance(one, dict) and one.get("errors")]
        if nested:  # as Google tells which field it is
            return _words(nested)
        found = (_words(said.get(word)) for word in WORDS)
        return next(filter(None, found), "")
    return ""

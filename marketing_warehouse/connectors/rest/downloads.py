"""Downloads: a file that an API has made, from wherever it lies, line by line in flat memory."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from marketing_warehouse.connectors.rest.options import LOOPBACK
from marketing_warehouse.connectors.rest.session import (
    CONNECT_SECONDS,
    PASSING,
    READ_SECONDS,
    Manners,
    Patience,
    Wait,
)
from marketing_warehouse.errors import SourceRefusedError

CHUNK_BYTES = 1 << 18


def lines(url: str, manners: Manners) -> Iterator[bytes]:
    """Yield the lines of a file at an address that itself lets in; no credentials go there.

    A download that breaks off begins anew, and goes on with the line that it had come to.

    Raises:
        SourceRefusedError: the address is no private one, or gives no file.
        SourceUnavailableError: it did not answer in time.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise SourceRefusedError(
            f"Source {manners.source}: its API hands out a file at an address that everybody on "
            "the way can read (no https); nothing was fetched."
        )
    done, patience = 0, Patience(manners)
    while True:
        try:
            for number, line in enumerate(_lines(url, manners.source), 1):
                if number > done:
                    done = number
                    yield line
            return
        except (requests.RequestException, OSError):
            patience.wait(Wait(), "the download broke off")


def _lines(url: str, source: str) -> Iterator[bytes]:
    with requests.Session() as session:
        session.trust_env = False
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with session.get(url, stream=True, timeout=timeout, allow_redirects=False) as answer:
            if answer.status_code in PASSING:
                raise requests.RequestException
            if answer.status_code != requests.codes.ok:
                raise SourceRefusedError(
                    f"Source {source}: the file that its API has made is not there any more "
                    f"(HTTP {answer.status_code}); the next load asks for a new one."
                )
            yield from answer.iter_lines(CHUNK_BYTES)

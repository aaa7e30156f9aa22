"""HTTP: CSV or JSON at an address; what has not changed, by ETag or date, is not fetched again."""

import contextlib
import io
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import msgspec
import pyarrow as pa
from requests import Response

from marketing_warehouse.connectors.csv import read_csv
from marketing_warehouse.connectors.options import CsvOptions
from marketing_warehouse.connectors.pieces import (
    Batch,
    Connector,
    Mark,
    Piece,
    Reading,
    Replaces,
    Rows,
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.options import Address, ApiOptions
from marketing_warehouse.connectors.rest.session import UNCHANGED, exact_json
from marketing_warehouse.connectors.rest.sign_in import SignIn, basic, bearer, nobody
from marketing_warehouse.connectors.rest.streams import Api
from marketing_warehouse.connectors.rest.values import at, spelt
from marketing_warehouse.errors import SourceRefusedError

LARGEST = 256 << 20  # bytes: it is held in memory, since personal data is not spooled to the disk
BATCH_ROWS = 20_000
SIGN_IN: dict[str, SignIn] = {"none": nobody(), "bearer": bearer(), "basic": basic()}


class HttpOptions(ApiOptions, CsvOptions):
    """What lies at an address.

    Attributes:
        url: the address.
        form: csv or json.
        records: the path of the records in a JSON answer; empty where it is a list itself.
        sign_in: none, bearer (credential access_token) or basic (login and password).
        is_whole: whether it always holds everything: what has gone from it is gone.
    """

    url: Address
    form: Literal["csv", "json"] = "csv"
    records: str = ""
    sign_in: Literal["none", "bearer", "basic"] = "none"
    is_whole: bool = False


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield what lies at the address, unless its server says that it is the same as before."""
    options = cast(HttpOptions, reading.source.options)
    client = Client(Api(options.url, sign_in=SIGN_IN[options.sign_in]), reading)
    known = reading.cursor()
    asked = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
    answer = client.answer(headers={name: text for name, text in asked.items() if text})
    if answer.status_code == UNCHANGED:
        return
    name = PurePosixPath(urlsplit(options.url).path).name or "address"
    where = f"Source {reading.source.name}: the file {name}"
    if len(answer.content) > LARGEST:
        raise SourceRefusedError(
            f"{where} is larger than {LARGEST >> 20} MiB; put it into the inbox, or into a bucket."
        )
    cursor = {
        "etag": answer.headers.get("ETag"),
        "last_modified": answer.headers.get("Last-Modified"),
    }
    read = _csv_rows if options.form == "csv" else _json_rows
    yield Piece(
        name,
        partial(read, options, answer, name, where),
        mark=lambda: Mark({key: text for key, text in cursor.items() if text}),
        replaces=Replaces() if options.is_whole else None,
    )


HTTP = Connector("http", HttpOptions, pieces)


@contextlib.contextmanager
def _csv_rows(options: HttpOptions, answer: Response, name: str, where: str) -> Iterator[Rows]:
    with read_csv(options, io.BytesIO(answer.content), PurePosixPath(name).suffix, where) as rows:
        yield rows


@contextlib.contextmanager
def _json_rows(options: HttpOptions, answer: Response, _: str, where: str) -> Iterator[Rows]:
    try:
        said = exact_json(answer.content)
    except msgspec.MsgspecError:
        raise SourceRefusedError(f"{where} is no JSON; mend its url or form.") from None
    records = at(options.records)(said) if options.records else said
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise SourceRefusedError(
            f"{where} holds no list of objects at {options.records or 'its top'}; say where it is "
            "with records under options in business.yml."
        )
    flat = [_flat(record) for record in records]
    columns = tuple(dict.fromkeys(name for record in flat for name in record))
    yield Rows(columns, _batches(columns, flat))


def _flat(record: dict[str, Any], before: str = "") -> dict[str, str | None]:
    """Return an object's values under their paths."""
    flat: dict[str, str | None] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[before + name] = spelt(value)
    return flat


def _batches(columns: tuple[str, ...], flat: list[dict[str, str | None]]) -> Iterator[Batch]:
    for start in range(0, len(flat), BATCH_ROWS):
        some = flat[start : start + BATCH_ROWS]
        cells = {
            name: pa.array([record.get(name) for record in some], pa.string()) for name in columns
        }
        yield Batch(pa.table(cells), pa.array(range(start + 1, start + 1 + len(some)), pa.int64()))

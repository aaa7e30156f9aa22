"""ECB: the euro's reference rates; all days since 1999 at first, then the last ninety each time."""

import contextlib
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import cast

import pyarrow as pa

from marketing_warehouse.connectors.pieces import Batch, Connector, Mark, Piece, Reading, Rows
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.options import Address, ApiOptions
from marketing_warehouse.connectors.rest.streams import Api
from marketing_warehouse.errors import SourceRefusedError

ECB_URL = "https://www.ecb.europa.eu/stats/eurofxref"
ALL_DAYS, NINETY_DAYS = "eurofxref-hist.zip", "eurofxref-hist-90d.zip"
SAFE_DAYS = timedelta(days=80)  # the file of ninety days may be some days old
OVERLAP = timedelta(days=7)  # a rate is corrected on its own day, if ever
COLUMNS = ("rate_date", "currency", "rate")
BATCH_ROWS = 20_000


class EcbOptions(ApiOptions):
    """Where the rates are.

    Attributes:
        url: the folder of its files.
    """

    url: Address = ECB_URL


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield the file that holds all days since the last one that was landed."""
    known = reading.cursor().get("through")
    is_recent = known is not None and known >= (reading.through - SAFE_DAYS).isoformat()
    name = NINETY_DAYS if is_recent or reading.is_look else ALL_DAYS
    newest = [known or ""]
    since = (date.fromisoformat(known) - OVERLAP).isoformat() if known else ""
    yield Piece(
        name,
        partial(_opened, reading, name, since, newest),
        mark=lambda: Mark({"through": newest[0]} if newest[0] else {}),
    )


ECB = Connector("ecb", EcbOptions, pieces, feeds=("fx_rates",))


@contextlib.contextmanager
def _opened(reading: Reading, name: str, since: str, newest: list[str]) -> Iterator[Rows]:
    client = Client(Api(cast(EcbOptions, reading.source.options).url), reading)
    try:
        with zipfile.ZipFile(io.BytesIO(client.answer(name).content)) as archive:
            (member,) = archive.namelist()
            text = archive.read(member).decode("utf-8-sig")
    except (zipfile.BadZipFile, ValueError):
        raise SourceRefusedError(
            f"Source {reading.source.name}: the file {name} is not one table in a zip, as the ECB "
            "publishes it; mend the source's url in business.yml."
        ) from None
    yield Rows(COLUMNS, _batches(text, since, newest))


def _batches(text: str, since: str, newest: list[str]) -> Iterator[Batch]:
    """Turn the table of a line per day into one row per day and currency; `N/A` is no row.

    The comma at the end of each line begins no column. Spaces are decoration.
    """
    lines = csv.reader(io.StringIO(text), skipinitialspace=True)
    currencies = [cell.strip() for cell in next(lines)][1:]
    rows: list[tuple[str, str, str]] = []
    first = 1
    for cells in lines:
        day = cells[0].strip()
        if day < since:
            continue
        newest[0] = max(newest[0], day)
        for currency, rate in zip(currencies, cells[1:], strict=False):
            if currency and rate.strip() not in ("", "N/A"):
                rows.append((day, currency, rate.strip()))
        if len(rows) >= BATCH_ROWS:
            yield _batch(rows, first)
            first += len(rows)
            rows = []
    yield _batch(rows, first)


def _batch(rows: list[tuple[str, str, str]], first: int) -> Batch:
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    cells = pa.table([pa.array(column, pa.string()) for column in columns], names=list(COLUMNS))
    return Batch(cells, pa.array(range(first, first + len(rows)), pa.int64()))

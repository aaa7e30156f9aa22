"""Delivery file: a Parquet file that has a name only once all of it is on the disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from marketing_warehouse.database import plain_errors
from marketing_warehouse.errors import WarehouseError
from marketing_warehouse.feeds import FEEDS, Feed, Kind
from marketing_warehouse.mapping import delivered_schema

if TYPE_CHECKING:
    from hashlib import _Hash

UNFINISHED = ".unfinished"


@contextmanager
def unfinished_file(unfinished: Path) -> Iterator[IO[bytes]]:
    """Give a file whose name nobody reads; afterwards it is gone, unless it has a name for good.

    Raises:
        WarehouseError: it cannot be written.
    """
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        with plain_errors(unfinished), unfinished.open("wb") as file:
            yield file
    except OSError as error:
        raise WarehouseError(
            f"A delivery could not be written to {unfinished.parent}: {error.strerror or error}; "
            "make room or give this user the right to write there, then try again."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def name_for_good(file: IO[bytes], unfinished: Path, final: Path) -> None:
    """Rename a file once all of it is on the disk."""
    file.flush()
    os.fsync(file.fileno())
    os.replace(unfinished, final)
    _sync_folder(final.parent)


def parquet_writer(file: IO[bytes], feed: str) -> pq.ParquetWriter:
    """Return what writes a feed's rows into a file."""
    return pq.ParquetWriter(
        file,
        delivered_schema(FEEDS[feed]),
        compression="zstd",
        use_dictionary=_repeating_columns(FEEDS[feed]),
        store_schema=False,  # else readers of the schema are not shown the metadata
    )


def add_content(content: "_Hash", rows: pa.Table) -> None:
    """Add rows to a hash of what they say, on whatever lines they stand."""
    told = rows.drop_columns(["_line"]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, told.schema) as stream:
        stream.write_table(told)
    content.update(sink.getvalue())


def _repeating_columns(feed: Feed) -> list[str]:
    """Return the columns worth a dictionary: of unique texts it would be a second copy."""
    unique = (Kind.ID, Kind.EMAIL, Kind.PHONE, Kind.MOMENT)
    return [column.name for column in feed.columns if column.kind not in unique] + ["_file"]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

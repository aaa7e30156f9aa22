"""Parquet: files that know their own types; a record's line is the row's number from 1."""

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from marketing_warehouse.connectors.files import file_pieces
from marketing_warehouse.connectors.options import SourceOptions
from marketing_warehouse.connectors.pieces import Batch, Connector, Piece, Reading, Rows
from marketing_warehouse.errors import SourceRefusedError

if TYPE_CHECKING:
    from marketing_warehouse.config import Source

BATCH_ROWS = 50_000


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield a piece for each file that the source's path matches."""
    return file_pieces(reading, partial(open_parquet, reading.source))


PARQUET = Connector("parquet", SourceOptions, pieces, reads_files=True, signs_in=False)


@contextlib.contextmanager
def open_parquet(source: "Source", file: Path | IO[bytes], name: str) -> Iterator[Rows]:
    """Read a Parquet file with the types it has.

    Args:
        source: the source.
        file: where it is, or its bytes, which can be sought in.
        name: what messages call it.

    Raises:
        SourceRefusedError: it is damaged, or no Parquet.
    """
    with _plain_errors(source, name):
        parquet = pq.ParquetFile(file)
    with parquet:
        names = parquet.schema_arrow.names
        if len(set(names)) < len(names):
            raise SourceRefusedError(
                f"Source {source.name}: the file {name} has two columns of one name; rename one."
            )
        yield Rows(tuple(names), _batches(source, parquet, name))


def _batches(source: "Source", file: pq.ParquetFile, name: str) -> Iterator[Batch]:
    first = 1
    remaining = file.iter_batches(BATCH_ROWS)
    while True:
        with _plain_errors(source, name):
            cells = next(remaining, None)
        if cells is None:
            break
        lines = pa.array(range(first, first + cells.num_rows), pa.int64())
        yield Batch(pa.Table.from_batches([cells]), lines)
        first += cells.num_rows
    if first == 1:  # a query still needs the types
        yield Batch(file.schema_arrow.empty_table(), pa.array([], pa.int64()))


@contextlib.contextmanager
def _plain_errors(source: "Source", name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise SourceRefusedError(
            f"Source {source.name}: the file {name} is no readable Parquet file, "
            "or it is cut off; copy it again."
        ) from error

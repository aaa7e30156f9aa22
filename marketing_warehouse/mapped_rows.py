"""Mapped rows: a piece is opened, and its rows come out as the feed's columns, nothing plain."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from marketing_warehouse.config import Config, Source
from marketing_warehouse.connectors import Batch, Piece, Rows
from marketing_warehouse.mapping import Mapping, clean, map_batch, plan_mapping
from marketing_warehouse.source_query import apply_query, as_texts


@dataclass(frozen=True)
class MappedRows:
    """The rows of a piece.

    Attributes:
        mapping: what the piece's columns become.
        batches: its rows a batch at a time, each with the number of records that are no rows.
    """

    mapping: Mapping
    batches: Iterator[tuple[pa.Table, int]]


@contextmanager
def mapped_rows(
    config: Config,
    source: Source,
    piece: Piece,
    key: bytes,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[MappedRows]:
    """Open a piece and map its rows while they are asked for.

    Args:
        config: says how local phones are read.
        source: the source, with what its connector adds.
        piece: what to open.
        key: hashes what is personal.
        connection: a locked DuckDB, for queries and types.

    Raises:
        SourceRefusedError: its columns do not fit the mapping, or its query does not fit it.
    """
    where = f"Source {source.name}: {piece.noun} {piece.name}"
    with piece.open() as opened:
        rows = _after_query(connection, source, opened, where)
        mapping = plan_mapping(source, rows, where)

        def batches() -> Iterator[tuple[pa.Table, int]]:
            for batch in rows.batches:
                texts = _texts(connection, source, batch, mapping, where)
                yield map_batch(config, source, mapping, texts, piece.name, key), len(batch.faults)

        yield MappedRows(mapping, batches())


def _after_query(
    connection: duckdb.DuckDBPyConnection, source: Source, rows: Rows, where: str
) -> Rows:
    """Return a piece's rows, or what its source's query makes of them."""
    if not source.query:
        return rows
    cleaned = (replace(batch, cells=clean(batch.cells)) for batch in rows.batches)
    cleaned_rows = replace(rows, batches=cleaned)
    return apply_query(connection, source.query, cleaned_rows, source.options, where)


def _texts(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    batch: Batch,
    mapping: Mapping,
    where: str,
) -> Batch:
    """Return the columns that are asked for, all of them clean texts."""
    cells = batch.cells.select(list(mapping.used))
    texts = as_texts(connection, cells, source.options, where)
    return replace(batch, cells=clean(texts))

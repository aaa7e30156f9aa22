"""Pieces: what a connector hands over, whatever it reads."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from marketing_warehouse.connectors.options import SourceOptions

if TYPE_CHECKING:
    from marketing_warehouse.config import Source


@dataclass(frozen=True)
class Batch:
    """Some rows of a piece, in its order.

    Attributes:
        cells: the source's columns; texts, or types of the source's own.
        lines: for each row, where its record starts: a line, or the row's number from 1.
        faults: the records that could not be read at all, as (line, what is wrong). What is
            wrong never quotes the record: it may hold personal data.
    """

    cells: pa.Table
    lines: pa.Array
    faults: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Rows:
    """A piece that was opened: the names of its columns, and its rows a batch at a time."""

    columns: tuple[str, ...]
    batches: Iterator[Batch]
    repeated_columns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Piece:
    """What becomes one delivery: a file, or one answer of an API.

    Attributes:
        name: what the piece is called at its source; a newer piece of this name is a new version.
        fingerprint: tells the SHA-256 of its content; a piece landed with it is not landed again.
        open: reads it.
        noun: what messages put before the name.
    """

    name: str
    fingerprint: Callable[[], str]
    open: Callable[[], AbstractContextManager[Rows]]
    noun: str = "the file"


@dataclass(frozen=True)
class Connector:
    """One way to read sources.

    Attributes:
        name: what `connector:` in business.yml says.
        options: the options that it knows.
        reads_files: whether a source of it needs `path`.
        pieces: lists what a source has now, given the folder that relative paths start from;
            raises a SourceError where the source does not answer.
    """

    name: str
    options: type[SourceOptions]
    reads_files: bool
    pieces: Callable[["Source", Path], Iterator[Piece]]

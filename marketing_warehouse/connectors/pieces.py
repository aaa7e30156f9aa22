"""Pieces: what a connector is asked, and what it hands over, whatever it reads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from marketing_warehouse.connectors.options import SourceOptions
from marketing_warehouse.credentials import Credentials

if TYPE_CHECKING:
    from marketing_warehouse.config import Source

Cursor = dict[str, Any]  # as JSON can say it


@dataclass(frozen=True)
class Reading:
    """What a connector needs to know to read a source once.

    Attributes:
        source: the source, with its options.
        folder: where relative paths start.
        through: the last day that the load counts.
        timezone: the zone of the source's times and days.
        credentials: what the source lets us in with.
        cursors: how far each stream of it was landed, read the same way as now; none to begin.
        is_look: only a look is wanted: the first rows of the first piece, at the lowest price.
    """

    source: "Source"
    folder: Path
    through: date
    timezone: str
    credentials: Credentials
    cursors: Mapping[str, Cursor] = field(default_factory=dict)
    is_look: bool = False

    def cursor(self, stream: str = "") -> Cursor:
        """Return how far a stream was landed; empty where it has to be read from the beginning."""
        return self.cursors.get(stream, {})


@dataclass(frozen=True)
class Batch:
    """Some rows of a piece, in its order.

    Attributes:
        cells: the source's columns; texts, or types of the source's own. Where one of them is
            called `_deleted`, a row with a true one says that its key is gone.
        lines: for each row, where its record starts: a line, or the row's number from 1.
        faults: the records that could not be read at all, as (line, what is wrong). What is
            wrong never quotes the record: it may hold personal data.
        objects: for each row, what its source calls it; the piece's name where there is none.
    """

    cells: pa.Table
    lines: pa.Array
    faults: list[tuple[int, str]] = field(default_factory=list)
    objects: pa.Array | None = None


@dataclass(frozen=True)
class Rows:
    """A piece that was opened: the names of its columns, and its rows a batch at a time."""

    columns: tuple[str, ...]
    batches: Iterator[Batch]
    repeated_columns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Replaces:
    """The rows that a piece takes the place of: all earlier ones of its source in these days.

    Attributes:
        first: the first day, by the column that dates the feed's rows; None is the first of all.
        last: the last day; None is the last of all.
        only: values of feed columns, where it speaks for a part alone, such as one account.
    """

    first: date | None = None
    last: date | None = None
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """How far a stream has come once a piece of it is read.

    Attributes:
        cursor: where the next piece starts; it counts as soon as this one is landed.
        is_caught_up: whether the stream has nothing more to tell now. A source that is read
            another way than before takes the place of its former reading only then.
    """

    cursor: Cursor
    is_caught_up: bool = True


@dataclass(frozen=True)
class Piece:
    """What becomes one delivery: a file, or a part of what an API has to tell.

    A piece of a stream (one with a mark) follows the piece before it: where one fails, those
    after it are not read.

    Attributes:
        name: what the piece is called at its source; a newer file of this name is a new version.
        open: reads it.
        fingerprint: tells the SHA-256 of its content before it is read, so that a piece landed
            with it is not read again; without one, the rows themselves are compared.
        noun: what messages put before the name.
        stream: which of the source's streams it belongs to; a source of one needs no name for it.
        mark: asked when all rows were read, how far the stream has come.
        replaces: the rows whose place it takes.
        progress: how far this reading has come, such as "slice 3 of 24".
    """

    name: str
    open: Callable[[], AbstractContextManager[Rows]]
    fingerprint: Callable[[], str] | None = None
    noun: str = "the file"
    stream: str = ""
    mark: Callable[[], Mark] | None = None
    replaces: Replaces | None = None
    progress: str = ""


def _unchanged(source: "Source") -> "Source":
    return source


@dataclass(frozen=True)
class Connector:
    """One way to read sources.

    Attributes:
        name: what `connector:` in business.yml says.
        options: the options that it knows.
        pieces: lists what a source has now; a piece is landed before the next one is asked for.
            Raises a SourceError where the source does not answer.
        reads_files: whether a source of it needs `path`.
        signs_in: whether credentials let it in.
        feeds: the feeds that it can fill; all of them if empty.
        adapt: adds to a source what the connector knows of its columns, values and defaults.
    """

    name: str
    options: type[SourceOptions]
    pieces: Callable[[Reading], Iterator[Piece]]
    reads_files: bool = False
    signs_in: bool = True
    feeds: tuple[str, ...] = ()
    adapt: Callable[["Source"], "Source"] = _unchanged

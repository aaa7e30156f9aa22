"""Records: an API's objects become rows of texts, a few thousand at a time."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from marketing_warehouse.casting import SPOKEN_KINDS
from marketing_warehouse.connectors.pieces import Batch, Rows
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.streams import Stream
from marketing_warehouse.connectors.rest.values import Read, Record, Value, at, reader, spelt
from marketing_warehouse.errors import SourceRefusedError
from marketing_warehouse.feeds import FEEDS

BATCH_ROWS = 2_000
LOOK_RECORDS = 20
DELETED = "_deleted"
NOT_READABLE = "(unreadable)"
WHOLE_RECORD = "record"  # what a query calls the object itself, as JSON
UNREADABLE = (ArithmeticError, ValueError, TypeError, LookupError, AttributeError)


class Mapper:
    """Turns the records of a stream into rows, as the vendor and business.yml say."""

    def __init__(self, client: Client, stream: Stream) -> None:
        self._client = client
        self._stream = stream
        self._said = _columns(client, stream)
        self._reads: dict[str, Read] = {name: reader(said) for name, said in self._said.items()}
        self._id = at(stream.id)
        columns = FEEDS[stream.feed].columns
        self._typed = {column.name for column in columns if column.kind in SPOKEN_KINDS}

    def rows(self, pages: Iterable[list[Record]]) -> Rows:
        """Return the rows of some pages, read while they are asked for."""
        names = (*self._reads, *([DELETED] if self._stream.is_deleted else []))
        return Rows(names, self._batches(pages))

    def _batches(self, pages: Iterable[list[Record]]) -> Iterator[Batch]:
        is_look = self._client.reading.is_look
        enough = 1 if is_look else BATCH_ROWS
        line, is_checked = 1, False
        waiting: list[Record] = []
        for page in pages:
            waiting.extend(self._rows_of(page[:LOOK_RECORDS] if is_look else page))
            if len(waiting) >= enough:
                is_checked = is_checked or self._check(waiting)
                yield self._batch(waiting, line)
                line += len(waiting)
                waiting = []
        if waiting and not is_checked:
            self._check(waiting)
        yield self._batch(waiting, line)

    def _rows_of(self, page: list[Record]) -> Iterable[Record]:
        if self._stream.rows is None:
            return page
        return [row for record in page for row in self._stream.rows(record)]

    def _batch(self, records: list[Record], line: int) -> Batch:
        lines, objects, faults = [], [], []
        columns: list[list[str | None]] = [[] for _ in self._reads]
        deleted = []
        for number, record in enumerate(records, line):
            row, fault = self._row(record)
            if fault:
                faults.append((number, fault))
                continue
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
            lines.append(number)
            objects.append(f"{self._stream.called()} {spelt(self._id(record)) or number}")
            if self._stream.is_deleted:
                deleted.append(spelt(self._stream.is_deleted(record)))
        cells = {
            name: pa.array(column, pa.string())
            for name, column in zip(self._reads, columns, strict=True)
        }
        if self._stream.is_deleted:
            cells[DELETED] = pa.array(deleted, pa.string())
        return Batch(
            pa.table(cells), pa.array(lines, pa.int64()), faults, pa.array(objects, pa.string())
        )

    def _row(self, record: Record) -> tuple[list[str | None], str]:
        """Return a record's cells, or what of it cannot be read.

        A cell that must be a number or a time says itself that it is none: so the row keeps its
        key in quarantine, and a later version of the object can mend it.
        """
        cells: list[str | None] = []
        for name, read in self._reads.items():
            try:
                cells.append(spelt(read(record)))
            except UNREADABLE:
                if name not in self._typed:
                    return [], f"{name} of the object cannot be read"
                cells.append(NOT_READABLE)
        return cells, ""

    def _check(self, records: list[Record]) -> bool:
        """Refuse records that have lost a field which the feed requires.

        Raises:
            SourceRefusedError: not one of them has it.
        """
        feed = FEEDS[self._stream.feed]
        source = self._client.reading.source
        for name in feed.required:
            path = self._said.get(name)
            if isinstance(path, str) and not any(_has(record, path) for record in records):
                raise SourceRefusedError(
                    f"Source {source.name}: the objects of {self._stream.called()} have no field "
                    f"{path}, which becomes {name}: it is gone from its API, or the account does "
                    "not show it; mend columns of the source in business.yml."
                )
        return True


def _has(record: Record, path: str) -> bool:
    parent, _, name = path.rpartition(".")
    holder: Any = at(parent)(record) if parent else record
    return isinstance(holder, dict) and name.split("[")[0] in holder


def _columns(client: Client, stream: Stream) -> dict[str, Value]:
    """Return what fills which column: the vendor's values, and what business.yml says instead.

    A source with a query gets the vendor's columns and the whole record beside them.
    """
    source = client.reading.source
    columns = stream.columns(client) if callable(stream.columns) else stream.columns
    if stream.is_deleted:  # who is gone says no more than its key
        columns = {**dict.fromkeys(FEEDS[stream.feed].required, _nothing), **columns}
    if source.query:
        return {**columns, WHOLE_RECORD: lambda record: record}
    return {**columns, **source.columns, **{name: name for name in source.keep}}


def _nothing(_: Record) -> None:
    return None

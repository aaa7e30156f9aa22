"""Slices: how a stream is cut into pieces, so that a long reading goes on where it was stopped.

A piece's cursor is in its delivery: it counts from the moment on that the delivery has its name.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from marketing_warehouse.connectors.pieces import Cursor, Mark, Piece, Replaces, Rows
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.records import Mapper
from marketing_warehouse.connectors.rest.streams import Ask, Stream
from marketing_warehouse.connectors.rest.values import Record, Value, reader

ONE_DAY = timedelta(days=1)
ROWS_OF_A_SLICE = 50_000
RESOLUTION = timedelta(seconds=1)  # of the moments that APIs compare, strictly or not


@dataclass(frozen=True)
class Part:
    """One part of a stream: what is cut into slices."""

    client: Client
    stream: Stream
    name: str

    @property
    def called(self) -> str:
        return self.stream.called(self.name)

    @property
    def cursor(self) -> Cursor:
        return self.client.reading.cursor(self.called)

    @property
    def ask(self) -> Ask:
        return Ask(self.client.reading, self.name)

    def piece(
        self,
        span: str,
        pages: Callable[[], Iterator[list[Record]]],
        mark: Callable[[], Mark],
        replaces: Replaces | None = None,
        progress: str = "",
    ) -> Piece:
        """Return a piece of this part.

        Args:
            span: what of the part it holds, for messages.
            pages: asks for its pages.
            mark: says how far the part has come after it.
            replaces: the days whose rows it takes the place of.
            progress: how far the reading has come.
        """

        @contextlib.contextmanager
        def opened() -> Iterator[Rows]:
            yield Mapper(self.client, self.stream).rows(pages())

        if replaces is not None and self.name and self.stream.part_column:
            replaces = replace(replaces, only={self.stream.part_column: self.name})
        return Piece(
            name=f"{self.called} {span}".strip(),
            open=opened,
            noun="the slice",
            stream=self.called,
            mark=mark,
            replaces=replaces,
            progress=progress,
        )


Slices = Callable[[Part], Iterator[Piece]]


def whole() -> Slices:
    """Read everything every time; what was there before and is not now, is gone."""

    def pieces(part: Part) -> Iterator[Piece]:
        pages = partial(part.client.pages, part.stream, part.ask)
        yield part.piece("", pages, lambda: Mark({}), Replaces())

    return pieces


def relist(every_days: int = 7) -> Slices:
    """Read everything once in a while, in the place of all that the source has brought.

    So goes what an API has deleted or merged away without a word. Its own list costs no more
    requests than one of keys would. Other streams of the source bring everything at first: the
    first reading only notes its day.

    Args:
        every_days: how many days lie between two such readings.
    """

    def pieces(part: Part) -> Iterator[Piece]:
        through, cursor = part.client.reading.through, part.cursor
        mark = partial(Mark, {"listed_on": through.isoformat()})
        if not cursor:
            yield part.piece("from here on", lambda: iter(()), mark)
        elif through - date.fromisoformat(cursor["listed_on"]) >= timedelta(days=every_days):
            since_start = replace(part.ask, since=_midnight(part.client.options.start))
            pages = partial(part.client.pages, part.stream, since_start)
            yield part.piece(
                f"of {through}", pages, mark, Replaces(), f"{part.called}, as it is now"
            )

    return pieces


def days(window: int, slice_days: int = 30, history_days: int = 1125) -> Slices:
    """Read by days, and the latest of them again each time, because platforms restate them.

    Args:
        window: how many of the latest days are read again; the option window_days goes before.
        slice_days: how many days are asked for at once; the option slice_days goes before.
        history_days: how far back the vendor remembers; the option start goes before.
    """

    def pieces(part: Part) -> Iterator[Piece]:
        options, through = part.client.options, part.client.reading.through
        read_again = through - timedelta(days=(options.window_days or window) - 1)
        begin = options.start or through - timedelta(days=history_days)
        done = date.fromisoformat(part.cursor["through"]) if part.cursor else None
        if part.client.reading.is_look:
            begin = read_again
        elif done:
            begin = max(begin, min(done + ONE_DAY, read_again))
        step = timedelta(days=options.slice_days or slice_days)
        spans = [
            (first, min(first + step - ONE_DAY, through)) for first in _every(step, begin, through)
        ]
        for number, (first, last) in enumerate(spans, 1):
            cursor = {"through": max(filter(None, [last, done])).isoformat()}
            yield part.piece(
                f"{first} to {last}",
                partial(part.client.pages, part.stream, replace(part.ask, first=first, last=last)),
                partial(Mark, cursor, is_caught_up=number == len(spans)),
                Replaces(first, last),
                f"{part.called}, slice {number} of {len(spans)}: {first} to {last}",
            )

    return pieces


def _every(step: timedelta, first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += step


def since(
    changed: Value,
    overlap: timedelta = ONE_DAY,
    rows: int = ROWS_OF_A_SLICE,
    slice_days: int = 0,
    history_days: int = 0,
    pages_shift: bool = False,
) -> Slices:
    """Read what has changed since the newest change that was landed, and a little more.

    The API must answer in the order of the changes, oldest first: then a slice may end after any
    page, and an object that changes meanwhile only moves to a later page. Where it answers in
    another order but knows an end of the span, say `slice_days`.

    Args:
        changed: the moment when a record has changed.
        overlap: how much before the newest known change is read again; the option overlap_days
            goes before it.
        rows: about how many rows make a slice.
        slice_days: how many days of changes make a slice instead.
        history_days: how far back a first reading by days goes; the option start goes before.
        pages_shift: whether pages are counted from the beginning of the answer, by numbers, by
            offsets or by cursors that are offsets: then an object that changes moves all after it,
            and one at a page's edge would never be read. So the question is asked anew after each
            page, from the newest change on.
    """
    read = reader(changed)

    def pieces(part: Part) -> Iterator[Piece]:
        options = part.client.options
        again = overlap if options.overlap_days is None else timedelta(days=options.overlap_days)
        begin = _moment(part.cursor.get("since"))
        start = begin - again if begin else _midnight(options.start)
        if slice_days:
            step = timedelta(days=options.slice_days or slice_days)
            now = datetime.now(UTC)
            start = start or now - timedelta(days=history_days)
            start = now - step if part.client.reading.is_look else start
            yield from _by_days(part, read, start, begin, step)
        else:
            yield from _by_rows(part, read, start, begin, rows, pages_shift)

    return pieces


def _by_rows(
    part: Part,
    read: Callable[[Record], Any],
    start: datetime | None,
    known: datetime | None,
    rows: int,
    pages_shift: bool,
) -> Iterator[Piece]:
    number, is_at_end = 0, False
    while not is_at_end:
        number += 1
        progress = _Progress(part, replace(part.ask, since=start), read, known, rows, pages_shift)
        span = f"since {start:%Y-%m-%d %H:%M}" if start else "from the beginning"
        yield part.piece(
            span, progress.pages, progress.mark, progress=f"{part.called}, slice {number}, {span}"
        )
        start = known = progress.newest
        is_at_end = progress.is_at_end


def _by_days(
    part: Part,
    read: Callable[[Record], Any],
    start: datetime,
    known: datetime | None,
    step: timedelta,
) -> Iterator[Piece]:
    starts = [start]
    while starts[-1] + step < datetime.now(UTC):
        starts.append(starts[-1] + step)
    for number, (first, until) in enumerate(zip(starts, [*starts[1:], None], strict=True), 1):
        progress = _Progress(part, replace(part.ask, since=first, until=until), read, known)
        yield part.piece(
            f"since {first:%Y-%m-%d %H:%M}",
            progress.pages,
            progress.mark,
            progress=f"{part.called}, slice {number} of {len(starts)}, since {first:%Y-%m-%d}",
        )
        known = progress.newest


class _Progress:
    """How far one slice of changes has come while its pages are read."""

    def __init__(
        self,
        part: Part,
        ask: Ask,
        read: Callable[[Record], Any],
        known: datetime | None,
        rows: int | None = None,
        pages_shift: bool = False,
    ) -> None:
        self._part, self._ask, self._read = part, ask, read
        self._rows, self._pages_shift = rows, pages_shift
        self.newest = known
        self.is_at_end = False

    def pages(self) -> Iterator[list[Record]]:
        """Yield the pages until the slice is full; the moment it ends at has then moved on."""
        count, ask = 0, self._ask
        while not self.is_at_end:
            for page in self._part.client.pages(self._part.stream, ask):
                if self._rows and count >= self._rows and self._is_after(self._ask.since):
                    return
                yield page
                count += len(page)
                self._note(page)
                if self._pages_shift and self._is_after(ask.since, by=RESOLUTION):
                    ask = replace(ask, since=self.newest and self.newest - RESOLUTION)
                    break
            else:
                self.is_at_end = True

    def _note(self, page: list[Record]) -> None:
        """Remember the newest change of a page.

        A clock that is wrong somewhere must not carry us past changes that are still to come.
        """
        now = datetime.now(UTC)
        moments = (_moment(self._read(record)) for record in page)
        seen = (min(moment, now) for moment in moments if moment)
        self.newest = max([*seen, *filter(None, [self.newest])], default=None)

    def _is_after(self, start: datetime | None, by: timedelta = timedelta(0)) -> bool:
        return self.newest is not None and (start is None or self.newest > start + by)

    def mark(self) -> Mark:
        """Say how far the changes are known now."""
        if self._ask.until:
            self.newest = max(filter(None, [self.newest, self._ask.until]))
        cursor = {"since": self.newest.isoformat()} if self.newest else {}
        return Mark(cursor, is_caught_up=self.is_at_end and self._ask.until is None)


def _moment(said: Any) -> datetime | None:
    """Return a moment in UTC; one without a zone is UTC's."""
    if not said:
        return None
    moment = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None

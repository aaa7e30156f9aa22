"""Streams: how a vendor is described: what to ask, how pages come, what a record's fields mean."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from marketing_warehouse.connectors.pieces import Reading
from marketing_warehouse.connectors.rest.options import ApiOptions
from marketing_warehouse.connectors.rest.paging import Pages, one_page
from marketing_warehouse.connectors.rest.session import Judge
from marketing_warehouse.connectors.rest.sign_in import SignIn, nobody
from marketing_warehouse.connectors.rest.values import Record, Value

if TYPE_CHECKING:
    from marketing_warehouse.connectors.rest.client import Client
    from marketing_warehouse.connectors.rest.slices import Slices


@dataclass(frozen=True)
class Request:
    """One request: its path below the API's address, its parameters, its JSON body if any."""

    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """What a request is to be about: a part of a source, and a span of time in it.

    Attributes:
        reading: the source and its options.
        part: the account or list that is asked about; empty where there is only one.
        since: read what changed at this moment or later; None for all of it.
        until: and before this moment; None for no end.
        first: the first day to read, of streams that are read by days.
        last: the last day to read.
    """

    reading: Reading
    part: str = ""
    since: datetime | None = None
    until: datetime | None = None
    first: date = date.min
    last: date = date.max

    @property
    def options(self) -> Any:
        return self.reading.source.options

    def changed(
        self, since: str, until: str = "", form: str = "%Y-%m-%dT%H:%M:%SZ"
    ) -> dict[str, Any]:
        """Return the parameters of these names that say the span of changes, in UTC."""
        spoken = {since: self.since, until: self.until}
        return {name: at.strftime(form) for name, at in spoken.items() if name and at}


Columns = Mapping[str, Value]


def _one_part(_: "Client") -> Iterable[str]:
    return ("",)


@dataclass(frozen=True)
class Stream:
    """One thing that an API tells, and what it means for a feed.

    Attributes:
        feed: the feed that it fills.
        request: says what to ask for a span; ignored where `fetch` is given.
        columns: for each column of the feed, the value that fills it; or a function of the
            client, for what has to be looked up first.
        slices: how the stream is cut into pieces: `since(...)`, `days(...)` or `whole()`.
        pages: how its pages come.
        records: where the records of a page stand; a JSONPath.
        id: the path of a record's own id, which messages and quarantine name.
        name: what messages call it; its feed if nothing is said.
        values: for each column, what its texts become.
        defaults: for each column, what an empty cell becomes.
        parts: lists what is read one after the other, such as the accounts.
        part_column: the feed's column that names the part.
        fetch: yields pages of records by itself, where an API asks for more than requests.
        rows: makes several rows of one record, or none: a test order is no order.
        is_deleted: says of a row that its key is gone.
        permission: what the vendor calls the permission that it needs.
        may_omit_records: whether an answer without records may lack their field.
    """

    feed: str
    columns: Columns | Callable[["Client"], Columns]
    slices: "Slices"
    request: Callable[[Ask], Request] = lambda _: Request("")
    pages: Pages = field(default_factory=one_page)
    records: str = "$"
    id: str = "id"
    name: str = ""
    values: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    parts: Callable[["Client"], Iterable[str]] = _one_part
    part_column: str = ""
    fetch: "Callable[[Client, Ask], Iterator[list[Record]]] | None" = None
    rows: Callable[[Record], Iterable[Record]] | None = None
    is_deleted: Callable[[Record], bool] | None = None
    permission: str = ""
    may_omit_records: bool = False

    def called(self, part: str = "") -> str:
        """Return what the stream, or its part, is called."""
        return " ".join(filter(None, [self.name or self.feed, part]))


@dataclass(frozen=True)
class Api:
    """One vendor's API: where it is, how it knows us, how it says no.

    Attributes:
        url: its address, with the options of the source in braces; the option `url` replaces the
            host that a vendor has for everyone.
        sign_in: how it knows us.
        headers: what it wants to be told with every request.
        judge: reads its answers where HTTP's own words do not say enough.
    """

    url: str
    sign_in: SignIn = field(default_factory=nobody)
    headers: Mapping[str, str] = field(default_factory=dict)
    judge: Judge = lambda _: None

    def address(self, options: ApiOptions) -> str:
        """Return the address of a source's API."""
        return self.url.format_map(options.model_dump()).rstrip("/")

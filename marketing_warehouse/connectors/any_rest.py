"""Rest: any REST API, described in business.yml alone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import Field

from marketing_warehouse.connectors.pieces import Connector, Piece, Reading
from marketing_warehouse.connectors.rest import paging, sign_in, slices
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.options import Address, ApiOptions
from marketing_warehouse.connectors.rest.slices import Part
from marketing_warehouse.connectors.rest.streams import Api, Ask, Columns, Request, Stream
from marketing_warehouse.connectors.rest.values import Value, at, const, epoch, micros, minor, utc
from marketing_warehouse.sections import Section, Text, Texts

if TYPE_CHECKING:
    from marketing_warehouse.config import Source

NEVER_ENOUGH = 1 << 62  # rows that make a slice where changes come in no order
Unit = Literal["micros", "minor", "epoch", "epoch_ms", "utc"]


class SignInSection(Section):
    """How the API knows us; the credentials themselves stand in the environment.

    Attributes:
        by: a bearer token (credential access_token), basic (login, password), a header or a
            parameter (api_key), or a refresh_token (client_id, client_secret, refresh_token).
        name: the header's or parameter's name.
        token_url: where a refresh token buys tokens.
    """

    by: Literal["nobody", "bearer", "basic", "header", "parameter", "refresh_token"] = "nobody"
    name: Text = "X-Api-Key"
    token_url: Address | None = None


class PagesSection(Section):
    """How pages come.

    Attributes:
        by: one page, numbers, offsets, a cursor in the answer, or the next page's link.
        parameter: the parameter of the number, the offset or the cursor.
        path: where the cursor or the link stands in the answer; without one, the Link header.
        size: how many records a page has; sent as size_parameter.
        size_parameter: the parameter that says so.
        first: the first page's number.
    """

    by: Literal["one", "numbers", "offsets", "cursor", "links"] = "one"
    parameter: Text | None = None
    path: Text | None = None
    size: Annotated[int, Field(ge=1)] = 100
    size_parameter: Text | None = None
    first: int = 1


class ReadSection(Section):
    """What is read again.

    Attributes:
        by: all of it, changes (since the newest that is known), or days (a window again).
        field: where a record says when it was changed.
        parameter: the parameter that asks for changes since a moment, or for the first day.
        until: the parameter of the last day.
        form: how the moment or day is written, as strftime has it.
        is_ordered: whether changes come oldest first: then a first reading goes in slices.
    """

    by: Literal["all", "changes", "days"] = "all"
    field: Text = "updated_at"
    parameter: Text = "updated_since"
    until: Text = "until"
    form: Text | None = None
    is_ordered: bool = False


class DeletedSection(Section):
    """Which records say that their key is gone: a field, and the texts that it then has."""

    field: Text
    texts: Texts = ("true",)


class RestOptions(ApiOptions):
    """An API in words.

    Attributes:
        url: its address.
        path: what to ask for.
        params: its parameters.
        headers: its headers.
        body: a JSON body; with one, the request is a POST.
        records: where the records stand in an answer.
        id: where a record's own id stands.
        units: how columns of the feed are written: micros, minor (of the row's currency), epoch,
            epoch_ms, or utc for times without a zone.
    """

    url: Address
    path: str = ""
    params: dict[Text, Text] = Field(default_factory=dict)
    headers: dict[Text, Text] = Field(default_factory=dict)
    body: dict[Text, Any] | None = None
    records: Text = "$"
    id: Text = "id"
    sign_in: SignInSection = SignInSection()
    pages: PagesSection = PagesSection()
    read: ReadSection = ReadSection()
    deleted: DeletedSection | None = None
    units: dict[Text, Unit] = Field(default_factory=dict)


def pieces(reading: Reading) -> Iterator[Piece]:
    """Yield the pieces of the API that the source describes."""
    options = cast(RestOptions, reading.source.options)
    stream = _stream(options, reading.source)
    if not reading.source.query:  # the stream knows them, with their units
        reading = replace(reading, source=reading.source.model_copy(update={"columns": {}}))
    api = Api(options.url, sign_in=_sign_in(options.sign_in), headers=options.headers)
    yield from stream.slices(Part(Client(api, reading), stream, ""))


REST = Connector(
    "rest",
    RestOptions,
    pieces,
    adapt=lambda source: source if source.query else source.model_copy(update={"columns": {}}),
)


def _stream(options: RestOptions, source: "Source") -> Stream:
    deleted = options.deleted
    return Stream(
        source.feed,
        columns=_columns(options, source),
        slices=_slices(options),
        request=partial(_request, options),
        pages=_pages(options.pages),
        records=options.records,
        id=options.id,
        is_deleted=_is_one_of(at(deleted.field), deleted.texts) if deleted else None,
    )


def _is_one_of(read: Callable[[Any], Any], texts: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda record: str(read(record)).lower() in map(str.lower, texts)


def _columns(options: RestOptions, source: "Source") -> Columns:
    if source.query:
        return {}
    currency = source.columns.get("currency") or const(source.defaults.get("currency", ""))
    return {
        name: _in_unit(path, options.units.get(name), currency)
        for name, path in source.columns.items()
    }


def _in_unit(path: str, unit: Unit | None, currency: Value) -> Value:
    match unit:
        case "micros":
            return micros(path)
        case "minor":
            return minor(path, currency)
        case "epoch":
            return epoch(path)
        case "epoch_ms":
            return epoch(path, per_second=1000)
        case "utc":
            return utc(path)
    return path


def _moment(options: RestOptions) -> Value:
    """Return when a record was changed; its unit is that of the column that it fills."""
    return _in_unit(options.read.field, options.units.get("updated_at"), "")


def _slices(options: RestOptions) -> slices.Slices:
    read = options.read
    match read.by:
        case "changes" if read.is_ordered:
            pages_shift = options.pages.by in ("numbers", "offsets")
            return slices.since(_moment(options), pages_shift=pages_shift)
        case "changes":
            return slices.since(_moment(options), rows=NEVER_ENOUGH)
        case "days":
            return slices.days(window=7)
    return slices.whole()


def _request(options: RestOptions, ask: Ask) -> Request:
    read, pages = options.read, options.pages
    params: dict[str, Any] = dict(options.params)
    if pages.size_parameter and pages.by != "offsets":
        params[pages.size_parameter] = pages.size
    if read.by == "changes":
        params |= ask.changed(read.parameter, form=read.form or "%Y-%m-%dT%H:%M:%SZ")
    if read.by == "days":
        form = read.form or "%Y-%m-%d"
        params |= {read.parameter: ask.first.strftime(form), read.until: ask.last.strftime(form)}
    return Request(options.path, params, options.body)


def _pages(pages: PagesSection) -> paging.Pages:
    match pages.by:
        case "numbers":
            return paging.page_numbers(pages.parameter or "page", pages.first)
        case "offsets":
            limit = pages.size_parameter or "limit"
            return paging.offsets(pages.size, pages.parameter or "offset", limit)
        case "cursor":
            return paging.cursors(pages.path or "next", parameter=pages.parameter or "cursor")
        case "links":
            return paging.next_links(pages.path)
    return paging.one_page()


def _sign_in(section: SignInSection) -> sign_in.SignIn:
    match section.by:
        case "bearer":
            return sign_in.bearer()
        case "basic":
            return sign_in.basic()
        case "header":
            return sign_in.headers(**{section.name: "api_key"})
        case "parameter":
            return sign_in.parameter(section.name, "api_key")
        case "refresh_token":
            return sign_in.refresh_token(section.token_url or "")
    return sign_in.nobody()

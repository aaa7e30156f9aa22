"""Connector: a vendor's description becomes a connector."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from marketing_warehouse.connectors.pieces import Connector, Piece, Reading
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.options import ApiOptions
from marketing_warehouse.connectors.rest.slices import Part
from marketing_warehouse.connectors.rest.streams import Api, Stream

if TYPE_CHECKING:
    from marketing_warehouse.config import Source


def rest_connector(
    name: str, api: Api, *streams: Stream, options: type[ApiOptions] = ApiOptions
) -> Connector:
    """Return the connector of a vendor.

    Args:
        name: what `connector:` in business.yml says.
        api: the vendor's API.
        streams: what it tells; a source reads those of its feed, one after the other.
        options: the options that a source of it knows.
    """

    def pieces(reading: Reading) -> Iterator[Piece]:
        client = Client(api, reading)
        for stream in _of_feed(streams, reading.source.feed):
            for part in stream.parts(client):
                yield from stream.slices(Part(client, stream, part))

    def adapt(source: "Source") -> "Source":
        values: dict[str, Mapping[str, str | None]] = {}
        defaults: dict[str, str] = {}
        for stream in _of_feed(streams, source.feed):
            values |= stream.values
            defaults |= stream.defaults
        for column, said in source.values.items():
            values[column] = {**values.get(column, {}), **said}
        return source.model_copy(
            update={
                "columns": source.columns if source.query else {},
                "values": values,
                "defaults": {**defaults, **source.defaults},
            }
        )

    feeds = tuple(dict.fromkeys(stream.feed for stream in streams))
    return Connector(name, options, pieces, feeds=feeds, adapt=adapt)


def _of_feed(streams: tuple[Stream, ...], feed: str) -> list[Stream]:
    return [stream for stream in streams if stream.feed == feed]

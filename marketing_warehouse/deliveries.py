"""Deliveries: what lies in landing, and which of it still has to be loaded."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from marketing_warehouse.errors import WarehouseError
from marketing_warehouse.paths import Home

METADATA_KEY = b"delivery"


@dataclass(frozen=True)
class Delivery:
    """One landed file and what its metadata say of it."""

    path: Path
    feed: str
    source: str
    connector: str
    file: str
    ids: str | None
    customer_ids: str
    content_sha256: str
    mapping_sha256: str
    options: dict[str, Any]
    max_bad_rows: dict[str, Any]
    rows: int
    columns_unknown: tuple[str, ...]
    key_id: str
    landed_at: str
    stream: str
    cursor: dict[str, Any] | None
    is_caught_up: bool
    replaces: dict[str, Any] | None

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def key(self) -> str:
        """The delivery's name in the whole home; within a source it sorts by time."""
        return f"{self.name}/{self.source}"


@dataclass
class Pending:
    """What one source has to load: its new deliveries, or all of them after a new mapping.

    Attributes:
        feed: the feed that they fill.
        new: those that were not loaded yet.
        replaced: those that count no more, because the same file was read anew.
        counting: all that count.
        former: of those that count, the ones that were read another way than now.
        is_anew: whether what was loaded of the source has to be loaded again.
    """

    feed: str
    new: list[Delivery] = field(default_factory=list)
    replaced: list[Delivery] = field(default_factory=list)
    counting: list[Delivery] = field(default_factory=list)
    former: list[Delivery] = field(default_factory=list)
    is_anew: bool = False

    @property
    def to_load(self) -> list[Delivery]:
        """The deliveries whose rows are to be loaded now, oldest first."""
        return self.counting if self.is_anew else self.new

    def with_part(self, part: "Pending") -> "Pending":
        """Return this with another part of the same source; if one is loaded anew, both are."""
        return Pending(
            self.feed,
            _oldest_first(self.new + part.new),
            self.replaced + part.replaced,
            _oldest_first(self.counting + part.counting),
            self.former + part.former,
            self.is_anew or part.is_anew,
        )


def _oldest_first(deliveries: list[Delivery]) -> list[Delivery]:
    return sorted(deliveries, key=lambda delivery: delivery.key)


def read_delivery(path: Path) -> Delivery:
    """Read what a landed file says of itself.

    Raises:
        WarehouseError: the file is no delivery.
    """
    metadata = pq.read_metadata(path).metadata or {}
    if METADATA_KEY not in metadata:
        raise WarehouseError(f"{path} is no delivery of this warehouse: move it out of landing.")
    said = json.loads(metadata[METADATA_KEY])
    return Delivery(
        path=path,
        feed=said["feed"],
        source=said["source"],
        connector=said.get("connector", ""),
        file=said["file"],
        ids=said["ids"],
        customer_ids=said["customer_ids"],
        content_sha256=said["content_sha256"],
        mapping_sha256=said["mapping_sha256"],
        options=said["options"],
        max_bad_rows=said["max_bad_rows"],
        rows=said["rows"],
        columns_unknown=tuple(said["columns_unknown"]),
        key_id=said["key_id"],
        landed_at=said["landed_at"],
        stream=said.get("stream", ""),
        cursor=said.get("cursor"),
        is_caught_up=said.get("is_caught_up", True),
        replaces=said.get("replaces"),
    )


def landed_through(home: Home, load_id: str) -> list[str]:
    """Return the keys of the deliveries that lay in landing when a load read it.

    Those of later loads, which may be landing just now, are left out.
    """
    return [
        f"{path.stem}/{path.parent.name}"
        for path in sorted(home.landing.glob("*/*/*.parquet"))
        if path.stem[: len(load_id)] <= load_id
    ]


def pending_by_source(connection: duckdb.DuckDBPyConnection, home: Home) -> dict[str, Pending]:
    """Return what every source still has to load, in the order of the sources' names."""
    known = connection.execute("select delivery, status from raw.raw.deliveries")
    statuses = dict(known.fetchall())
    found: dict[str, Pending] = {}
    for folder in sorted(home.landing.glob("*/*")):
        paths = sorted(folder.glob("*.parquet"))
        keys = {path: f"{path.stem}/{folder.name}" for path in paths}
        if all(statuses.get(key) in ("loaded", "replaced", "dropped") for key in keys.values()):
            continue
        deliveries = [read_delivery(path) for path in paths]
        of_streams = [delivery for delivery in deliveries if delivery.cursor is not None]
        of_files = [delivery for delivery in deliveries if delivery.cursor is None]
        pending = _pending(folder.parent.name, of_files, statuses)
        for stream in dict.fromkeys(delivery.stream for delivery in of_streams):
            alike = [delivery for delivery in of_streams if delivery.stream == stream]
            pending = pending.with_part(_pending_of_stream(pending.feed, alike, statuses))
        if pending.to_load or pending.replaced:
            found[folder.name] = pending
    return found


def _pending(feed: str, deliveries: list[Delivery], statuses: dict[str, str]) -> Pending:
    newest_mapping = {
        (delivery.file, delivery.content_sha256): delivery.mapping_sha256 for delivery in deliveries
    }
    newest_of_file = {delivery.file: delivery.key for delivery in deliveries}
    active, replaced, new = [], [], []
    for delivery in deliveries:
        status = statuses.get(delivery.key)
        same = (delivery.file, delivery.content_sha256)
        if newest_mapping[same] != delivery.mapping_sha256:
            # The same file was read anew with another mapping: this reading no longer counts.
            replaced.append(delivery)
        elif status == "refused" and newest_of_file[delivery.file] != delivery.key:
            continue  # its file was mended since
        else:
            active.append(delivery)
            if status != "loaded":
                new.append(delivery)
    was_loaded = any(statuses.get(delivery.key) == "loaded" for delivery in replaced)
    return Pending(feed, new, replaced, active, is_anew=was_loaded)


def _pending_of_stream(feed: str, deliveries: list[Delivery], statuses: dict[str, str]) -> Pending:
    """Return what a stream has to load.

    A stream that is read another way than before (its mapping has changed) is read from its
    beginning; what it brings waits until it has caught up, and only then takes the former place.
    """
    loaded = [one for one in deliveries if statuses.get(one.key) == "loaded"]
    standing = _standing(deliveries)
    active = [one for one in deliveries if one.mapping_sha256 == standing.mapping_sha256]
    former = [one for one in loaded if one not in active and one.key < standing.key]
    return Pending(
        feed,
        new=[one for one in active if one not in loaded],
        counting=_oldest_first(former + active),
        former=former,
        is_anew=bool(loaded) and _standing(loaded).mapping_sha256 != standing.mapping_sha256,
    )


def _standing(deliveries: list[Delivery]) -> Delivery:
    """Return the delivery whose reading counts: the last one that had caught up, if any had."""
    return ([one for one in deliveries if one.is_caught_up] or deliveries)[-1]


def options_of(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    """Group deliveries by how their texts are to be read; the order within a group stays."""
    groups: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        spelling = json.dumps(
            [delivery.options, delivery.ids, delivery.customer_ids], sort_keys=True
        )
        groups[spelling].append(delivery)
    return dict(groups)

"""Deliveries: what lies in landing, and which of it still has to be loaded."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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
    """What one source has to load: its new deliveries, or all of them after a new mapping."""

    feed: str
    new: list[Delivery]
    replaced: list[Delivery]
    anew: list[Delivery]


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
        found[folder.name] = _pending(folder.parent.name, deliveries, statuses)
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
    return Pending(feed, new, replaced, active if was_loaded else [])


def options_of(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    """Group deliveries by how their texts are to be read; the order within a group stays."""
    groups: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        spelling = json.dumps(
            [delivery.options, delivery.ids, delivery.customer_ids], sort_keys=True
        )
        groups[spelling].append(delivery)
    return dict(groups)

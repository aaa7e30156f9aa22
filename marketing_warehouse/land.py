"""Land: fetch what a source has now, and keep each new piece, hashed but untouched, as Parquet."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from marketing_warehouse.config import Config, Source
from marketing_warehouse.connectors import CONNECTORS, Batch, Piece, Rows
from marketing_warehouse.database import plain_errors, require_space
from marketing_warehouse.deliveries import METADATA_KEY, Delivery, read_delivery
from marketing_warehouse.errors import ConfigError, SourceError, WarehouseError
from marketing_warehouse.feeds import FEEDS, Feed, Kind
from marketing_warehouse.journal import Step, step
from marketing_warehouse.mapping import (
    Mapping,
    clean,
    delivered_schema,
    map_batch,
    plan_mapping,
)
from marketing_warehouse.paths import Home
from marketing_warehouse.personal import key_id
from marketing_warehouse.source_query import apply_query, as_texts
from marketing_warehouse.sql_guard import locked_duckdb

LANDED_THE_SAME_WAY_SINCE = 1  # raise it when the same file would land as other rows
UNFINISHED = ".unfinished"


@dataclass
class _Landing:
    """One source being landed: what every piece of it needs."""

    home: Home
    config: Config
    source: Source
    key: bytes
    load_id: str
    duckdb: duckdb.DuckDBPyConnection
    newest: dict[str, Delivery]
    mapping_sha256: str
    next_number: int
    names: list[str] = field(default_factory=list)
    unchanged: int = 0
    rows: int = 0
    unreadable: int = 0
    columns_unknown: set[str] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        return self.home.landing_of(self.source.feed, self.source.name)


def land(home: Home, config: Config, source_name: str, load_id: str) -> list[str]:
    """Land each piece of a source that is new or has changed; return the deliveries' names.

    A delivery, once named, is never changed. A piece that is refused does not hold up the others
    of its source: they land, and then the source fails.

    Raises:
        MissingKeyError: there is no key to hash personal data with.
        ConfigError: the key is not the one of the earlier deliveries.
        SourceError: the source does not answer, or pieces of it do not fit the feed.
    """
    with step(home, load_id, "land", source=source_name) as entry:
        source = config.source(source_name)
        key = home.hash_key()
        folder = home.landing_of(source.feed, source.name)
        with plain_errors(folder):
            require_space(folder)
        with locked_duckdb() as connection:
            landing = _Landing(
                home=home,
                config=config,
                source=source,
                key=key,
                load_id=load_id,
                duckdb=connection,
                newest=_newest_of_each_file(folder, key),
                mapping_sha256=_fingerprint_of_mapping(config, source),
                next_number=_next_number(folder, load_id),
            )
            refusals = _land_pieces(landing)
        _record(entry, landing)
        if refusals:
            raise _all_in_one(refusals)
        return landing.names


def _land_pieces(landing: _Landing) -> list[SourceError]:
    connector = CONNECTORS[landing.source.connector]
    refusals: list[SourceError] = []
    for piece in connector.pieces(landing.source, landing.config.path.parent):
        try:
            fingerprint = piece.fingerprint()
            if _is_landed(landing, piece, fingerprint):
                landing.unchanged += 1
            else:
                _land_piece(landing, piece, fingerprint)
        except SourceError as error:
            refusals.append(error)
    return refusals


def _is_landed(landing: _Landing, piece: Piece, fingerprint: str) -> bool:
    newest = landing.newest.get(piece.name)
    return newest is not None and (newest.content_sha256, newest.mapping_sha256) == (
        fingerprint,
        landing.mapping_sha256,
    )


def _land_piece(landing: _Landing, piece: Piece, fingerprint: str) -> None:
    name = f"{landing.load_id}-{landing.next_number:04d}-{fingerprint[:12]}"
    final = landing.folder / f"{name}.parquet"
    unfinished = final.with_name(final.name + UNFINISHED)
    source, config = landing.source, landing.config
    where = f"Source {source.name}: {piece.noun} {piece.name}"
    rows_written = faults = 0
    with piece.open() as opened, _written_safely(unfinished, final, source.feed) as writer:
        rows = _after_query(landing, opened, where)
        mapping = plan_mapping(source, rows, where)
        for batch in rows.batches:
            texts = _texts(landing, batch, mapping, where)
            landed = map_batch(config, source, mapping, texts, piece.name, landing.key)
            writer.write_table(landed)
            rows_written += landed.num_rows
            faults += len(batch.faults)
        said = _metadata(landing, piece, fingerprint, rows_written, mapping.unknown)
        writer.add_key_value_metadata({METADATA_KEY: json.dumps(said)})
    landing.names.append(name)
    landing.next_number += 1
    landing.rows += rows_written
    landing.unreadable += faults
    landing.columns_unknown.update(mapping.unknown)


def _after_query(landing: _Landing, rows: Rows, where: str) -> Rows:
    """Return a piece's rows, or what its source's query makes of them."""
    options, query = landing.source.options, landing.source.query
    if not query:
        return rows
    cleaned = (replace(batch, cells=clean(batch.cells)) for batch in rows.batches)
    return apply_query(landing.duckdb, query, replace(rows, batches=cleaned), options, where)


def _texts(landing: _Landing, batch: Batch, mapping: Mapping, where: str) -> Batch:
    """Return the columns that are asked for, all of them clean texts."""
    cells = batch.cells.select(list(mapping.used))
    texts = as_texts(landing.duckdb, cells, landing.source.options, where)
    return replace(batch, cells=clean(texts))


@contextmanager
def _written_safely(unfinished: Path, final: Path, feed: str) -> Iterator[pq.ParquetWriter]:
    """Write under a name that nobody reads, and rename only what is wholly on the disk."""
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        with plain_errors(final), unfinished.open("wb") as file:
            with pq.ParquetWriter(
                file,
                delivered_schema(FEEDS[feed]),
                compression="zstd",
                use_dictionary=_repeating_columns(FEEDS[feed]),
                store_schema=False,  # else readers of the schema are not shown the metadata
            ) as writer:
                yield writer
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, final)
        _sync_folder(final.parent)
    except OSError as error:
        raise WarehouseError(
            f"A delivery could not be written to {final.parent}: {error.strerror or error}; "
            "make room or give this user the right to write there, then try again."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _repeating_columns(feed: Feed) -> list[str]:
    """Return the columns worth a dictionary: of unique texts it would be a second copy."""
    unique = (Kind.ID, Kind.EMAIL, Kind.PHONE, Kind.MOMENT)
    return [column.name for column in feed.columns if column.kind not in unique] + ["_file"]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _metadata(
    landing: _Landing, piece: Piece, fingerprint: str, rows: int, unknown: tuple[str, ...]
) -> dict[str, Any]:
    source, config = landing.source, landing.config
    return {
        "source": source.name,
        "feed": source.feed,
        "connector": source.connector,
        "ids": source.ids,
        "customer_ids": source.customer_ids,
        "file": piece.name,
        "content_sha256": fingerprint,
        "mapping_sha256": landing.mapping_sha256,
        "options": {
            "decimal": source.options.decimal,
            "thousands": source.options.thousands,
            "date_format": list(source.options.date_format),
            "timezone": config.timezone_of(source),
        },
        "max_bad_rows": config.max_bad_rows_of(source).model_dump(),
        "rows": rows,
        "columns_unknown": list(unknown),
        "key_id": key_id(landing.key),
        "landed_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }


def _fingerprint_of_mapping(config: Config, source: Source) -> str:
    """Return a hash of everything in business.yml that decides how a file's rows are landed."""
    decides = source.model_dump(mode="json", exclude={"name", "path", "max_bad_rows"})
    decides |= {
        "landed_the_same_way_since": LANDED_THE_SAME_WAY_SINCE,
        "feed_columns": FEEDS[source.feed].column_names,
        "timezone": config.timezone_of(source),
        "country": config.business.country,
        "max_bad_rows": config.max_bad_rows_of(source).model_dump(),
        "history_from": str(config.history_from),
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def _newest_of_each_file(folder: Path, key: bytes) -> dict[str, Delivery]:
    """Return the newest delivery of each file, after clearing what a killed landing left.

    Raises:
        ConfigError: an earlier delivery was hashed with another key.
    """
    for left_over in folder.glob(f"*{UNFINISHED}"):
        left_over.unlink(missing_ok=True)
    newest = {}
    for path in sorted(folder.glob("*.parquet")):
        delivery = read_delivery(path)
        if delivery.key_id != key_id(key):
            raise ConfigError(
                f"The hash key is another than when {path} was landed, so nobody would be "
                "recognised: bring back the former key, or move landing/ and raw.duckdb away "
                "and load all files again."
            )
        newest[delivery.file] = delivery
    return newest


def _next_number(folder: Path, load_id: str) -> int:
    numbers = [
        int(path.name.removeprefix(f"{load_id}-")[:4]) for path in folder.glob(f"{load_id}-*")
    ]
    return max(numbers, default=0) + 1


def _record(entry: Step, landing: _Landing) -> None:
    entry.details = {
        "landed": landing.names,
        "unchanged": landing.unchanged,
        "rows": landing.rows,
        "unreadable_rows": landing.unreadable,
        "columns_unknown": sorted(landing.columns_unknown),
    }
    said = f"{len(landing.names)} landed with {landing.rows:,} rows, {landing.unchanged} unchanged"
    if landing.unreadable:
        said += f", {landing.unreadable} rows could not be read"
    if landing.columns_unknown:
        said += f", columns that no feed knows: {', '.join(sorted(landing.columns_unknown))}"
    entry.message = said + "."


def _all_in_one(refusals: list[SourceError]) -> SourceError:
    first = refusals[0]
    if len(refusals) == 1:
        return first
    more = len(refusals) - 1
    files = "file was" if more == 1 else "files were"
    return type(first)(f"{first} ({more} more {files} refused.)")

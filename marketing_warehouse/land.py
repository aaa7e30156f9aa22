"""Land: fetch what a source has now, and keep each new piece, hashed but untouched, as Parquet."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from marketing_warehouse.config import Config, Source
from marketing_warehouse.connectors import (
    CONNECTORS,
    Mark,
    Piece,
    Reading,
    Replaces,
)
from marketing_warehouse.database import plain_errors, require_space
from marketing_warehouse.deliveries import METADATA_KEY, Delivery, read_delivery
from marketing_warehouse.delivery_file import (
    UNFINISHED,
    add_content,
    name_for_good,
    parquet_writer,
    unfinished_file,
)
from marketing_warehouse.errors import ConfigError, QuotaUsedUpError, SourceError
from marketing_warehouse.feeds import FEEDS
from marketing_warehouse.journal import Step, step, tell, through_of
from marketing_warehouse.mapped_rows import mapped_rows
from marketing_warehouse.paths import Home
from marketing_warehouse.personal import key_id
from marketing_warehouse.reading import FindConnection, adapted, reading_of
from marketing_warehouse.sql_guard import locked_duckdb

LANDED_THE_SAME_WAY_SINCE = 1  # raise it when the same file would land as other rows


@dataclass
class _Landing:
    """One source being landed: what every piece of it needs."""

    home: Home
    config: Config
    source: Source
    key: bytes
    load_id: str
    entry: Step
    duckdb: duckdb.DuckDBPyConnection
    earlier: list[Delivery]
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

    def newest(self, piece: Piece) -> Delivery | None:
        """Return the newest delivery of a file, or of a piece's stream; None if there is none."""
        is_stream = piece.mark is not None
        alike = (
            delivery
            for delivery in reversed(self.earlier)
            if (delivery.cursor is not None) == is_stream
            and (delivery.stream == piece.stream if is_stream else delivery.file == piece.name)
        )
        return next(alike, None)


def land(
    home: Home,
    config: Config,
    source_name: str,
    load_id: str,
    find_connection: FindConnection | None = None,
) -> list[str]:
    """Land each piece of a source that is new or has changed; return the deliveries' names.

    A delivery, once named, is never changed. A file that is refused does not hold up the others
    of its source: they land, and then the source fails. A piece of a stream that is refused ends
    its source: the cursor must not move past it. A quota that is used up ends it without failing.

    Args:
        home: the business.
        config: its settings.
        source_name: which of its sources.
        load_id: the load that asks.
        find_connection: returns the orchestrator's connection of a name, if it has one.

    Raises:
        MissingKeyError: there is no key to hash personal data with.
        ConfigError: the key is not the one of the earlier deliveries.
        SourceError: the source does not answer, or pieces of it do not fit the feed.
    """
    with step(home, load_id, "land", source=source_name) as entry:
        asked = config.source(source_name)
        source = adapted(asked)
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
                entry=entry,
                duckdb=connection,
                earlier=_earlier_deliveries(folder, key),
                mapping_sha256=_fingerprint_of_mapping(config, asked, source),
                next_number=_next_number(folder, load_id),
            )
            reading = reading_of(config, asked, through_of(home, load_id), find_connection)
            reading = replace(reading, cursors=_cursors(landing))
            refusals = _land_pieces(landing, reading)
        _record(entry, landing)
        if refusals:
            raise _all_in_one(refusals)
        return landing.names


def _cursors(landing: _Landing) -> dict[str, dict[str, Any]]:
    """Return how far each stream was landed with the mapping of now."""
    return {
        delivery.stream: delivery.cursor
        for delivery in landing.earlier
        if delivery.cursor is not None and delivery.mapping_sha256 == landing.mapping_sha256
    }


def _land_pieces(landing: _Landing, reading: Reading) -> list[SourceError]:
    connector = CONNECTORS[landing.source.connector]
    refusals: list[SourceError] = []
    try:
        for piece in connector.pieces(reading):
            try:
                _land_unless_known(landing, piece)
            except QuotaUsedUpError:
                raise
            except SourceError as error:
                refusals.append(error)
                if piece.mark:
                    break
    except QuotaUsedUpError as error:
        landing.entry.details["cut_short"] = str(error)
    return refusals


def _land_unless_known(landing: _Landing, piece: Piece) -> None:
    if piece.progress:
        tell(landing.home, landing.load_id, landing.entry, f"{piece.noun} {piece.progress}")
    fingerprint = piece.fingerprint() if piece.fingerprint else None
    if fingerprint and _is_known(landing, piece, fingerprint):
        landing.unchanged += 1
    else:
        _land_piece(landing, piece, fingerprint)


def _is_known(landing: _Landing, piece: Piece, fingerprint: str) -> bool:
    """Say whether the newest delivery of a piece already brought this very content.

    Of a stream it must also have been caught up, so that a first load keeps each of its cursors,
    and have taken the place of the same rows.
    """
    newest = landing.newest(piece)
    if newest is None or (newest.content_sha256, newest.mapping_sha256) != (
        fingerprint,
        landing.mapping_sha256,
    ):
        return False
    return piece.mark is None or (newest.is_caught_up and _covers(newest.replaces, piece.replaces))


def _covers(earlier: dict[str, Any] | None, later: Replaces | None) -> bool:
    """Say whether all that a piece replaces was replaced before; after it nothing was delivered."""
    if later is None:
        return True
    if earlier is None or earlier["only"] != dict(later.only):
        return False
    return earlier["first"] is None or (
        later.first is not None and earlier["first"] <= later.first.isoformat()
    )


def _land_piece(landing: _Landing, piece: Piece, fingerprint: str | None) -> None:
    """Read a piece into a delivery; keep it unless its rows turn out to be known."""
    number = f"{landing.load_id}-{landing.next_number:04d}"
    unfinished = landing.folder / f"{number}.parquet{UNFINISHED}"
    content = hashlib.sha256()
    rows_written = faults = 0
    opening = mapped_rows(landing.config, landing.source, piece, landing.key, landing.duckdb)
    with unfinished_file(unfinished) as file:
        with opening as mapped, parquet_writer(file, landing.source.feed) as writer:
            for rows, unreadable in mapped.batches:
                writer.write_table(rows)
                if fingerprint is None:
                    add_content(content, rows)
                rows_written += rows.num_rows
                faults += unreadable
            mark = piece.mark() if piece.mark else None
            fingerprint = fingerprint or content.hexdigest()
            unknown = mapped.mapping.unknown
            said = _metadata(landing, piece, mark, fingerprint, rows_written, unknown)
            writer.add_key_value_metadata({METADATA_KEY: json.dumps(said)})
        if _is_known(landing, piece, fingerprint):
            landing.unchanged += 1
            return
        final = landing.folder / f"{number}-{fingerprint[:12]}.parquet"
        name_for_good(file, unfinished, final)
    landing.earlier.append(read_delivery(final))
    landing.names.append(final.stem)
    landing.next_number += 1
    landing.rows += rows_written
    landing.unreadable += faults
    landing.columns_unknown.update(unknown)


def _metadata(
    landing: _Landing,
    piece: Piece,
    mark: Mark | None,
    fingerprint: str,
    rows: int,
    unknown: tuple[str, ...],
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
        "stream": piece.stream,
        "cursor": mark.cursor if mark else None,
        "is_caught_up": mark.is_caught_up if mark else True,
        "replaces": _said_of(piece.replaces),
    }


def _said_of(replaces: Replaces | None) -> dict[str, Any] | None:
    if replaces is None:
        return None
    days = {"first": replaces.first, "last": replaces.last}
    return {
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "only": dict(replaces.only),
    }


def _fingerprint_of_mapping(config: Config, asked: Source, source: Source) -> str:
    """Return a hash of everything that decides how rows are landed.

    Args:
        config: the settings.
        asked: the source as business.yml describes it.
        source: the source with what its connector adds.
    """
    decides = asked.model_dump(mode="json", exclude={"name", "path", "max_bad_rows"})
    for name in asked.options.decide_nothing:
        decides["options"].pop(name, None)
    decides |= {
        "landed_the_same_way_since": LANDED_THE_SAME_WAY_SINCE,
        "feed_columns": FEEDS[source.feed].column_names,
        "timezone": config.timezone_of(source),
        "country": config.business.country,
        "max_bad_rows": config.max_bad_rows_of(source).model_dump(),
        "history_from": str(config.history_from),
    }
    if source != asked:
        decides["added"] = source.model_dump(mode="json", include={"values", "defaults"})
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def _earlier_deliveries(folder: Path, key: bytes) -> list[Delivery]:
    """Return a source's deliveries, oldest first, after clearing what a killed landing left.

    Raises:
        ConfigError: an earlier delivery was hashed with another key.
    """
    for left_over in folder.glob(f"*{UNFINISHED}"):
        left_over.unlink(missing_ok=True)
    earlier = []
    for path in sorted(folder.glob("*.parquet")):
        delivery = read_delivery(path)
        if delivery.key_id != key_id(key):
            raise ConfigError(
                f"The hash key is another than when {path} was landed, so nobody would be "
                "recognised: bring back the former key, or move landing/ and raw.duckdb away "
                "and load all files again."
            )
        earlier.append(delivery)
    return earlier


def _next_number(folder: Path, load_id: str) -> int:
    numbers = [
        int(path.name.removeprefix(f"{load_id}-")[:4]) for path in folder.glob(f"{load_id}-*")
    ]
    return max(numbers, default=0) + 1


def _record(entry: Step, landing: _Landing) -> None:
    entry.details |= {
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
    entry.message = " ".join(filter(None, [said + ".", entry.details.get("cut_short")]))


def _all_in_one(refusals: list[SourceError]) -> SourceError:
    first = refusals[0]
    if len(refusals) == 1:
        return first
    more = len(refusals) - 1
    files = "file was" if more == 1 else "files were"
    return type(first)(f"{first} ({more} more {files} refused.)")

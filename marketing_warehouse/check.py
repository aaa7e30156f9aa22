"""Check: one cheap call to a source, to tell whether it lets us in and what it would bring."""

from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from marketing_warehouse.config import Config
from marketing_warehouse.connectors import CONNECTORS
from marketing_warehouse.feeds import FEEDS, Kind
from marketing_warehouse.mapped_rows import mapped_rows
from marketing_warehouse.mapping import delivered_schema
from marketing_warehouse.paths import Home
from marketing_warehouse.plan import last_day_of
from marketing_warehouse.reading import FindConnection, adapted, reading_of
from marketing_warehouse.sql_guard import locked_duckdb

SHOWN_OF_A_HASH = 8
PERSONAL = (Kind.EMAIL, Kind.PHONE)


@dataclass(frozen=True)
class Checked:
    """What a source said.

    Attributes:
        sentence: whether it works and what it sees.
        sample: some rows as they would be landed, the columns that they fill alone; what is
            personal is hashed and shortened.
    """

    sentence: str
    sample: pa.Table


def check_source(
    home: Home,
    config: Config,
    name: str,
    sample: int,
    find_connection: FindConnection | None = None,
    through: date | None = None,
) -> Checked:
    """Ask a source for its first rows, and map them; nothing is written.

    Args:
        home: the business, whose key hashes what is personal.
        config: its settings.
        name: the source.
        sample: how many rows to show.
        find_connection: returns the orchestrator's connection of an id, if it has one.
        through: the last day to look at, of sources that are read by days; yesterday if not said.

    Raises:
        ConfigError: there is no such source.
        SourceError: it does not answer, does not let us in, or does not fit its feed.
    """
    asked = config.source(name)
    reading = reading_of(config, asked, through or last_day_of(config), find_connection)
    piece = next(CONNECTORS[asked.connector].pieces(replace(reading, is_look=True)), None)
    if piece is None:
        return Checked(f"Source {name} works, but has nothing to tell yet.", pa.table({}))
    source = adapted(asked)
    with (
        locked_duckdb() as connection,
        mapped_rows(config, source, piece, home.hash_key(), connection) as mapped,
    ):
        nothing = delivered_schema(FEEDS[asked.feed]).empty_table()
        rows, _ = next(mapped.batches, (nothing, 0))
        unknown = mapped.mapping.unknown
    found = f"{rows.num_rows} rows were looked at" if rows.num_rows else "it has no rows yet"
    sentence = f"Source {name} works: {asked.connector} answers with {piece.name}; {found}."
    if unknown:
        sentence += f" Columns that no feed knows: {', '.join(unknown)}."
    return Checked(sentence, _shown(rows.slice(0, sample), asked.feed))


def _shown(rows: pa.Table, feed: str) -> pa.Table:
    """Return the columns that hold something, hashes shortened."""
    shown = {}
    for column in FEEDS[feed].columns:
        texts = rows[column.name].to_pylist()
        if any(text is not None for text in texts):
            is_personal = column.kind in PERSONAL
            shown[column.name] = [
                f"{text[:SHOWN_OF_A_HASH]}…" if text and is_personal else text for text in texts
            ]
    if any(rows["extra"].to_pylist()):
        shown["extra"] = rows["extra"].to_pylist()
    if any(rows["_fault"].to_pylist()):
        shown["fault"] = rows["_fault"].to_pylist()
    return pa.table(shown)

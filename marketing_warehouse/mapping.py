"""Mapping: a source's columns become its feed's, as texts; nothing personal stays plain."""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from marketing_warehouse.casting import TRUE_WORDS
from marketing_warehouse.config import Config, Source
from marketing_warehouse.connectors import Batch, Rows
from marketing_warehouse.errors import SourceRefusedError
from marketing_warehouse.feeds import FEEDS, Feed, Kind
from marketing_warehouse.personal import hash_emails, hash_emails_among_ids, hash_phones

DELETED = "_deleted"  # a column of any source: whether its row says that the key is no more
GONE = "true"
PLACE = ("_file", "_line", "_fault", DELETED)
NO_RATE = ("", "N/A")
NAMES_SHOWN = 30


@dataclass(frozen=True)
class Mapping:
    """What one piece's columns become.

    Attributes:
        feed: the feed that they fill.
        taken: for each of the feed's columns the source's, or None where only a default is.
        kept: the source's columns that go into `extra`.
        unknown: the source's columns that no feed knows and nobody asked for.
        deleted: the source's column that says of a row that its key is gone, if it has one.
    """

    feed: Feed
    taken: dict[str, str | None]
    kept: tuple[str, ...]
    unknown: tuple[str, ...]
    deleted: str | None

    @property
    def used(self) -> tuple[str, ...]:
        """The source's columns that are read, each once."""
        named = (*filter(None, self.taken.values()), *self.kept, *filter(None, [self.deleted]))
        return tuple(dict.fromkeys(named))


def plan_mapping(source: Source, rows: Rows, where: str) -> Mapping:
    """Find each column that a source's mapping asks for.

    Args:
        source: the source.
        rows: a piece of it, opened.
        where: what messages call the piece.

    Raises:
        SourceRefusedError: a column that is mapped, kept or required is not there.
    """
    feed = FEEDS[source.feed]
    find = _Finder(rows, where)
    taken: dict[str, str | None] = {}
    for column in feed.columns:
        mapped = source.columns.get(column.name)
        found = find(mapped or column.name)
        taken[column.name] = found
        if found is None and column.name not in source.defaults:
            if mapped:
                raise find.refusal(mapped, f"mapped to {column.name}")
            if column.is_required:
                raise find.refusal(column.name, f"required by the feed {feed.name}")
    if feed.one_of and not any(taken[name] or name in source.defaults for name in feed.one_of):
        raise find.refusal(" or ".join(feed.one_of), f"one is required by the feed {feed.name}")
    kept = []
    for name in source.keep:
        found = find(name)
        if found is None:
            raise find.refusal(name, "listed under keep")
        kept.append(found)
    deleted = find(DELETED)
    used = {found for found in (*taken.values(), deleted) if found}
    kept = [column for column in dict.fromkeys(kept) if column not in used]
    unknown = [column for column in rows.columns if column not in used and column not in kept]
    return Mapping(feed, taken, tuple(kept), tuple(unknown), deleted)


class _Finder:
    """Finds a column by its exact name, else by its name in any case."""

    def __init__(self, rows: Rows, where: str) -> None:
        self._rows = rows
        self._where = where
        self._lowered: dict[str, list[str]] = {}
        for column in rows.columns:
            self._lowered.setdefault(column.lower(), []).append(column)

    def __call__(self, name: str) -> str | None:
        wanted = normal(name)
        alike = self._lowered.get(wanted.lower(), [])
        if wanted.lower() in self._rows.repeated_columns or (
            len(alike) > 1 and wanted not in alike
        ):
            raise SourceRefusedError(
                f"{self._where} has more than one column {wanted}; rename one of them."
            )
        return wanted if wanted in alike else next(iter(alike), None)

    def refusal(self, name: str, why: str) -> SourceRefusedError:
        columns = self._rows.columns
        shown = ", ".join(columns[:NAMES_SHOWN]) + (", …" if len(columns) > NAMES_SHOWN else "")
        return SourceRefusedError(
            f"{self._where} has no column {name} ({why}); it has: {shown}. "
            "Mend the file, or columns and defaults of the source in business.yml."
        )


def clean(cells: pa.Table) -> pa.Table:
    """Trim all texts and bring them to NFC; an empty one is nothing. Other types stay."""
    return pa.table([_clean_column(column) for column in cells.columns], names=cells.column_names)


def _clean_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return column
    text = pc.utf8_trim_whitespace(column)
    if not pc.all(pc.string_is_ascii(text)).as_py():
        text = pc.utf8_normalize(text, form="NFC")
    return pc.if_else(pc.equal(text, ""), None, text)


def normal(text: str) -> str:
    """Return a text as `clean` leaves those of a file."""
    return unicodedata.normalize("NFC", text).strip()


def delivered_schema(feed: Feed) -> pa.Schema:
    """Return the columns of a feed's deliveries: all of them texts."""
    names = (*feed.column_names, "extra", *PLACE)
    return pa.schema([pa.field(name, pa.string()) for name in names])


def map_batch(
    config: Config, source: Source, mapping: Mapping, batch: Batch, file: str, key: bytes
) -> pa.Table:
    """Return a batch's rows as the feed's columns, personal ones hashed, faulty records beneath.

    Args:
        config: says how local phones are read.
        source: the source, with its values and defaults.
        mapping: where its columns go.
        batch: clean texts.
        file: the name that the rows carry.
        key: hashes what is personal.
    """
    height = batch.cells.num_rows
    columns = {
        name: _hashed(config, mapping.feed, name, _mapped(source, name, found, batch.cells), key)
        for name, found in mapping.taken.items()
    }
    columns["extra"] = _extra(mapping.kept, batch.cells)
    columns["_file"] = (
        pa.repeat(pa.scalar(file), height) if batch.objects is None else batch.objects
    )
    columns["_line"] = batch.lines.cast(pa.string())
    columns["_fault"] = pa.nulls(height, pa.string())
    columns[DELETED] = _gone(batch.cells[mapping.deleted] if mapping.deleted else None, height)
    schema = delivered_schema(mapping.feed)
    rows = pa.table([_whole(columns[name]) for name in schema.names], schema=schema)
    if mapping.feed.name == "fx_rates":
        is_rate = pc.invert(pc.is_in(pc.fill_null(rows["rate"], ""), pa.array(NO_RATE)))
        rows = rows.filter(is_rate)
    return pa.concat_tables([rows, _faulty_rows(schema, batch.faults, file)])


def _gone(said: pa.ChunkedArray | None, height: int) -> pa.Array:
    if said is None:
        return pa.nulls(height, pa.string())
    is_gone = pc.is_in(pc.utf8_lower(pc.fill_null(said, "")), pa.array(TRUE_WORDS))
    return pc.if_else(is_gone, GONE, pa.scalar(None, pa.string()))


def _mapped(source: Source, name: str, found: str | None, cells: pa.Table) -> pa.Array:
    if found is None:
        return pa.repeat(pa.scalar(source.defaults.get(name), pa.string()), cells.num_rows)
    column = _whole(cells[found])
    values = source.values.get(name)
    if values:
        column = _replaced(column, values)
    default = source.defaults.get(name)
    return column if default is None else pc.fill_null(column, default)


def _replaced(column: pa.Array, values: dict[str, str | None]) -> pa.Array:
    encoded = column.dictionary_encode()
    wanted = {normal(found): text for found, text in values.items()}
    replaced = [wanted.get(text, text) or None for text in encoded.dictionary.to_pylist()]
    return pa.array(replaced, pa.string()).take(encoded.indices)


def _hashed(config: Config, feed: Feed, name: str, texts: pa.Array, key: bytes) -> pa.Array:
    match feed.column(name).kind:
        case Kind.EMAIL:
            return hash_emails(texts, key)
        case Kind.PHONE:
            return hash_phones(texts, config.business.country, key)
        case Kind.ID:
            return hash_emails_among_ids(texts, key)
    return texts


def _extra(kept: Iterable[str], cells: pa.Table) -> pa.Array:
    names = list(kept)
    if not names:
        return pa.nulls(cells.num_rows, pa.string())
    rows = zip(*(cells[name].to_pylist() for name in names), strict=True)
    objects = ({n: v for n, v in zip(names, row, strict=True) if v is not None} for row in rows)
    return pa.array(
        [json.dumps(said, ensure_ascii=False) if said else None for said in objects], pa.string()
    )


def _faulty_rows(schema: pa.Schema, faults: list[tuple[int, str]], file: str) -> pa.Table:
    columns = {name: pa.nulls(len(faults), pa.string()) for name in schema.names}
    columns["_file"] = pa.repeat(pa.scalar(file), len(faults))
    columns["_line"] = pa.array([str(line) for line, _ in faults], pa.string())
    columns["_fault"] = pa.array([fault for _, fault in faults], pa.string())
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column

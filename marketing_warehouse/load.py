"""Load: cast what was landed into raw.duckdb, one row per version of a key."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from marketing_warehouse import raw_tables
from marketing_warehouse.casting import Spelling, cast, faults, key_faults, literal
from marketing_warehouse.config import Config
from marketing_warehouse.database import open_database, require_space
from marketing_warehouse.deliveries import Delivery, Pending, options_of, pending_by_source
from marketing_warehouse.errors import SourceRefusedError
from marketing_warehouse.feeds import FEEDS, Column, Feed, Kind
from marketing_warehouse.journal import step, write_lock
from marketing_warehouse.paths import PROJECT, Home
from marketing_warehouse.raw_tables import Outcome
from marketing_warehouse.withdrawals import withdraw

KPI_DEFINITIONS = PROJECT / "dbt_project" / "seeds" / "kpi_definitions.csv"
TYPED = "typed_"
SHARED_IDS = ""


@dataclass
class LoadResult:
    """What a load brought: deliveries loaded, and the sources that were refused with the reason."""

    loaded: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)


def load(home: Home, config: Config, load_id: str) -> LoadResult:
    """Load every landed delivery that raw.duckdb does not hold yet, each source as a whole.

    A source whose rows do not fit is left out and named in the result; the others go on. Loading
    again changes nothing.

    Raises:
        WarehouseError: the database cannot be written.
    """
    result = LoadResult()
    with step(home, load_id, "load") as entry, write_lock(home):
        require_space(home.path, needed=2 * _landed_bytes(home))
        with open_database(home.raw) as connection:
            raw_tables.create(connection)
            for source, pending in pending_by_source(connection, home).items():
                try:
                    result.rows[source] = _load_source(connection, source, pending)
                except SourceRefusedError as error:
                    result.refused[source] = str(error)
                    raw_tables.refuse(connection, pending.new, str(error))
                else:
                    result.loaded.extend(delivery.key for delivery in pending.new)
        entry.details = {
            "deliveries": len(result.loaded),
            "rows": result.rows,
            "refused": result.refused,
        }
        entry.message = " ".join(result.refused.values())
    return result


def _landed_bytes(home: Home) -> int:
    """Return the size of the largest source in landing, a bound for what one load rewrites."""
    folders = home.landing.glob("*/*")
    return max((_bytes_of(folder) for folder in folders), default=0)


def _bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.parquet"))


def _load_source(
    connection: duckdb.DuckDBPyConnection, source: str, pending: Pending
) -> dict[str, int]:
    """Load one source's deliveries in one transaction; return what became of their rows.

    Raises:
        SourceRefusedError: too many rows do not fit, or a key belongs to another source.
    """
    feed = FEEDS[pending.feed]
    connection.execute("begin")
    try:
        _cast_into_session(connection, feed, pending.to_load)
        _refuse_too_many_bad_rows(connection, feed, source, pending.new)
        if pending.is_anew:
            raw_tables.forget_rows_of(connection, feed, source)
        _keep_quarantined(connection, feed)
        _keep_versions(connection, feed)
        taken_out = withdraw(connection, feed, source, pending)
        _refuse_keys_of_others(connection, feed, source)
        counts = _record(connection, pending, taken_out)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    connection.execute("drop table if exists landed")
    return counts


def _cast_into_session(
    connection: duckdb.DuckDBPyConnection, feed: Feed, deliveries: Sequence[Delivery]
) -> None:
    """Fill the temporary table `landed` with the texts, the typed columns and the reason."""
    connection.execute("drop table if exists landed")
    for deliveries_alike in options_of(deliveries).values():
        first = deliveries_alike[0]
        connection.execute(f"set TimeZone = {literal(first.options['timezone'])}")
        select = _cast_select(feed, first, [delivery.path for delivery in deliveries_alike])
        exists = connection.execute(
            "select 1 from duckdb_tables() where table_name = 'landed'"
        ).fetchone()
        insert = "insert into landed" if exists else "create temporary table landed as"
        connection.execute(f"{insert} {select}")
    connection.execute("set TimeZone = 'UTC'")


def _cast_select(feed: Feed, delivery: Delivery, paths: Sequence[Path]) -> str:
    options = delivery.options
    formats = options.get("date_format") or ()
    spelling = Spelling(
        decimal=options.get("decimal") or ".",
        thousands=options.get("thousands"),
        date_formats=[formats] if isinstance(formats, str) else formats,
    )
    casts = ", ".join(
        f'{_in_namespace(delivery, column, cast(column, spelling))} as "{TYPED}{column.name}"'
        for column in feed.columns
    )
    typed = ", ".join(f'"{TYPED}{name}"' for name in feed.column_names)
    texts = ", ".join(f'"{name}"' for name in feed.column_names)
    content = ", ".join(f'coalesce("{name}", chr(0))' for name in (*feed.column_names, "extra"))
    files = ", ".join(literal(str(path)) for path in paths)
    return f"""
        select {texts}, extra,
            {typed},
            {literal(delivery.ids or SHARED_IDS)} as _ids,
            {literal(delivery.source)} as _source,
            parse_filename(filename, true) || '/' || {literal(delivery.source)} as _delivery,
            _file,
            cast(_line as bigint) as _line,
            _deleted,
            md5(concat_ws(chr(31), {content}, coalesce(_fault, ''))) as _version,
            case
                when _deleted is null then {faults(feed, TYPED, known_kpis())}
                else {key_faults(feed)}
            end as _reason
        from (
            select *, {casts}
            from (
                select null::varchar as _deleted where false  -- early deliveries had none
                union all by name
                select * from read_parquet([{files}], filename = true, union_by_name = true)
            )
        )
    """


def _in_namespace(delivery: Delivery, column: Column, value: str) -> str:
    if column.kind is not Kind.ID:
        return value
    if column.name == "customer_id" and delivery.customer_ids == "own":
        return f"{literal(delivery.source + ':')} || {value}"
    return f"{literal(delivery.ids + ':')} || {value}" if delivery.ids else value


def known_kpis() -> list[str]:
    """Return the KPIs that the definitions name."""
    with KPI_DEFINITIONS.open(newline="") as file:
        return [row["kpi"] for row in csv.DictReader(file)]


def _refuse_too_many_bad_rows(
    connection: duckdb.DuckDBPyConnection, feed: Feed, source: str, new: Sequence[Delivery]
) -> None:
    """Refuse new deliveries with too many bad rows; one that a later row mends is bad no more."""
    limits = new[-1].max_bad_rows if new else {"share": 1, "at_least": 0}
    read, bad, example = _bad_rows(connection, new)
    if _are_too_many(bad, read, limits):
        _, bad, example = _bad_rows(connection, new, f"and not exists ({_later_row(feed)})")
    if _are_too_many(bad, read, limits):
        raise SourceRefusedError(
            f"Source {source} was left out: {bad:,} of its {read:,} new rows do not fit, for "
            f"example {example}; mend the file or its mapping, or raise max_bad_rows."
        )


def _are_too_many(bad: int, read: int, limits: dict[str, Any]) -> bool:
    return bad > float(limits["share"]) * read and bad > int(limits["at_least"])


def _bad_rows(
    connection: duckdb.DuckDBPyConnection, new: Sequence[Delivery], which: str = ""
) -> tuple[int, int, str]:
    """Count the rows of new deliveries and the bad ones among them, and name one of these."""
    found: tuple[int, int, str] | None = connection.execute(
        f"""
        select (select count(*) from landed where _delivery in (select unnest($names))),
            count(*), min(_reason || ' (' || _file || ', line ' || _line || ')')
        from landed
        where _delivery in (select unnest($names)) and _reason is not null {which}
        """,
        {"names": [delivery.key for delivery in new]},
    ).fetchone()
    return found or (0, 0, "")


def _later_row(feed: Feed) -> str:
    """Return the SQL that finds a sound row of the same key, delivered later."""
    same = " and ".join(
        f"coalesce(mended.\"{name}\", '') = coalesce(landed.\"{name}\", '')" for name in feed.key
    )
    return f"""
        select 1 from landed as mended
        where mended._reason is null and {same}
            and (mended._delivery, mended._line) > (landed._delivery, landed._line)
    """


def _keep_quarantined(connection: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Keep each row that does not fit once, however often it was delivered with the same fault."""
    texts = ", ".join(f'"{name}"' for name in feed.column_names)
    connection.execute(
        f"""
        insert into raw.raw.quarantine_{feed.name}
        select {texts}, extra, _reason, _ids, _source, _delivery, _file, _line, _version
        from landed
        where _reason is not null
            and not exists (
                select 1 from raw.raw.quarantine_{feed.name} as known
                where known._source = landed._source
                    and known._version = landed._version
                    and known._reason = landed._reason
            )
        qualify row_number() over (
            partition by _version, _reason order by _delivery, _file, _line
        ) = 1
        """
    )


def _keep_versions(connection: duckdb.DuckDBPyConnection, feed: Feed) -> None:
    """Keep each version of a key once, at the place where it was delivered last."""
    columns = ", ".join(f'"{name}"' for name in feed.column_names)
    typed = ", ".join(f'"{TYPED}{name}"' for name in feed.column_names)
    connection.execute(
        """
        create or replace temporary table latest as
        select _version, max({'delivery': _delivery, 'file': _file, 'line': _line}) as place
        from landed where _reason is null and _deleted is null group by all
        """
    )
    connection.execute(
        f"""
        create or replace temporary table repeated as
        select latest.place.delivery as _delivery, count(*) as repeats
        from latest
        inner join raw.raw.{feed.name} as known on known._version = latest._version
            and known._source = (select any_value(_source) from landed)
        group by all
        """
    )
    connection.execute(
        f"""
        delete from raw.raw.{feed.name} using latest
        where {feed.name}._version = latest._version
            and _source = (select any_value(_source) from landed)
        """
    )
    connection.execute(
        f"""
        insert into raw.raw.{feed.name} ({columns}, extra, {", ".join(raw_tables.PLACE)})
        select {typed}, extra, {", ".join(f"landed.{name}" for name in raw_tables.PLACE)}
        from landed
        inner join latest on landed._version = latest._version
            and landed._delivery = latest.place.delivery
            and landed._file = latest.place.file
            and landed._line = latest.place.line
        where _reason is null and _deleted is null
        """
    )


def _refuse_keys_of_others(connection: duckdb.DuckDBPyConnection, feed: Feed, source: str) -> None:
    """Refuse a source that delivers another source's key while not both name where ids belong."""
    others = f"select 1 from raw.raw.{feed.name} where _source != ? limit 1"
    if not connection.execute(others, [source]).fetchone():
        return
    key = [f"coalesce(cast(\"{name}\" as varchar), '')" for name in feed.key]
    found = connection.execute(
        f"""
        select theirs._source, concat_ws(', ', {", ".join(f"theirs.{name}" for name in feed.key)})
        from raw.raw.{feed.name} as theirs
        inner join raw.raw.{feed.name} as ours
            on {" and ".join(f"{_of('theirs', part)} = {_of('ours', part)}" for part in key)}
        where ours._source = ? and theirs._source != ?
            and (ours._ids = '' or theirs._ids = '')
        order by all limit 1
        """,
        [source, source],
    ).fetchone()
    if found:
        raise SourceRefusedError(
            f"Source {source} was left out: its {' / '.join(feed.key)} {found[1]} is also "
            f"delivered by source {found[0]}; say with `ids:` in both sources whose ids they are."
        )


def _of(table: str, part: str) -> str:
    return part.replace('cast("', f'cast({table}."')


def _record(
    connection: duckdb.DuckDBPyConnection, pending: Pending, taken_out: int
) -> dict[str, int]:
    """Write down per delivery how its rows were counted; return the sums of the new ones.

    Args:
        connection: raw.duckdb.
        pending: what is being loaded.
        taken_out: rows of earlier deliveries that these have withdrawn; the newest counts them.
    """
    feed = pending.feed
    read = _count(connection, "landed", "count(*)")
    kept = _count(connection, f"raw.raw.{feed}", "count(*)")
    bad = _count(connection, f"raw.raw.quarantine_{feed}", "count(*)")
    known = _count(connection, "repeated", "sum(repeats)")
    outcomes = [Outcome(delivery, "replaced") for delivery in pending.replaced]
    totals = {"read": 0, "kept": 0, "repeated": 0, "quarantined": 0}
    if pending.to_load:
        known[pending.to_load[-1].key] += taken_out
    for delivery in pending.to_load:
        key = delivery.key
        # Repeats within what is loaded now, and of rows that an earlier delivery had brought.
        repeats = read[key] - kept[key] - bad[key] + known[key]
        outcomes.append(Outcome(delivery, "loaded", repeats, bad[key]))
        for name, count in zip(totals, (read[key], kept[key], repeats, bad[key]), strict=True):
            totals[name] += count
    raw_tables.record(connection, outcomes)
    return totals


def _count(connection: duckdb.DuckDBPyConnection, table: str, measure: str) -> Counter[str]:
    """Count a table's rows per delivery that is being loaded."""
    found = connection.execute(
        f"""
        select _delivery, cast({measure} as bigint) from {table}
        where _delivery in (select distinct _delivery from landed)
        group by _delivery
        """
    )
    return Counter(dict(found.fetchall()))

"""Write the files of the inbox: the same rows always make the same bytes."""

import csv
import gzip
import io
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from examples.nordic_espresso.company import ZONE

Row = Sequence[object]


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    line_end: str = "\n",
) -> None:
    """Write one delimited file, compressed if its name ends in .gz."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode(encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    # gzip would write the hour of its making into the file: two runs would differ.
    path.write_bytes(gzip.compress(content, 6, mtime=0) if path.suffix == ".gz" else content)


def write_parquet(path: Path, schema: pa.Schema, rows: Sequence[Row]) -> None:
    """Write one Parquet file of rows in the order of the schema's columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    arrays = [
        pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)
    ]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path)


def with_repeats(dice: random.Random, rows: Iterable[Row], share: float = 0.003) -> list[Row]:
    """Return the rows, a few of them twice, as exports that overlap deliver them."""
    repeated: list[Row] = []
    for row in rows:
        repeated.append(row)
        if dice.random() < share:
            repeated.append(row)
    return repeated


def with_strays(dice: random.Random, rows: list[Row], strays: Iterable[Row]) -> list[Row]:
    """Return the rows with a few that do not fit among them."""
    mixed = list(rows)
    for stray in strays:
        mixed.insert(dice.randint(0, len(mixed)), stray)
    return mixed


def money(cents: int, decimal: str = ".") -> str:
    """Return cents as an amount: 123456 is 1234.56."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}{decimal}{part:02d}"


def utc(local: datetime) -> str:
    """Return a local time of the company as a moment in UTC."""
    return local.replace(tzinfo=ZONE).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def offset(local: datetime) -> str:
    """Return a local time of the company with its distance from UTC."""
    return local.replace(tzinfo=ZONE).isoformat()


def by_month(rows: Iterable[tuple[date, Row]]) -> dict[str, list[Row]]:
    """Return the rows by the month of the day beside them, `2026-03` for one."""
    months: dict[str, list[Row]] = {}
    for day, row in rows:
        months.setdefault(day.strftime("%Y-%m"), []).append(row)
    return months


def by_quarter(rows: Iterable[tuple[date, Row]]) -> dict[str, list[Row]]:
    """Return the rows by the quarter of the day beside them, `2026-Q1` for one."""
    quarters: dict[str, list[Row]] = {}
    for day, row in rows:
        quarters.setdefault(f"{day.year}-Q{(day.month + 2) // 3}", []).append(row)
    return quarters

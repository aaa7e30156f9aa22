"""Sql slices: which part of a table comes next, by a column that only increases."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

Value = datetime | date | int | Decimal | str
T = TypeVar("T", datetime, date)
UNITS = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
OVERLAP = re.compile(rf"(\d+) ({'|'.join(UNITS)})s?")
DEFAULT_OVERLAP = timedelta(days=1)
DEFAULT_STEPS = 1_000


class UnfitOverlapError(ValueError):
    """The overlap is no distance between two values of the column; the text says what is."""


@dataclass(frozen=True)
class Slice:
    """The rows whose increasing value lies in a range.

    Attributes:
        after: the lower end; None where there is none.
        is_inclusive: whether rows at the lower end belong to it.
        to: the upper end, inclusive; None where there is none.
    """

    after: Value | None
    is_inclusive: bool
    to: Value | None


def parsed_overlap(text: str | int) -> timedelta | int:
    """Return an overlap as business.yml spells it: `2 hours`, `1 day`, or a number of steps.

    Raises:
        ValueError: it is spelt otherwise.
    """
    if isinstance(text, int):
        if text < 0:
            raise ValueError(text)
        return text
    spelt = OVERLAP.fullmatch(text.strip())
    if spelt is None:
        return int(text)
    return timedelta(**{UNITS[spelt[2]]: int(spelt[1])})


def before(value: Value, overlap: timedelta | int | None) -> Value:
    """Return where reading starts again: the overlap before a value.

    Args:
        value: how far it was read.
        overlap: None is a day before a time, and 1,000 before a number.

    Raises:
        UnfitOverlapError: it is a time where the column holds numbers, or the other way round.
    """
    if isinstance(value, str):
        moment = _moment_in(value)
        if moment is None and overlap:
            raise UnfitOverlapError("0, because it holds texts")
        if moment is None:
            return value
        return _spelt_like(value, _earlier(moment, overlap))
    if isinstance(value, date):
        return _earlier(value, overlap)
    if isinstance(overlap, timedelta):
        raise UnfitOverlapError("a number, such as 1000")
    return value - (DEFAULT_STEPS if overlap is None else overlap)


def _earlier(value: T, overlap: timedelta | int | None) -> T:
    if overlap is None:
        return value - DEFAULT_OVERLAP
    if isinstance(overlap, int) and overlap:
        raise UnfitOverlapError("a time, such as 1 day")
    return value - (overlap if isinstance(overlap, timedelta) else timedelta())


def _moment_in(text: str) -> datetime | None:
    """Return the time that a text of SQLite spells, without its zone: texts sort by their start."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _spelt_like(text: str, moment: datetime) -> str:
    return moment.isoformat(sep="T" if "T" in text else " ", timespec="seconds")


def not_ahead(value: Value, now: datetime) -> Value:
    """Return a value, or now where it lies ahead of it: what comes next would never be read."""
    if isinstance(value, datetime):
        return min(value, now if value.tzinfo else now.replace(tzinfo=None))
    if isinstance(value, date):
        return min(value, now.date())
    if isinstance(value, str) and _moment_in(value):
        return min(value, _spelt_like(value, now.replace(tzinfo=None)))
    return value


def now_in(timezone: str) -> datetime:
    """Return the time of now in a zone."""
    return datetime.now(ZoneInfo(timezone))


def as_json(value: Value) -> dict[str, str]:
    """Return a value as a cursor that JSON can hold, exact."""
    kind = type(value).__name__
    return {"kind": kind, "value": value.isoformat() if isinstance(value, date) else str(value)}


def of_json(cursor: dict[str, str]) -> Value | None:
    """Return the value of a cursor; None where it holds none."""
    if not cursor:
        return None
    readers: dict[str, Any] = {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "int": int,
        "Decimal": Decimal,
        "str": str,
    }
    value: Value = readers[cursor["kind"]](cursor["value"])
    return value


def cut(whole: Slice, boundaries: Iterable[Value]) -> Iterator[Slice]:
    """Cut a range at values within it, each the upper end of one slice."""
    after, is_inclusive = whole.after, whole.is_inclusive
    for value in boundaries:
        yield Slice(after, is_inclusive, value)
        after, is_inclusive = value, False
    yield Slice(after, is_inclusive, whole.to)

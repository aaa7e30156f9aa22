"""Values: the vocabulary in which a vendor's mapping says a feed's column; all of it exact.

A value is a path into a record, such as `billing.email`, or a function of the record; the
functions here take paths or values and give values. What is not there is None. Amounts are
decimals from the first byte to the last: JSON numbers are never read as floats.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

Record = Any
Read = Callable[[Record], Any]
Value = str | Read

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = re.compile(r"\[(\w+)=([^\]]*)\]|\[(\d+)\]|([^.\[\]]+)")
# The digits after the point of the currencies that have not two (ISO 4217).
NO_DIGITS = [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
]
THREE_DIGITS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
DIGITS = dict.fromkeys(NO_DIGITS, 0) | dict.fromkeys(THREE_DIGITS, 3)


def at(path: str) -> Read:
    """Read what stands at a path: `a.b`, `lines[0].sku`, `meta[key=_utm_source].value`."""
    steps = [_step(*found.groups()) for found in STEP.finditer(path)]
    if len(steps) == 1:
        return steps[0]

    def read(record: Record) -> Any:
        for step in steps:
            if record is None:
                return None
            record = step(record)
        return record

    return read


def _step(key: str, wanted: str, place: str, name: str) -> Read:
    if name:
        return lambda record: record.get(name) if isinstance(record, dict) else None
    if place:
        number = int(place)
        return lambda items: items[number] if len(items) > number else None
    return lambda items: next((item for item in items if str(item.get(key)) == wanted), None)


def reader(value: Value) -> Read:
    """Return what reads a value: a path is read where it leads."""
    return at(value) if isinstance(value, str) else value


def const(text: str) -> Read:
    """Say the same of every record."""
    return lambda _: text


def first(*values: Value) -> Read:
    """Take the first value that is not empty."""
    reads = [reader(value) for value in values]

    def read(record: Record) -> Any:
        found = (each(record) for each in reads)
        return next((value for value in found if value not in (None, "")), None)

    return read


def utc(value: Value) -> Read:
    """Say of a time without a zone that it is UTC's; one that is no time of day stays."""
    read = reader(value)

    def said(record: Record) -> Any:
        text = read(record)
        is_local = isinstance(text, str) and len(text) > 10 and not _names_zone(text)
        return f"{text}Z" if is_local else text

    return said


def _names_zone(text: str) -> bool:
    return text.endswith(("Z", "z")) or re.search(r"[+-]\d\d:?\d\d$", text) is not None


def epoch(value: Value, per_second: int = 1) -> Read:
    """Read seconds since 1970, or smaller parts of them, as a time in UTC."""
    read = reader(value)

    def said(record: Record) -> Any:
        number = decimal(read(record))
        if number is None:
            return None
        moment = EPOCH + timedelta(microseconds=int(number * 1_000_000 / per_second))
        return moment.isoformat()

    return said


def decimal(said: Any) -> Decimal | None:
    """Return a number as it was written; None of nothing.

    Raises:
        ArithmeticError: it is no number.
    """
    return None if said in (None, "") else Decimal(str(said))


def micros(value: Value) -> Read:
    """Read millionths, as Google counts money."""
    return _scaled(value, lambda _: 6)


def minor(value: Value, currency: Value, digits: Mapping[str, int] = DIGITS) -> Read:
    """Read an amount in a currency's smallest unit: cents of EUR, whole JPY, mils of KWD.

    Args:
        value: the amount.
        currency: its currency.
        digits: the digits after the point of the currencies that have not two, as a vendor counts.
    """
    code = reader(currency)
    return _scaled(value, lambda record: digits.get(str(code(record)).upper(), 2))


def _scaled(value: Value, digits: Callable[[Record], int]) -> Read:
    read = reader(value)

    def said(record: Record) -> Decimal | None:
        number = decimal(read(record))
        return None if number is None else number.scaleb(-digits(record))

    return said


def less(value: Value, *others: Value) -> Read:
    """Take a sum without others; a missing other is 0, a missing sum is missing."""
    read, reads = reader(value), [reader(other) for other in others]

    def said(record: Record) -> Decimal | None:
        number = decimal(read(record))
        if number is None:
            return None
        return number - sum((decimal(each(record)) or Decimal(0) for each in reads), Decimal(0))

    return said


def plus(*values: Value) -> Read:
    """Add values up; a missing one is 0."""
    reads = [reader(value) for value in values]
    return lambda record: sum((decimal(each(record)) or Decimal(0) for each in reads), Decimal(0))


def total(items: Value, value: Value) -> Read:
    """Add a value of each item of a list up; no list is 0."""
    read, each = reader(items), reader(value)
    return lambda record: sum(
        (decimal(each(item)) or Decimal(0) for item in read(record) or ()), Decimal(0)
    )


def positive(value: Value) -> Read:
    """Take a number without its sign."""
    read = reader(value)

    def said(record: Record) -> Decimal | None:
        number = decimal(read(record))
        return None if number is None else abs(number)

    return said


def spelt(value: Any) -> str | None:
    """Return a JSON value as the text that landing keeps."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=spelt)
    return str(value)


def paths_of(values: Iterable[Value]) -> list[str]:
    """Return those values that are plain paths."""
    return [value for value in values if isinstance(value, str)]

"""Sql texts: what a database's values read as texts; exact, and never guessed."""

import json
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00")  # how MySQL says that there is none
AS_THEY_ARE: tuple[set[type], ...] = ({str}, {str, type(None)}, {type(None)}, set())


def column_of_texts(values: Sequence[Any], decimal: str, is_utc: bool) -> pa.Array:
    """Spell a column of Python values.

    Args:
        values: as a database's driver hands them over.
        decimal: the mark before the fraction of a number, as the source spells its own texts.
        is_utc: whether times that name no zone are in UTC, rather than in the source's zone.
    """
    kinds = set(map(type, values))
    if kinds not in AS_THEY_ARE:
        spell = _speller(decimal, is_utc)
        return pa.array([spell(value) for value in values], pa.string())
    texts = pa.array(values, pa.string())
    if is_utc or any(value in ZERO_DATES for value in values):
        return pa.array([None if text in ZERO_DATES else text for text in values], pa.string())
    return texts


def _speller(decimal: str, is_utc: bool) -> Callable[[Any], str | None]:
    def number(text: str) -> str:
        return text if decimal == "." else text.replace(".", decimal)

    def spell(value: Any) -> str | None:  # one return for each type
        match value:
            case None:
                return None
            case str():
                return None if value.startswith(ZERO_DATES[0]) else value
            case bool():
                return "true" if value else "false"
            case int():
                return str(value)
            case Decimal():
                return None if value.is_nan() else number(format(value, "f"))
            case float():
                return None if math.isnan(value) else number(repr(value))
            case datetime():
                zone = "+00:00" if is_utc and value.tzinfo is None else ""
                return value.isoformat(sep=" ") + zone
            case date() | time():
                return value.isoformat()
            case bytes() | bytearray() | memoryview():
                return bytes(value).hex()
            case dict() | list() | tuple():
                return json.dumps(value, ensure_ascii=False, default=str)
        return str(value)

    return spell

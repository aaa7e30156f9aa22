"""Sql texts: what a database's values read as texts; exact, and never guessed."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00")  # how MySQL says that there is none
AS_THEY_ARE: tuple[set[type], ...] = ({str}, {str, type(None)}, {type(None)}, set())


@dataclass(frozen=True)
class Spelling:
    """What a column's values do not say themselves.

    Attributes:
        decimal: the mark before the fraction of a number, as the source spells its own texts.
        is_utc: whether its times are in UTC, rather than in the source's zone.
        is_bits: whether its bytes are the bits of a number.
    """

    decimal: str = "."
    is_utc: bool = False
    is_bits: bool = False


def column_of_texts(values: Sequence[Any], spelling: Spelling) -> pa.Array:
    """Spell a column of Python values, as a database's driver hands them over."""
    if set(map(type, values)) in AS_THEY_ARE:
        texts = pa.array(values, pa.string())
        is_zero = pc.is_in(texts, pa.array(ZERO_DATES))
        return pc.if_else(is_zero, None, texts) if pc.any(is_zero).as_py() else texts
    return pa.array([_spelt(value, spelling) for value in values], pa.string())


def _spelt(value: Any, spelling: Spelling) -> str | None:
    match value:
        case None:
            return None
        case str():
            return None if value in ZERO_DATES else value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return None if value.is_nan() else _marked(format(value, "f"), spelling)
        case float():
            return None if math.isnan(value) else _marked(repr(value), spelling)
        case datetime():
            zone = "+00:00" if spelling.is_utc and value.tzinfo is None else ""
            return value.isoformat(sep=" ") + zone
        case date() | time():
            return value.isoformat()
        case bytes():
            return str(int.from_bytes(value)) if spelling.is_bits else value.hex()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _marked(number: str, spelling: Spelling) -> str:
    return number if spelling.decimal == "." else number.replace(".", spelling.decimal)

"""Compare the oracle's scorecard with the one that the models built."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date
from math import isclose
from typing import Any

import duckdb

from marketing_warehouse.paths import Home
from tests.oracle.definitions import KPIS
from tests.oracle.scorecard import Key, Row

KEY = ("period_grain", "period_start", "kpi", "dimension", "member")
MEASURED = tuple(field.name for field in fields(Row))
FLOATS = ("value", "previous_value", "target", "low", "high")


def rows_of(home: Home, mart: str, columns: Iterable[str]) -> list[tuple[Any, ...]]:
    """Read columns of a mart from a home's candidate."""
    with duckdb.connect(str(home.candidate), read_only=True) as candidate:
        return candidate.execute(f"select {', '.join(columns)} from {mart}").fetchall()


def models_scorecard(home: Home) -> dict[Key, Row]:
    """Read the scorecard of a home's candidate."""
    found = rows_of(home, "kpi.scorecard", (*KEY, *MEASURED))
    return {tuple(cells[: len(KEY)]): Row(*cells[len(KEY) :]) for cells in found}


def differences(
    oracle: Mapping[Key, Row], models: Mapping[Key, Row]
) -> Iterator[tuple[Key, str, object, object]]:
    """Yield where the two differ: key, column, what the oracle says, what the models say.

    A row that only one of them has differs in the column "row".
    """
    common = {key[2] for key in oracle} & {key[2] for key in models}
    for key in sorted(oracle.keys() | models.keys()):
        if key[2] not in common:
            continue
        if key not in oracle or key not in models:
            yield key, "row", oracle.get(key), models.get(key)
            continue
        ours, theirs = asdict(oracle[key]), asdict(models[key])
        for column in MEASURED:
            if not _is_same(column, ours[column], theirs[column]):
                yield key, column, ours[column], theirs[column]


def _is_same(column: str, ours: object, theirs: object) -> bool:
    return is_close(ours, theirs, 1e-12) if column in FLOATS else ours == theirs


def is_close(ours: Any, theirs: Any, absolute: float) -> bool:
    """Say whether two numbers are the same but for what floats leave; None is only itself."""
    if ours is None or theirs is None:
        return ours is theirs
    return isclose(float(ours), float(theirs), rel_tol=1e-9, abs_tol=absolute)


def missing_kpis(models: Mapping[Key, Row]) -> set[str]:
    """Return the KPIs of the dictionary that the models do not have."""
    return set(KPIS) - {key[2] for key in models}


def as_text(found: tuple[Key, str, object, object]) -> str:
    """Write one difference as a line for whoever has to find its cause."""
    (grain, start, kpi, dimension, member), column, ours, theirs = found
    where = f"{kpi} of {dimension}={member} in the {grain} from {date.isoformat(start)}"
    return f"{where}: {column} is {ours} by the dictionary, {theirs} in the models"

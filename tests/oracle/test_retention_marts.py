"""The marts of retention, unit economics and restatements against the oracle, row by row."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isclose

import duckdb
import pytest

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.retention_marts import (
    Mart,
    cohorts_monthly,
    loyalty_monthly,
    restatements,
    unit_economics,
)

# Each mart: its key, and how the oracle works it out.
MARTS: dict[str, tuple[tuple[str, ...], Callable[[Company], Mart]]] = {
    "kpi.restatements": (("calendar_date", "kpi"), restatements),
    "kpi.unit_economics": (("cohort_month", "method"), unit_economics),
    "retention.cohorts_monthly": (("cohort_month", "months_since"), cohorts_monthly),
    "retention.loyalty_monthly": (("month",), loyalty_monthly),
}
OF_THE_LOAD_ITSELF = {"first_published_by", "first_published_at", "moved_by", "moved_at"}


def of_models(home: Home, mart: str, key: tuple[str, ...]) -> Mart:
    """Read a mart of a home's candidate."""
    with duckdb.connect(str(home.candidate), read_only=True) as candidate:
        result = candidate.execute(f"select * from {mart}")
        names = [column[0] for column in result.description or []]
        rows = [dict(zip(names, cells, strict=True)) for cells in result.fetchall()]
    told = set(names) - set(key) - OF_THE_LOAD_ITSELF
    return {
        tuple(row[name] for name in key): {name: row[name] for name in sorted(told)} for row in rows
    }


def differences(oracle: Mart, models: Mart) -> Iterator[str]:
    """Yield where the two differ, a line for each row or column."""
    for key in sorted(oracle.keys() | models.keys(), key=str):
        ours, theirs = oracle.get(key, {}), models.get(key, {})
        if ours.keys() != theirs.keys():
            yield f"{key}: {sorted(ours)} by the dictionary, {sorted(theirs)} in the models"
            continue
        for column in ours:
            if not is_same(ours[column], theirs[column]):
                where = f"{column} of {key}"
                yield f"{where} is {ours[column]} by the dictionary, {theirs[column]} in the models"


def is_same(ours: object, theirs: object) -> bool:
    """Compare exactly, but for what the models compute as floats."""
    if isinstance(ours, Fraction) and isinstance(theirs, float):
        return isclose(float(ours), theirs, rel_tol=1e-12)
    if isinstance(ours, Fraction | int) and isinstance(theirs, Decimal | int):
        return Fraction(ours) == Fraction(theirs)
    return ours is theirs or (isinstance(ours, date | str) and ours == theirs)


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_of_a_random_company_is_the_oracles_row_by_row(
    both: tuple[Company, Home], mart: str
) -> None:
    company, home = both
    key, worked_out = MARTS[mart]

    expected = worked_out(company)
    assert expected
    assert list(differences(expected, of_models(home, mart, key))) == []


@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_of_the_demo_company_is_the_oracles_row_by_row(
    demo: tuple[Company, Home], mart: str
) -> None:
    company, home = demo
    key, worked_out = MARTS[mart]

    expected = worked_out(company)
    assert expected
    assert list(differences(expected, of_models(home, mart, key))) == []

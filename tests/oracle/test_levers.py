"""kpi.levers against the oracle, row by row."""

from collections.abc import Iterator

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.comparison import KEY, is_close, rows_of
from tests.oracle.levers import PRICES, levers
from tests.oracle.scorecard import Key

EXACTLY = ("period_end", "is_mature", "quantity", "conversion_from", "worth_from")
FLOATS = ("value", "conversion", "worth", "price", "money_per_unit")


def different_levers(company: Company, home: Home) -> Iterator[tuple[Key, str, object, object]]:
    """Yield where the two differ: key, column, what the oracle says, what the mart says."""
    oracle = levers(company)
    columns = (*EXACTLY, *FLOATS)
    mart = {
        tuple(cells[: len(KEY)]): dict(zip(columns, cells[len(KEY) :], strict=True))
        for cells in rows_of(home, "kpi.levers", (*KEY, *columns))
    }
    for key in sorted(oracle.keys() | mart.keys()):
        if key not in oracle or key not in mart:
            yield key, "row", oracle.get(key), mart.get(key)
            continue
        ours, theirs = vars(oracle[key]), mart[key]
        for column in columns:
            is_same = (
                ours[column] == theirs[column]
                if column in EXACTLY
                else is_close(ours[column], theirs[column], 1e-9)
            )
            if not is_same:
                yield key, column, ours[column], theirs[column]


def test_levers_of_random_companies_are_the_oracles(both: tuple[Company, Home]) -> None:
    assert rows_of(both[1], "kpi.levers", KEY) != []
    assert list(different_levers(*both)) == []


def test_levers_of_the_demo_company_are_the_oracles(demo: tuple[Company, Home]) -> None:
    assert list(different_levers(*demo)) == []


def test_the_demo_company_has_levers_of_every_price_final_or_not(
    demo: tuple[Company, Home],
) -> None:
    rows = rows_of(demo[1], "kpi.levers", ("kpi", "is_mature"))

    assert {kpi for kpi, _ in rows} == set(PRICES)
    assert {is_mature for _, is_mature in rows} == {True, False}

"""kpi.weak_places against the oracle, row by row."""

from collections.abc import Iterator

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.comparison import KEY, is_close, rows_of
from tests.oracle.scorecard import Key
from tests.oracle.weak_places import weak_places

EXACTLY = ("period_end", "goal_is", "quantity", "rank", "money_at_stake")
FLOATS = ("value", "goal", "gap", "price")


def different_places(company: Company, home: Home) -> Iterator[tuple[Key, str, object, object]]:
    """Yield where the two differ: key, column, what the oracle says, what the mart says."""
    oracle = weak_places(company)
    columns = (*EXACTLY, *FLOATS)
    mart = {
        tuple(cells[: len(KEY)]): dict(zip(columns, cells[len(KEY) :], strict=True))
        for cells in rows_of(home, "kpi.weak_places", (*KEY, *columns))
    }
    for key in sorted(oracle.keys() | mart.keys()):
        if key not in oracle or key not in mart:
            yield key, "row", oracle.get(key), mart.get(key)
            continue
        ours, theirs = vars(oracle[key]), mart[key]
        for column in columns:
            if column in EXACTLY:
                is_same = ours[column] == theirs[column]
            else:
                is_same = is_close(ours[column], theirs[column], 1e-12)
            if not is_same:
                yield key, column, ours[column], theirs[column]


def test_weak_places_of_random_companies_are_the_oracles(both: tuple[Company, Home]) -> None:
    assert rows_of(both[1], "kpi.weak_places", KEY) != []
    assert list(different_places(*both)) == []


def test_weak_places_of_the_demo_company_are_the_oracles(demo: tuple[Company, Home]) -> None:
    assert list(different_places(*demo)) == []


def test_the_companies_have_places_of_every_price(demo: tuple[Company, Home]) -> None:
    found = weak_places(demo[0])

    assert {key[2] for key in found} == {
        "cost_per_lead",
        "filter_pass_rate",
        "ignored_lead_rate",
        "qualified_to_customer_rate",
        "sales_cost_per_customer",
        "retention_cost_per_customer",
        "repeat_rate_90d",
        "profit_per_customer",
    }
    assert {place.goal_is for place in found.values()} == {"target", "benchmark"}


def test_the_weak_place_of_the_demo_company_is_named_first(demo: tuple[Company, Home]) -> None:
    """Its story: good leads wait in Cluj. Early quarters of so small a company hold too few."""
    rows = rows_of(demo[1], "kpi.weak_places", (*KEY, "rank"))
    quarters = {row[1] for row in rows if row[0] == "quarter" and row[1].year == 2026}
    ranks = {
        start: rank
        for grain, start, *place, rank in rows
        if grain == "quarter" and place == ["ignored_lead_rate", "unit", "Cluj"]
    }

    assert len(quarters) == 3
    assert all(ranks[start] <= 2 for start in quarters)

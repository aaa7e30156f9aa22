"""kpi.change_drivers against the oracle, row by row."""

from collections.abc import Iterator

from marketing_warehouse.paths import Home
from tests.oracle.change_drivers import Driver, Place, change_drivers
from tests.oracle.company import Company
from tests.oracle.comparison import is_close, rows_of
from tests.oracle.periods import period_before
from tests.oracle.scorecard import scorecard

COLUMNS = ("position", "before", "after", "amount", "change")
CELL = ("period_grain", "period_start", "dimension", "member")


def different_drivers(company: Company, home: Home) -> Iterator[tuple[Place, str, object, object]]:
    """Yield where the two differ: place, driver, what the oracle says, what the mart says."""
    mart: dict[Place, dict[str, Driver]] = {}
    for *cell, driver, position, before, after, amount, change in rows_of(
        home, "kpi.change_drivers", (*CELL, "driver", *COLUMNS)
    ):
        row = Driver(position, before, after, amount, change)
        mart.setdefault(tuple(cell), {})[driver] = row
    oracle = change_drivers(company)
    for place in sorted(oracle.keys() | mart.keys()):
        ours, theirs = oracle.get(place, {}), mart.get(place, {})
        for driver in sorted(ours.keys() | theirs.keys()):
            if not _is_same(ours.get(driver), theirs.get(driver)):
                yield place, driver, ours.get(driver), theirs.get(driver)


def _is_same(ours: Driver | None, theirs: Driver | None) -> bool:
    return (
        ours is not None
        and theirs is not None
        and (ours.position, ours.amount, ours.change)
        == (theirs.position, theirs.amount, theirs.change)
        and is_close(ours.before, theirs.before, 1e-12)
        and is_close(ours.after, theirs.after, 1e-12)
    )


def test_drivers_of_random_companies_are_the_oracles(both: tuple[Company, Home]) -> None:
    assert rows_of(both[1], "kpi.change_drivers", CELL) != []
    assert list(different_drivers(*both)) == []


def test_drivers_of_the_demo_company_are_the_oracles(demo: tuple[Company, Home]) -> None:
    assert list(different_drivers(*demo)) == []


def test_the_oracles_own_drivers_leave_nothing_over(both: tuple[Company, Home]) -> None:
    company, _ = both
    contributions = scorecard(company, ["contribution"])
    silent = 0
    for (grain, start, *member), drivers in change_drivers(company).items():
        now = contributions.get((grain, start, "contribution", *member))
        before = contributions.get((grain, period_before(grain, start), "contribution", *member))
        change = (now.numerator if now else 0) - (before.numerator if before else 0)
        assert sum(driver.amount for driver in drivers.values()) == change
        assert {driver.change for driver in drivers.values()} == {change}
        silent += now is None
    assert silent > 0

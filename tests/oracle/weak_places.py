"""Weak places: where a KPI misses its goal, and the money that reaching it would have brought."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Period, median
from tests.oracle.definitions import KPIS
from tests.oracle.levers import PRICES, lever_of, value_of
from tests.oracle.money import rounded
from tests.oracle.scorecard import Key, Row, scorecard

PERIODS_OF_A_BENCHMARK = 6


@dataclass(frozen=True)
class WeakPlace:
    """One row of kpi.weak_places, without its key and its sentence."""

    period_end: date
    value: Fraction
    goal: Fraction
    goal_is: str
    gap: Fraction
    quantity: Decimal
    price: Fraction | None
    money_at_stake: Decimal | None
    rank: int = 0


def weak_places(company: Company) -> dict[Key, WeakPlace]:
    """Find the weak places of a company, ranked within their periods."""
    cubes = Cubes(company)
    by_period: dict[Period, list[tuple[Key, WeakPlace]]] = defaultdict(list)
    for key, row, goal, goal_is in _missed_goals(scorecard(company, PRICES)):
        by_period[key[0], key[1]].append((key, _priced(cubes, key, row, goal, goal_is)))
    ranked = {}
    for places in by_period.values():
        for rank, (key, place) in enumerate(sorted(places, key=_order), start=1):
            ranked[key] = WeakPlace(**{**vars(place), "rank": rank})
    return ranked


def _order(named: tuple[Key, WeakPlace]) -> tuple[object, ...]:
    key, place = named
    money = place.money_at_stake
    return money is None, -(money or 0), *key[2:]


def _missed_goals(rows: dict[Key, Row]) -> Iterator[tuple[Key, Row, Fraction, str]]:
    """Yield what misses its target, or without one the median of its six periods before."""
    before: dict[tuple[str, ...], list[Fraction]] = defaultdict(list)
    for key in sorted(rows, key=lambda key: key[1]):
        row, series = rows[key], before[key[0], *key[2:]]
        if key[0] == "day" or not row.is_mature or not row.denominator:
            continue
        value = value_of(row)
        latest = series[-PERIODS_OF_A_BENCHMARK:]
        series.append(value)
        if row.target is not None:
            goal, goal_is = Fraction(row.target), "target"
        elif len(latest) == PERIODS_OF_A_BENCHMARK:
            goal, goal_is = median(latest), "benchmark"
        else:
            continue
        if (value < goal) if KPIS[key[2]].better == "up" else (value > goal):
            yield key, row, goal, goal_is


def _priced(cubes: Cubes, key: Key, row: Row, goal: Fraction, goal_is: str) -> WeakPlace:
    lever = lever_of(cubes, key, row)
    gap, brings = abs(goal - lever.value), lever.money_per_unit
    return WeakPlace(
        period_end=row.period_end,
        value=lever.value,
        goal=goal,
        goal_is=goal_is,
        gap=gap,
        quantity=lever.quantity,
        price=lever.price,
        money_at_stake=None if brings is None else rounded(gap * brings),
    )

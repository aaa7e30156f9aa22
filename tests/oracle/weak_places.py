"""Weak places: where a KPI misses its goal, and the money that reaching it would have brought."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Member, Period, median
from tests.oracle.definitions import KPIS, MATURITY
from tests.oracle.money import rounded
from tests.oracle.periods import period_end
from tests.oracle.scorecard import Key, Row, scorecard

PERIODS_OF_A_BENCHMARK = 6


@dataclass(frozen=True)
class Factor:
    """What one of many is worth or brings: a quotient that rests some days after its period."""

    parts: str
    per: str
    days: int = 0


CONVERSION = Factor("won_qualified_leads", "qualified_leads", MATURITY)
CONVERSION_IN_TIME = Factor("won_leads_called_in_time", "leads_called_in_time", MATURITY)
PROFIT_90D = Factor("profit_90d", "new_customers", 90)
LATER_ORDER = Factor("later_profit", "later_orders")

# What the gap of each KPI is multiplied with: a measure of the period, and factors.
PRICES: dict[str, tuple[str, tuple[Factor, ...]]] = {
    "cost_per_lead": ("leads", ()),
    "filter_pass_rate": ("leads", (CONVERSION, PROFIT_90D)),
    "ignored_lead_rate": ("qualified_leads", (CONVERSION_IN_TIME, PROFIT_90D)),
    "qualified_to_customer_rate": ("qualified_leads", (PROFIT_90D,)),
    "sales_cost_per_customer": ("new_customers", ()),
    "retention_cost_per_customer": ("customer_base", ()),
    "repeat_rate_90d": ("first_orders", (LATER_ORDER,)),
    "profit_per_customer": ("active_customers", ()),
}


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
        value = _value(row)
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


def _value(row: Row) -> Fraction:
    return Fraction(row.numerator or 0) / Fraction(row.denominator or 0)


def _priced(cubes: Cubes, key: Key, row: Row, goal: Fraction, goal_is: str) -> WeakPlace:
    period, member = (key[0], key[1]), (key[3], key[4])
    measure, factors = PRICES[key[2]]
    quantity = cubes.measure(measure, period)[member]
    price: Fraction | None = Fraction(1)
    for factor in factors:
        worth = _latest(cubes, factor, period, member)
        price = None if price is None or worth is None else price * worth
    gap = abs(goal - _value(row))
    return WeakPlace(
        period_end=row.period_end,
        value=_value(row),
        goal=goal,
        goal_is=goal_is,
        gap=gap,
        quantity=rounded(quantity),
        price=price,
        money_at_stake=None if price is None else rounded(gap * quantity * price),
    )


def _latest(cubes: Cubes, factor: Factor, period: Period, member: Member) -> Fraction | None:
    """Return a factor in the latest period, up to this one, in which it rests and has a value."""
    settings = cubes.company.settings
    days = settings.maturity_days if factor.days == MATURITY else factor.days
    same_grain = [one for one in cubes.all_periods() if one[0] == period[0]]
    for earlier in reversed([one for one in same_grain if one[1] <= period[1]]):
        per = cubes.measure(factor.per, earlier).get(member)
        if per and period_end(*earlier) + timedelta(days=days) <= settings.as_of:
            return cubes.measure(factor.parts, earlier).get(member, Fraction(0)) / per
    return None

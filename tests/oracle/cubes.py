"""Add measures up: by grain, period, dimension and member."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from tests.oracle.company import Company
from tests.oracle.definitions import DIMENSIONS
from tests.oracle.measures import CASES, DISTINCT, FLOWS, STOCKS, Event, Flow
from tests.oracle.periods import GRAINS, period_end, period_start, periods

Member = tuple[str, str]  # (dimension, member)
Slice = dict[Member, Fraction]
Period = tuple[str, date]  # (grain, period_start)


class Cubes:
    """Every measure of a company by period and member, computed when asked for."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._flow = cache(self._added_up)
        self._distinct = cache(self._counted_once)
        self._stock = cache(self._standing)
        self.cases = cache(self._listed)

    def measure(self, name: str, period: Period) -> Slice:
        """Return a measure in a period by member."""
        if name in FLOWS:
            return self._flow(name).get(period, {})
        if name in DISTINCT:
            return self._distinct(name).get(period, {})
        return self._stock(name, period)

    def total(self, formula: str, period: Period) -> Slice:
        """Return a sum of signed measures, such as "gross_profit -sales_costs"."""
        total: Slice = defaultdict(Fraction)
        for term in formula.split():
            sign = -1 if term.startswith("-") else 1
            for member, amount in self.measure(term.lstrip("-"), period).items():
                total[member] += sign * amount
        return dict(total)

    def _added_up(self, name: str) -> dict[Period, Slice]:
        daily: dict[tuple[date, Member], Decimal] = defaultdict(Decimal)
        for event in FLOWS[name](self.company):
            for member in _members_of(event):
                daily[event.day, member] += event.amount  # type: ignore[operator]
        sums: dict[tuple[Period, Member], Decimal] = defaultdict(Decimal)
        for (day, member), amount in daily.items():
            for grain in GRAINS:
                sums[(grain, period_start(grain, day)), member] += amount
        return _by_period({place: Fraction(amount) for place, amount in sums.items()})

    def _counted_once(self, name: str) -> dict[Period, Slice]:
        seen: dict[tuple[Period, Member], set[object]] = defaultdict(set)
        for place, visitor in self._placed(DISTINCT[name]):
            seen[place].add(visitor)
        return _by_period({place: Fraction(len(visitors)) for place, visitors in seen.items()})

    def _listed(self, name: str) -> dict[Period, dict[Member, list[Fraction]]]:
        cases: dict[Period, dict[Member, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
        for (period, member), value in self._placed(CASES[name]):
            cases[period][member].append(value)  # type: ignore[arg-type]
        return dict(cases)

    def _standing(self, name: str, period: Period) -> Slice:
        day = min(period_end(*period), self.company.settings.as_of)
        heads = STOCKS[name](self.company, day)
        return {member: Fraction(count) for member, count in heads.items()}

    def _placed(self, flow: Flow) -> list[tuple[tuple[Period, Member], object]]:
        return [
            (((grain, period_start(grain, event.day)), member), event.amount)
            for event in flow(self.company)
            for member in _members_of(event)
            for grain in GRAINS
        ]

    def all_periods(self) -> list[Period]:
        """Return every period from the first counted event to as-of."""
        first, last = self.company.first_day, self.company.settings.as_of
        if first is None:
            return []
        return [(grain, start) for grain in GRAINS for start in periods(grain, first, last)]


def _members_of(event: Event) -> list[Member]:
    named = [(name, event.members[name]) for name in DIMENSIONS if name in event.members]
    return [("all", "all"), *named]


def _by_period(sums: dict[tuple[Period, Member], Fraction]) -> dict[Period, Slice]:
    by_period: dict[Period, Slice] = defaultdict(dict)
    for (period, member), amount in sums.items():
        by_period[period][member] = amount
    return dict(by_period)


def median(values: list[Fraction]) -> Fraction:
    """Return the middle value, or the middle between the two middle ones."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2

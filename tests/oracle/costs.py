"""Share out the process costs: day by day, by what the month brought, to the last cent."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.money import ZERO, rounded
from tests.oracle.reading import TypedRow

UNALLOCATED = "(unallocated)"

Place = tuple[str, str, str]  # method, unit, employee
Named = tuple[str | None, str | None, str | None]
Weights = Mapping[Place, int]


@dataclass(frozen=True)
class Share:
    """What a process cost on one day for one method, unit and employee."""

    cost_date: date
    process: str
    method: str
    unit: str
    employee: str
    amount: Decimal


def spread(amount: Decimal, first: date, last: date) -> list[tuple[date, Decimal]]:
    """Spread an amount evenly over its days; the last day takes the rest."""
    days = (last - first).days + 1
    daily = rounded(Fraction(amount) / days)
    parts = [(first + timedelta(days=number), daily) for number in range(days - 1)]
    return [*parts, (last, amount - daily * (days - 1))]


def share_out(amount: Decimal, named: Named, weights: Weights) -> dict[Place, Decimal]:
    """Share one day's amount over the places that match what it names, by their weights."""
    if None not in named:
        return {tuple(str(name) for name in named): amount}  # type: ignore[dict-item]
    matching = {
        place: weight
        for place, weight in weights.items()
        if weight > 0 and all(name in (None, part) for name, part in zip(named, place, strict=True))
    }
    if not matching:
        method, unit, employee = (name or UNALLOCATED for name in named)
        return {(method, unit, employee): amount}
    total = sum(matching.values())
    shares = {
        place: rounded(Fraction(amount) * weight / total) for place, weight in matching.items()
    }
    largest = min(matching, key=lambda place: (-matching[place], place))
    shares[largest] += amount - sum(shares.values(), ZERO)
    return shares


def cost_shares(
    ledger: Iterable[TypedRow],
    as_of: date,
    weights_of: Callable[[str, date], Weights],
) -> list[Share]:
    """Share out the ledger up to as-of.

    Args:
        ledger: current rows of process_costs.
        as_of: the last day that counts.
        weights_of: the month's weights of a process, by a day of that month.
    """
    daily: dict[tuple[date, str, Named], Decimal] = defaultdict(lambda: ZERO)
    for cost in ledger:
        named = (cost["method"], cost["unit"], cost["employee"])
        for day, amount in spread(cost["_amount"], cost["period_start"], cost["period_end"]):
            if day <= as_of:
                daily[day, cost["process"], named] += amount
    return [
        Share(day, process, *place, amount)
        for (day, process, named), pool in daily.items()
        for place, amount in share_out(pool, named, weights_of(process, day)).items()
    ]

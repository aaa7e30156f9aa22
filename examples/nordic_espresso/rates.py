"""The exchange rate: made-up lei for one euro, on working days only, as a bank publishes them."""

from datetime import date, timedelta
from pathlib import Path

from examples.nordic_espresso.company import Plan
from examples.nordic_espresso.files import write_csv

# The first orders need a rate, even if the company begins on a long weekend.
DAYS_BEFORE = 14
HOLIDAYS = {(1, 1), (5, 1), (12, 25), (12, 26)}


def lei_for_a_euro(plan: Plan) -> dict[date, int]:
    """Return the rate of each working day in ten thousandths of a leu."""
    dice = plan.random("rates")
    rate = 49_650
    rates = {}
    for number in range(-DAYS_BEFORE, plan.days):
        day = plan.start + timedelta(days=number)
        # It creeps upwards and never strays far from its way.
        rate += round(dice.gauss(3 + (49_800 + number * 2 - rate) * 0.02, 70))
        if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS:
            rates[day] = rate
    return rates


class Exchange:
    """Says how many cents in lei an amount in cents of a euro was worth on a day."""

    def __init__(self, rates: dict[date, int]) -> None:
        self._rates = rates

    def lei(self, cents: int, day: date) -> int:
        while day not in self._rates:
            day -= timedelta(days=1)
        return round(cents * self._rates[day] / 10_000)


def write_rates(plan: Plan, inbox: Path, rates: dict[date, int]) -> None:
    """Write the bank's file; on a holiday it says N/A, at weekends nothing."""
    rows = []
    for number in range(-DAYS_BEFORE, plan.days):
        day = plan.start + timedelta(days=number)
        if day in rates:
            rows.append((day.isoformat(), f"{rates[day] / 10_000:.4f}"))
        elif day.weekday() < 5:
            rows.append((day.isoformat(), "N/A"))
    write_csv(inbox / "bank" / "lei_for_a_euro.csv", ("Date", "RON"), rows)

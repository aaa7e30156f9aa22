"""Exact money: rounding half away from zero, and conversion at the last known rate."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

ZERO = Decimal("0.0000")


class NoRateError(LookupError):
    """A currency has no rate on or before a day."""


def rounded(amount: Fraction | Decimal | int) -> Decimal:
    """Round to 4 places, half away from zero."""
    ten_thousandths = Fraction(amount) * 10_000
    size = floor(abs(ten_thousandths) + Fraction(1, 2))
    return Decimal(-size if ten_thousandths < 0 else size).scaleb(-4)


class Rates:
    """The units of each currency for one EUR, by day."""

    def __init__(self, published: Iterable[tuple[str, date, Decimal]]) -> None:
        by_currency: dict[str, dict[date, Decimal]] = defaultdict(dict)
        for currency, day, rate in published:
            by_currency[currency][day] = rate
        self._days = {currency: sorted(rates) for currency, rates in by_currency.items()}
        self._rates = by_currency

    def on(self, currency: str, day: date) -> Decimal:
        """Return the last rate known on or before the day.

        Raises:
            NoRateError: there is none.
        """
        if currency == "EUR":
            return Decimal(1)
        days = self._days.get(currency, [])
        known = bisect_right(days, day)
        if known == 0:
            raise NoRateError(f"{currency} has no rate on or before {day}")
        return self._rates[currency][days[known - 1]]

    def convert(self, amount: Decimal, currency: str, into: str, day: date) -> Decimal:
        """Convert an amount of a day, rounded once.

        Raises:
            NoRateError: one of the two currencies has no rate yet.
        """
        if currency == into:
            return rounded(amount)
        return rounded(
            Fraction(amount) * Fraction(self.on(into, day)) / Fraction(self.on(currency, day))
        )

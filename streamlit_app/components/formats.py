"""Formats: numbers, money, periods and moments as people write them, in one place."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

NO_VALUE = "\u2013"
NARROW = "\u00a0"  # keeps a number and its unit on one line
MINUS = "\u2212"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "BRL": "R$", "INR": "₹", "UAH": "₴"}
BIG = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))

Number = float | int | Decimal


def tile(value: Number | None, unit: str, currency: str) -> str:
    """Write a value with three significant digits: `€18.4k`, `61.3 %`, `1,204`."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    number = float(value)
    sign = MINUS if number < 0 else ""
    size = abs(number)
    if unit == "ratio":
        return f"{sign}{_three_digits(size * 100)}{NARROW}%"
    if unit == "money":
        return f"{sign}{_with_currency(_shortened(size), currency)}"
    if unit == "count":
        return sign + (f"{size:,.0f}" if size < 100_000 else _shortened(size))
    return f"{sign}{_three_digits(size)}{NARROW}{unit}"


def exact(value: Number | None, unit: str, currency: str) -> str:
    """Write a value in full: `€18,412.50`, `61.34 %`, `1,204`."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    sign = MINUS if value < 0 else ""
    size = abs(value)
    if unit == "ratio":
        return f"{sign}{size * 100:,.2f}{NARROW}%"
    if unit == "money":
        return f"{sign}{_with_currency(f'{size:,.2f}', currency)}"
    if unit == "count":
        return f"{sign}{size:,.0f}"
    return f"{sign}{size:,.1f}{NARROW}{unit}"


def change(value: float, before: float, unit: str) -> str:
    """Write how far a value is from the one before, without its direction: `3.1 points`."""
    if unit == "ratio":
        return f"{_three_digits(abs(value - before) * 100, 1)}{NARROW}points"
    if before == 0:
        return "from 0"
    share = abs(value - before) / abs(before)
    if share >= 10:
        return "more than tenfold" if abs(value) > abs(before) else f"{share:,.0f} times"
    return f"{_three_digits(share * 100, 1)}{NARROW}%"


def _with_currency(text: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency)
    if not symbol:
        return f"{text}{NARROW}{currency}"
    words, _, digits = text.rpartition(" ")
    return f"{words} {symbol}{digits}".lstrip()


def _shortened(size: float) -> str:
    for factor, letter in BIG:
        # 999.6 would be written "1,000": it is one of the next size.
        if size >= factor * 0.9995:
            return f"{_three_digits(size / factor)}{letter}"
    return _three_digits(size)


def _three_digits(size: float, most_decimals: int = 2) -> str:
    if size == 0:
        return "0"
    decimals = min(most_decimals, max(0, 2 - math.floor(math.log10(size) + 1e-12)))
    text = f"{size:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return f"under {10**-decimals:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals and size == int(size) else text


# ------------------------------------------------------------------------------ time


def day(moment: date) -> str:
    """Write a day: `31 Oct 2026`."""
    return f"{moment.day} {moment:%b %Y}"


def period(grain: str, start: date) -> str:
    """Name a period as one says it: `October 2026`, `week of 26 Oct 2026`, `Q4 2026`."""
    if grain == "day":
        return day(start)
    if grain == "week":
        return f"week of {day(start)}"
    if grain == "month":
        return f"{start:%B %Y}"
    if grain == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    return str(start.year)


def within(grain: str, start: date) -> str:
    """Say when something was: `on 22 Nov 2026`, `in the week of 16 Nov 2026`, `in October 2026`."""
    words = {"day": "on ", "week": "in the "}
    return words.get(grain, "in ") + period(grain, start)


def previous(grain: str, start: date) -> date:
    """Return the start of the period before."""
    return _moved(grain, start, -1)


def following(grain: str, start: date) -> date:
    """Return the start of the period after."""
    return _moved(grain, start, 1)


def starting(grain: str, within: date) -> date:
    """Return the first day of the period that a day lies in; a week begins on Monday."""
    if grain == "day":
        return within
    if grain == "week":
        return within - timedelta(days=within.weekday())
    if grain == "year":
        return date(within.year, 1, 1)
    month = within.month if grain == "month" else within.month - (within.month - 1) % 3
    return date(within.year, month, 1)


def _moved(grain: str, start: date, by: int) -> date:
    if grain in ("day", "week"):
        return start + by * timedelta(days=1 if grain == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    index = start.year * 12 + start.month - 1 + by * months
    return date(index // 12, index % 12 + 1, 1)


def moment(utc: datetime, timezone: str) -> str:
    """Write a moment in the business's zone; one without a zone is UTC."""
    aware = utc if utc.tzinfo else utc.replace(tzinfo=ZoneInfo("UTC"))
    local = aware.astimezone(ZoneInfo(timezone))
    return f"{day(local)}, {local:%H:%M}"

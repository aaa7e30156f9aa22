"""Formats: numbers, money, periods and moments as people write them, in one place."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from reporting import language
from reporting.language import say, say_n

NO_VALUE = "\u2013"
NARROW = "\u00a0"  # keeps a number and its unit on one line
MINUS = "\u2212"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "BRL": "R$", "INR": "₹", "UAH": "₴"}

Number = float | int | Decimal


def tile(value: Number | None, unit: str, currency: str) -> str:
    """Write a value with three significant digits: `€18.4k`, `61.3 %`, `1,204`, `1.9` times."""
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
        return sign + (_written(size, 0) if size < 100_000 else _shortened(size))
    if unit == "times":
        return f"{sign}{_three_digits(size)}"
    return f"{sign}{_three_digits(size)}{NARROW}{_unit(unit, size)}"


def exact(value: Number | None, unit: str, currency: str) -> str:
    """Write a value in full: `€18,412.50`, `61.34 %`, `1,204`."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    sign = MINUS if value < 0 else ""
    size = -value if value < 0 else value
    if unit == "ratio":
        return f"{sign}{_written(float(size) * 100, 2)}{NARROW}%"
    if unit == "money":
        return f"{sign}{_with_currency(_written(size, 2), currency)}"
    if unit in ("count", "times"):
        return f"{sign}{_written(size, 0 if unit == 'count' else 2)}"
    return f"{sign}{_written(size, 1)}{NARROW}{_unit(unit, float(size))}"


def cell(value: Number | None, unit: str, has_cents: bool) -> str:
    """Write a value for a table's column, whose head says the unit: `18,412`, `61.3 %`."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    if value == 0:
        return f"0{NARROW}%" if unit == "ratio" else "0"
    sign, size = MINUS if value < 0 else "", -value if value < 0 else value
    if unit == "ratio":
        return f"{sign}{_written(float(size) * 100, 1)}{NARROW}%"
    decimals = {"money": 2 if has_cents else 0, "count": 0}.get(unit, 1)
    written = _written(size, decimals)
    return written if written.strip("0.,") == "" else f"{sign}{written}"


def change(value: float, before: float, unit: str) -> str:
    """Write how far a value is from the one before, without its direction: `3.1 points`."""
    if unit == "ratio":
        points = abs(value - before) * 100
        return say("{number} points", number=_three_digits(points, 1)).replace(" ", NARROW)
    if before == 0:
        return say("from 0")
    share = abs(value - before) / abs(before)
    if share >= 10:
        if abs(value) > abs(before):
            return say("more than tenfold")
        return say("{number} times", number=_written(share, 0))
    return f"{_three_digits(share * 100, 1)}{NARROW}%"


def _written(size: Number, decimals: int) -> str:
    """Write a number with the language's signs: `1,204.5`, `1.204,5`."""
    places = f".{'0' * decimals}" if decimals else ""
    return format_decimal(size, format=f"#,##0{places}", locale=language.current())


def unit_name(unit: str) -> str:
    """Name a unit of time as an axis does: `days`."""
    return _unit(unit, 2)


def short_signs() -> tuple[str, str]:
    """Return what stands behind thousands and millions: `k` and `m`."""
    thousand = say("{number}k", number="").replace(" ", NARROW)
    return thousand, say("{number}m", number="").replace(" ", NARROW)


def axis_locale() -> dict[str, dict[str, object]]:
    """Return how the language writes the numbers and dates of a chart's axes, for Vega."""
    spoken = Locale.parse(language.current())
    signs = spoken.number_symbols["latn"]
    months, days = spoken.months["stand-alone"], spoken.days["stand-alone"]
    first_sunday = (6, 0, 1, 2, 3, 4, 5)  # babel's weeks begin with Monday's 0, Vega's on Sunday
    return {
        "number": {
            "decimal": signs["decimal"],
            "thousands": signs["group"],
            "grouping": [3],
            "currency": ["", ""],
        },
        "time": {
            "dateTime": "%x, %X",
            "date": "%d.%m.%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][day] for day in first_sunday],
            "shortDays": [days["abbreviated"][day] for day in first_sunday],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [months["abbreviated"][month].rstrip(".") for month in range(1, 13)],
        },
    }


def _unit(unit: str, size: float) -> str:
    several = int(size) if size == int(size) else 2  # a fraction counts as a few
    words = {
        "days": lambda: say_n("day", "days", several),
        "hours": lambda: say_n("hour", "hours", several),
        "months": lambda: say_n("month", "months", several),
    }
    return words[unit]() if unit in words else unit


def _with_currency(text: str, currency: str) -> str:
    """Put the currency where the language has it: `€18.4k`, `under €0.01`, `18,4 mii €`."""
    symbol = SYMBOLS.get(currency)
    before = Locale.parse(language.current()).currency_formats["standard"].pattern.startswith("¤")
    if not symbol or not before:
        return f"{text}{NARROW}{symbol or currency}"
    words, _, digits = text.rpartition(" ")
    return f"{words} {symbol}{digits}".lstrip()


def _shortened(size: float) -> str:
    """Write a large number short; 999.6 would be written "1,000": it is one of the next size."""
    if size >= 0.9995e9:
        return say("{number}bn", number=_three_digits(size / 1e9)).replace(" ", NARROW)
    if size >= 0.9995e6:
        return say("{number}m", number=_three_digits(size / 1e6)).replace(" ", NARROW)
    if size >= 0.9995e3:
        return say("{number}k", number=_three_digits(size / 1e3)).replace(" ", NARROW)
    return _three_digits(size)


def _three_digits(size: float, most_decimals: int = 2) -> str:
    if size == 0:
        return "0"
    decimals = min(most_decimals, max(0, 2 - math.floor(math.log10(size) + 1e-12)))
    if round(size, decimals) == 0:
        return say("under {number}", number=_written(10**-decimals, decimals))
    if round(size, decimals) == int(round(size, decimals)) and size == int(size):
        decimals = 0
    return _written(size, decimals)


# ------------------------------------------------------------------------------ time


def day(moment: date) -> str:
    """Write a day: `31 Oct 2026`."""
    return format_date(moment, "d MMM y", locale=language.current())


def period(grain: str, start: date) -> str:
    """Name a period as one says it: `October 2026`, `week of 26 Oct 2026`, `Q4 2026`."""
    if grain == "day":
        return day(start)
    if grain == "week":
        return say("week of {day}", day=day(start))
    if grain == "month":
        return format_date(start, "LLLL y", locale=language.current())
    if grain == "quarter":
        return say("Q{number} {year}", number=(start.month + 2) // 3, year=start.year)
    return str(start.year)


def month_mark(start: date) -> str:
    """Name a month where there is little room: `Oct 26`."""
    return format_date(start, "LLL yy", locale=language.current())


def within(grain: str, start: date) -> str:
    """Say when something was: `on 22 Nov 2026`, `in the week of 16 Nov 2026`, `in October 2026`."""
    if grain == "day":
        return say("on {day}", day=day(start))
    if grain == "week":
        return say("in the week of {day}", day=day(start))
    return say("in {period}", period=period(grain, start))


def previous(grain: str, start: date) -> date:
    """Return the start of the period before."""
    return _moved(grain, start, -1)


def following(grain: str, start: date) -> date:
    """Return the start of the period after."""
    return _moved(grain, start, 1)


def a_year_before(grain: str, start: date) -> date:
    """Return the start of the same period of last year; of a week, the Monday 52 weeks before."""
    if grain == "week":
        return start - timedelta(weeks=52)
    is_leap_day = (start.month, start.day) == (2, 29)
    return start.replace(year=start.year - 1, day=28 if is_leap_day else start.day)


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
    return f"{day(local.date())}, {local:%H:%M}"

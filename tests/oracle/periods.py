"""Periods: days, weeks from Monday, months, quarters and years of the business."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

GRAINS = ("day", "week", "month", "quarter", "year")


def period_start(grain: str, day: date) -> date:
    """Return the first day of the period of a grain that holds the day."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1)


def period_end(grain: str, start: date) -> date:
    """Return the last day of the period that starts so, whether it is over or not."""
    if grain == "day":
        return start
    if grain == "week":
        return start + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return plus_months(start, months) - timedelta(days=1)


def plus_months(day: date, months: int) -> date:
    """Add calendar months, clipped at the month's end."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def period_before(grain: str, start: date) -> date:
    """Return the start of the period before."""
    return period_start(grain, start - timedelta(days=1))


def periods(grain: str, first: date, last: date) -> Iterator[date]:
    """Yield the starts of all periods that hold a day from first to last."""
    start = period_start(grain, first)
    while start <= last:
        yield start
        start = period_end(grain, start) + timedelta(days=1)


def month_end(day: date) -> date:
    """Return the last day of the day's month."""
    return period_end("month", day.replace(day=1))

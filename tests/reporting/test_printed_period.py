"""Periods as people write them in a command, and which of them have ended."""

from datetime import date

import pytest

from marketing_warehouse.errors import ConfigError
from reporting.printed.period import Period, latest_ended, read_period


@pytest.mark.parametrize(
    ("text", "grain", "start", "end"),
    [
        ("2026-10-31", "day", date(2026, 10, 31), date(2026, 10, 31)),
        # ISO week 44 of 2026 begins on a Monday, 26 October.
        ("2026-W44", "week", date(2026, 10, 26), date(2026, 11, 1)),
        # 1 January 2027 is a Friday, so it lies in the last week of 2026, the 53rd.
        ("2026-W53", "week", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-10", "month", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-Q4", "quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read_as_it_is_named(text: str, grain: str, start: date, end: date) -> None:
    period = read_period(text)
    assert (period.grain, period.start, period.end) == (grain, start, end)
    assert period.name == text


@pytest.mark.parametrize("text", ["2026q1", " 2026-Q1 ", "2026-q1"])
def test_small_letters_and_spaces_are_forgiven(text: str) -> None:
    assert read_period(text).name == "2026-Q1"


@pytest.mark.parametrize(
    "text", ["", "october", "2026-13", "2026-02-30", "2026-W54", "2025-W53", "2026-Q5", "26-10"]
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ConfigError, match="is no period: write one as 2026-10-31"):
        read_period(text)


@pytest.mark.parametrize(
    ("grain", "as_of", "name"),
    [
        ("month", date(2026, 10, 31), "2026-10"),
        ("month", date(2026, 10, 30), "2026-09"),
        ("week", date(2026, 11, 1), "2026-W44"),
        ("week", date(2026, 10, 31), "2026-W43"),
        ("quarter", date(2027, 1, 1), "2026-Q4"),
        ("year", date(2026, 12, 31), "2026"),
        ("day", date(2026, 12, 31), "2026-12-31"),
    ],
)
def test_the_latest_ended_period_is_one_whose_last_day_is_counted(
    grain: str, as_of: date, name: str
) -> None:
    assert latest_ended(grain, as_of).name == name


def test_a_leap_february_has_29_days() -> None:
    assert Period("month", date(2028, 2, 1)).end == date(2028, 2, 29)

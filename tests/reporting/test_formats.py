"""Numbers and periods are written as people read them."""

from datetime import UTC, date, datetime

import pytest

from reporting import formats


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (18_412.5, "money", "€18.4k"),
        (214.2, "money", "€214"),
        (58.2, "money", "€58.2"),
        (5.344, "money", "€5.34"),
        (0, "money", "€0"),
        (0.004, "money", "under €0.01"),
        (-3_100, "money", "\u2212€3.10k"),
        (999.7, "money", "€1.00k"),
        (999_700, "money", "€1.00m"),
        (2_500_000_000, "money", "€2.50bn"),
        (1204, "count", "1,204"),
        (123_456, "count", "123k"),
        (0.387, "ratio", "38.7 %"),
        (0.61, "ratio", "61 %"),
        (1, "ratio", "100 %"),
        (0, "ratio", "0 %"),
        (12.34, "days", "12.3 days"),
        (1.9, "times", "1.90"),
        (-1.124, "times", "\u22121.12"),
        (None, "money", "\u2013"),
        (float("nan"), "ratio", "\u2013"),
        (float("inf"), "money", "\u2013"),
    ],
)
def test_a_tile_shows_three_digits(value: float | None, unit: str, written: str) -> None:
    assert formats.tile(value, unit, "EUR").replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("value", "unit", "currency", "written"),
    [
        (18_412.5, "money", "EUR", "€18,412.50"),
        (-3.1, "money", "GBP", "\u2212£3.10"),
        (3.1, "money", "RON", "3.10 RON"),
        (1204, "count", "EUR", "1,204"),
        (0.3871, "ratio", "EUR", "38.71 %"),
        (41, "hours", "EUR", "41.0 hours"),
        (1.124, "times", "EUR", "1.12"),
    ],
)
def test_an_exact_number_is_written_in_full(
    value: float, unit: str, currency: str, written: str
) -> None:
    assert formats.exact(value, unit, currency).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("value", "before", "unit", "written"),
    [
        (0.387, 0.356, "ratio", "3.1 points"),
        (104, 100, "count", "4 %"),
        (98, 100, "count", "2 %"),
        (1000.4, 1000, "money", "under 0.1 %"),
        (5, 0, "count", "from 0"),
        (-50, 100, "money", "150 %"),
        (2000, 100, "money", "more than tenfold"),
    ],
)
def test_a_change_is_points_of_a_share_and_percent_of_the_rest(
    value: float, before: float, unit: str, written: str
) -> None:
    assert formats.change(value, before, unit).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("grain", "name", "before", "after"),
    [
        ("day", "1 Jan 2026", date(2025, 12, 31), date(2026, 1, 2)),
        ("week", "week of 1 Jan 2026", date(2025, 12, 25), date(2026, 1, 8)),
        ("month", "January 2026", date(2025, 12, 1), date(2026, 2, 1)),
        ("quarter", "Q1 2026", date(2025, 10, 1), date(2026, 4, 1)),
        ("year", "2026", date(2025, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_has_a_name_and_neighbours(
    grain: str, name: str, before: date, after: date
) -> None:
    start = date(2026, 1, 1)
    assert formats.period(grain, start) == name
    assert formats.previous(grain, start) == before
    assert formats.following(grain, start) == after


@pytest.mark.parametrize(
    ("grain", "said"),
    [
        ("day", "on 1 Jan 2026"),
        ("week", "in the week of 1 Jan 2026"),
        ("month", "in January 2026"),
        ("year", "in 2026"),
    ],
)
def test_a_sentence_says_when_as_one_says_it(grain: str, said: str) -> None:
    assert formats.within(grain, date(2026, 1, 1)) == said


@pytest.mark.parametrize(
    ("grain", "first"),
    [
        ("day", date(2026, 11, 22)),
        ("week", date(2026, 11, 16)),
        ("month", date(2026, 11, 1)),
        ("quarter", date(2026, 10, 1)),
        ("year", date(2026, 1, 1)),
    ],
)
def test_a_day_lies_in_a_period_of_every_grain(grain: str, first: date) -> None:
    sunday = date(2026, 11, 22)
    assert formats.starting(grain, sunday) == first


def test_a_moment_is_written_in_the_business_zone() -> None:
    summer = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    assert formats.moment(summer, "Europe/Bucharest") == "1 Aug 2026, 01:30"
    assert formats.moment(summer.replace(tzinfo=None), "Europe/Bucharest") == "1 Aug 2026, 01:30"

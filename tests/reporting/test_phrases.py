"""What is said of a number, and what every number answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from reporting import phrases
from reporting.facts import facts
from reporting.marts import Report, Value
from reporting.view import View

Write = Callable[..., Value]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("kpi", "now", "before", "said"),
    [
        ("leads", 1204, 1100, "▲ 9.5 %, better"),
        ("leads", 1100, 1204, "▼ 8.6 %, worse"),
        ("cost", 21.0, 18.0, "▲ 16.7 %, worse"),
        ("cost", 18.0, 21.0, "▼ 14.3 %, better"),
        ("rate", 0.387, 0.356, "▲ 3.1 points, better"),
        ("rate", 0.387, 0.387, "= unchanged"),
        ("leads", 12, None, ""),
        ("leads", None, 12, ""),
    ],
)
def test_a_change_is_an_arrow_and_a_word(
    report: Report,
    view: View,
    value: Write,
    kpi: str,
    now: float | None,
    before: float | None,
    said: str,
) -> None:
    shown = value(kpi, value=now, previous_value=before)
    assert plain(phrases.short_change(report, view, shown)) == said


def test_a_change_against_last_year_takes_last_years_value(
    report: Report, view: View, value: Write
) -> None:
    shown = value(value=110, previous_value=100, last_year_value=88)
    against = replace(view, compare="last_year")
    assert (
        plain(phrases.change_line(report, against, shown)) == "▲ 25 %, better than in October 2025"
    )
    assert (
        plain(phrases.change_line(report, view, shown)) == "▲ 10 %, better than in September 2026"
    )


def test_what_still_moves_is_not_called_better_or_worse(
    report: Report, view: View, value: Write
) -> None:
    shown = value("rate", value=0.1, previous_value=0.2, is_mature=False)
    assert plain(phrases.short_change(report, view, shown)) == "before: 20 %"
    # 31 October and 90 days.
    assert phrases.maturity_line(report, shown) == "still moving until 29 Jan 2027"


def test_a_share_says_how_many_of_how_many(report: Report, value: Write) -> None:
    shown = value("rate", value=12 / 31, numerator=12, denominator=31)
    assert phrases.parts_line(report, shown) == "12 of 31 leads"


def test_a_cost_without_its_denominator_still_says_what_was_spent(
    report: Report, view: View, value: Write
) -> None:
    shown = value("cost", numerator=340, denominator=0)
    assert phrases.parts_line(report, shown) == "€340.00 customers / 0 leads"
    answers = {fact.question: fact.answer for fact in facts(report, view, shown)}
    assert answers["How much exactly?"] == "no value: there is nothing to divide by yet"


def test_every_number_answers_what_from_what_final_and_how_sure(
    report: Report, view: View, value: Write
) -> None:
    shown = value(
        "rate",
        value=12 / 31,
        numerator=12,
        denominator=31,
        previous_value=0.4,
        is_mature=False,
        is_small=False,
        low=0.237,
        high=0.562,
        target=0.5,
        status="immature",
    )
    told = [(fact.question, plain(fact.answer)) for fact in facts(report, view, shown)]
    assert told == [
        ("What is this?", "Parts / whole"),
        ("Of what?", "whole business, October 2026"),
        ("How much exactly?", "38.71 %"),
        ("From what?", "12 of 31 leads"),
        ("Against what?", "September 2026: 40.00 %"),
        ("Is it on target?", "target 50 %, not judged yet"),
        ("Is it final?", "still moving until 29 Jan 2027"),
        ("How sure is it?", "95 of 100 times between 23.7 % and 56.2 %"),
    ]


def test_the_same_week_of_last_year_began_52_weeks_before(view: View) -> None:
    week = replace(view, grain="week", start=date(2026, 10, 26), compare="last_year")
    assert week.start_before == date(2025, 10, 27)
    day = replace(view, grain="day", start=date(2028, 2, 29), compare="last_year")
    assert day.start_before == date(2027, 2, 28)

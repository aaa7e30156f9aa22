"""Sentences come in the reader's language, counted as it counts."""

from datetime import date

import pytest

from reporting import formats, language
from reporting.language import say, say_n


@pytest.mark.parametrize(
    ("locale", "spoken"),
    [("ro-RO", "ro"), ("ro", "ro"), ("en-GB", "en"), ("de-DE", "en"), (None, "en"), ("", "en")],
)
def test_a_browser_is_answered_in_its_language_or_else_in_english(
    locale: str | None, spoken: str
) -> None:
    assert language.preferred(locale) == spoken


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zile"),
        (1, "zi"),
        (2, "zile"),
        (19, "zile"),
        (20, "de zile"),
        (100, "de zile"),
        (101, "zile"),
        (119, "zile"),
        (120, "de zile"),
    ],
)
def test_romanian_counts_in_three_forms(number: int, said: str) -> None:
    language.use("ro")
    assert say_n("day", "days", number) == said


def test_a_word_that_is_also_counted_can_stand_alone() -> None:
    language.use("ro")
    assert say("day") == "zi"


def test_a_sentence_without_a_translation_stands_in_english() -> None:
    language.use("ro")
    assert say("Nobody has ever said {what}.", what="this") == "Nobody has ever said this."


def test_numbers_money_and_dates_are_written_as_in_romanian() -> None:
    language.use("ro")
    written = [
        formats.tile(18_412.5, "money", "EUR"),
        formats.exact(18_412.5, "money", "RON"),
        formats.tile(0.387, "ratio", "EUR"),
        formats.tile(41, "hours", "EUR"),
        formats.period("month", date(2026, 10, 1)),
        formats.period("quarter", date(2026, 10, 1)),
        formats.within("week", date(2026, 10, 26)),
    ]
    assert [text.replace("\u00a0", " ") for text in written] == [
        "18,4 mii €",
        "18.412,50 RON",
        "38,7 %",
        "41 de ore",
        "octombrie 2026",
        "T4 2026",
        "în săptămâna din 26 oct. 2026",
    ]

"""Do the suites of retention and of what builds on it catch a bad mart?"""

import duckdb
import pytest

from tests.expectations.tampering import failing_rows, tamper

ONE_AMOUNT = "calendar_date = date '2026-09-15' and kpi = 'revenue'"
MOVED = "times_moved = 1, moved_by = 'x', moved_at = first_published_at"

# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a day's revenue without a cent",
        f"update kpi.restatements set value_now = value_now - 0.01 where {ONE_AMOUNT}",
        "kpi_restatements.values_now_are_those_of_the_feeds",
    ),
    (
        "an amount that adds up to nothing",
        f"update kpi.restatements set kpi = 'customer_base' where {ONE_AMOUNT}",
        "kpi_restatements.values_now_are_those_of_the_feeds",
    ),
    (
        "a day of which nothing is told",
        f"delete from kpi.restatements where {ONE_AMOUNT}",
        "kpi_restatements.every_day_of_the_scorecard_has_its_amounts",
    ),
    (
        "another first value than readers saw",
        f"update kpi.restatements set first_value = first_value + 1 where {ONE_AMOUNT}",
        "kpi_restatements.what_was_published_is_not_forgotten",
    ),
    (
        "a move of a day that did not move",
        f"update kpi.restatements set {MOVED}, reason = 'rows' where {ONE_AMOUNT}",
        "kpi_restatements.what_was_published_is_not_forgotten",
    ),
    (
        "a day that has moved without a reason",
        f"update kpi.restatements set {MOVED}, reason = null where {ONE_AMOUNT}",
        "kpi_restatements.a_move_says_by_whom_when_and_why",
    ),
    (
        "a change of a day that did not move",
        f"update kpi.restatements set change = 1 where {ONE_AMOUNT}",
        "kpi_restatements.a_move_says_by_whom_when_and_why",
    ),
    (
        "a day before as-of without a value",
        f"update kpi.restatements set value_now = null where {ONE_AMOUNT}",
        "kpi_restatements.a_day_has_a_value_up_to_as_of_and_none_after",
    ),
]


@pytest.mark.parametrize(
    ("tampering", "title"),
    [(sql, title) for _, sql, title in TAMPERED],
    ids=[sentence.replace(" ", "_") for sentence, _, _ in TAMPERED],
)
def test_a_tampered_mart_is_caught(
    candidate: duckdb.DuckDBPyConnection, tampering: str, title: str
) -> None:
    tamper(candidate, tampering)

    assert failing_rows(candidate, title) > 0

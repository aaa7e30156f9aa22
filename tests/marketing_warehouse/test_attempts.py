"""The latest load is told as it went: published, incomplete, failed, running or killed."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from marketing_warehouse import journal
from marketing_warehouse.attempts import Attempt, Outcome, last_attempt, last_attempts
from marketing_warehouse.errors import ExpectationsNotMetError, SourceUnavailableError
from marketing_warehouse.paths import Home

THROUGH = date(2026, 10, 31)


def begin(home: Home) -> str:
    return journal.start(home, THROUGH)


def do(home: Home, load_id: str, *steps: str) -> None:
    for name in steps:
        with journal.step(home, load_id, name):
            pass


def fail(home: Home, load_id: str, name: str, error: Exception, source: str | None = None) -> None:
    with pytest.raises(type(error)), journal.step(home, load_id, name, source):
        raise error


def attempt_of(home: Home) -> Attempt:
    attempt = last_attempt(home)
    assert attempt is not None
    return attempt


def test_a_home_without_loads_has_no_attempt(home: Home) -> None:
    assert last_attempt(home) is None


def test_a_load_that_published_says_until_when_it_counted(home: Home) -> None:
    load_id = begin(home)
    do(home, load_id, "plan", "load", "build", "audit", "publish", "conclude")
    attempt = attempt_of(home)
    assert (attempt.load_id, attempt.through) == (load_id, THROUGH)
    assert (attempt.outcome, attempt.is_published) == (Outcome.PUBLISHED, True)
    assert attempt.message == ""


def test_a_failed_audit_is_told_with_its_sentence(home: Home) -> None:
    load_id = begin(home)
    do(home, load_id, "plan", "load", "build")
    fail(home, load_id, "audit", ExpectationsNotMetError("Revenue does not add up."))
    attempt = attempt_of(home)
    assert (attempt.outcome, attempt.is_published) == (Outcome.FAILED, False)
    assert attempt.message == "Revenue does not add up."


def test_the_conclusion_is_not_told_twice(home: Home) -> None:
    load_id = begin(home)
    fail(home, load_id, "build", ExpectationsNotMetError("A model broke."))
    fail(home, load_id, "conclude", ExpectationsNotMetError("The load failed: a model broke."))
    assert attempt_of(home).message == "A model broke."


def test_a_source_left_out_of_a_publication_makes_it_incomplete(home: Home) -> None:
    load_id = begin(home)
    fail(home, load_id, "land", SourceUnavailableError("shop did not answer."), source="shop")
    do(home, load_id, "load", "build", "audit", "publish")
    attempt = attempt_of(home)
    assert (attempt.outcome, attempt.is_published) == (Outcome.INCOMPLETE, True)
    assert [(failure.source, failure.message) for failure in attempt.failures] == [
        ("shop", "shop did not answer.")
    ]


def test_a_load_at_work_is_running_even_when_a_source_was_left_out(home: Home) -> None:
    load_id = begin(home)
    fail(home, load_id, "land", SourceUnavailableError("shop did not answer."), source="shop")
    do(home, load_id, "load")
    with journal.step(home, load_id, "build"):
        attempt = attempt_of(home)
    assert (attempt.outcome, attempt.step) == (Outcome.RUNNING, "build")


def test_a_load_that_went_silent_was_stopped(home: Home) -> None:
    load_id = begin(home)
    long_ago = (datetime.now(UTC) - timedelta(hours=4)).isoformat()
    entry = {"step": "build", "source": None, "started_at": long_ago, "outcome": "running"}
    (home.loads / load_id / "build.json").write_text(json.dumps(entry))
    attempt = attempt_of(home)
    assert (attempt.outcome, attempt.is_published) == (Outcome.STOPPED, False)


def test_only_the_latest_load_counts(home: Home) -> None:
    first = begin(home)
    fail(home, first, "build", ExpectationsNotMetError("A model broke."))
    second = begin(home)
    do(home, second, "publish", "conclude")
    attempt = attempt_of(home)
    assert (attempt.load_id, attempt.outcome) == (second, Outcome.PUBLISHED)


def test_a_load_that_has_written_nothing_yet_is_passed_over(home: Home) -> None:
    first = begin(home)
    do(home, first, "publish", "conclude")
    begin(home)
    assert attempt_of(home).load_id == first


def test_the_latest_loads_are_told_newest_first_with_their_steps(home: Home) -> None:
    first, second, third = begin(home), begin(home), begin(home)
    do(home, first, "plan", "publish", "conclude")
    do(home, second, "plan")
    fail(home, third, "audit", ExpectationsNotMetError("Revenue does not add up."))

    told = last_attempts(home, 2)

    assert [attempt.load_id for attempt in told] == [third, second]
    assert [[step.step for step in attempt.steps] for attempt in told] == [["audit"], ["plan"]]
    assert told[0].steps[0].message == "Revenue does not add up."
    assert told[0].steps[0].seconds is not None

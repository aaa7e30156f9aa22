"""Attempts: what a reader of the marts should know about the latest load."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from marketing_warehouse import journal
from marketing_warehouse.paths import Home

# A load that was killed leaves its step "running" for ever; no step of ours is silent for longer.
LONGEST_SILENCE = timedelta(hours=3)


class Outcome(StrEnum):
    """How a load ended, as a reader of the marts sees it."""

    PUBLISHED = "published"
    INCOMPLETE = "incomplete"  # published, but a source was left out
    FAILED = "failed"  # nothing was published
    RUNNING = "running"
    STOPPED = "stopped"  # it was killed: nobody wrote down an end


@dataclass(frozen=True)
class Failure:
    """A step that failed, and the sentence that says what to do."""

    step: str
    source: str | None
    message: str


@dataclass(frozen=True)
class Attempt:
    """One load, from its journal; the moments are in UTC."""

    load_id: str
    through: date | None
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    is_published: bool
    step: str
    failures: tuple[Failure, ...]
    steps: tuple[journal.Step, ...] = ()

    @property
    def message(self) -> str:
        """Everything that failed, one sentence after the other."""
        return " ".join(failure.message for failure in self.failures if failure.message)


def last_attempt(home: Home) -> Attempt | None:
    """Return how the latest load went, or None if there was none; published or not."""
    return next(_newest_first(home), None)


def last_attempts(home: Home, most: int) -> list[Attempt]:
    """Return how the latest loads went, the newest first; published or not."""
    return list(islice(_newest_first(home), most))


def _newest_first(home: Home) -> Iterator[Attempt]:
    for load_id in reversed(journal.load_ids(home)):
        with contextlib.suppress(FileNotFoundError):
            attempt = _attempt(home, load_id)
            if attempt:
                yield attempt


def _attempt(home: Home, load_id: str) -> Attempt | None:
    steps = journal.read_steps(home, load_id)
    if not steps:
        return None
    failures = tuple(
        Failure(step.step, step.source, step.message) for step in steps if step.outcome == "failed"
    )
    # The conclusion repeats what failed before it; alone, it is all that we have.
    told = tuple(failure for failure in failures if failure.step != "conclude") or failures
    # Two steps may begin in the same millisecond; then the one further down the flow is the latest.
    latest = max(reversed(steps), key=lambda step: step.started_at)
    touched = max(step.ended_at or step.started_at for step in steps)
    is_published = any(step.step == "publish" and step.outcome == "ok" for step in steps)
    has_concluded = any(step.step == "conclude" and step.outcome != "running" for step in steps)
    attempt = Attempt(
        load_id=load_id,
        through=journal.through_of(home, load_id),
        started_at=datetime.fromisoformat(min(step.started_at for step in steps)),
        ended_at=datetime.fromisoformat(touched),
        outcome=Outcome.RUNNING,
        is_published=is_published,
        step=latest.step,
        failures=told,
        steps=tuple(steps),
    )
    return replace(attempt, outcome=_outcome(attempt, has_concluded))


def _outcome(attempt: Attempt, has_concluded: bool) -> Outcome:
    if attempt.is_published:
        return Outcome.INCOMPLETE if attempt.failures else Outcome.PUBLISHED
    if has_concluded:
        return Outcome.FAILED
    if attempt.ended_at and datetime.now(UTC) - attempt.ended_at > LONGEST_SILENCE:
        return Outcome.FAILED if attempt.failures else Outcome.STOPPED
    # Landing of one source may have failed while the rest of the load is still at work.
    if any(failure.step != "land" for failure in attempt.failures):
        return Outcome.FAILED
    return Outcome.RUNNING

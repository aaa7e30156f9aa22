"""Metrics: how loads and publications of businesses stand, in the words of Prometheus.

The format is Prometheus's text format, version 0.0.4: families with a help text and a type, and
samples with labels. Every sample has the label `business`.
"""

import contextlib
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from marketing_warehouse import journal
from marketing_warehouse.attempts import Attempt, Outcome, last_attempt
from marketing_warehouse.audit_record import AuditRecord, read_record
from marketing_warehouse.errors import NotAuditedError, WarehouseError
from marketing_warehouse.paths import Home
from marketing_warehouse.read import Marts

HELP = {
    "warehouse_up": "1 if the state of the business could be read, 0 otherwise.",
    "warehouse_publication_timestamp_seconds": "When the marts that readers see were built.",
    "warehouse_publication_age_seconds": "How long ago the marts that readers see were built.",
    "warehouse_as_of_timestamp_seconds": "The end, in UTC, of the last day that readers see.",
    "warehouse_source_rows": "Rows of a source in the published build, by what became of them.",
    "warehouse_source_fresh_until_timestamp_seconds": "The day of a source's latest event.",
    "warehouse_load_outcome": "1 for how the latest load ended, 0 for the other ways.",
    "warehouse_load_started_timestamp_seconds": "When the latest load began.",
    "warehouse_load_seconds": "How long the latest load took, up to now if it is at work.",
    "warehouse_step_seconds": "How long each step of the latest load took, if it has ended.",
    "warehouse_audit_passed": "1 if the latest load's audit let it be published, 0 if not.",
    "warehouse_audit_findings": "Expectations of the latest audit that were not met.",
}

Labels = dict[str, str]
Sample = tuple[str, Labels, float]


def prometheus_text(homes: Mapping[str, Home], now: datetime | None = None) -> str:
    """Return the figures of businesses.

    A business whose state cannot be read has `warehouse_up` 0, and hides no other.

    Args:
        homes: each business's home, by its name; an empty name is written as the folder's.
        now: the moment from which ages count, by default this one.
    """
    moment = now or datetime.now(UTC)
    families: dict[str, list[str]] = {name: [] for name in HELP}
    for name, home in homes.items():
        business = name or home.path.name
        for family, labels, value in _readable_samples(home, moment):
            families[family].append(_line(family, {"business": business, **labels}, value))
    return "".join(
        f"# HELP {name} {HELP[name]}\n# TYPE {name} gauge\n{''.join(lines)}"
        for name, lines in families.items()
        if lines
    )


def _readable_samples(home: Home, now: datetime) -> list[Sample]:
    try:
        return [("warehouse_up", {}, 1), *_published(home, now), *_latest_load(home, now)]
    except (WarehouseError, duckdb.Error, OSError, ValueError, LookupError, TypeError):
        return [("warehouse_up", {}, 0)]


def _published(home: Home, now: datetime) -> Iterator[Sample]:
    """Yield what the published build says; nothing while nothing is published."""
    if not home.marts.exists():
        return
    with Marts.of(home) as marts:
        (settings,) = marts.query("select built_at, as_of from ops.settings").to_pylist()
        sources = marts.query("select * from ops.sources order by source").to_pylist()
    built_at = settings["built_at"].replace(tzinfo=UTC)
    yield "warehouse_publication_timestamp_seconds", {}, built_at.timestamp()
    yield "warehouse_publication_age_seconds", {}, (now - built_at).total_seconds()
    yield "warehouse_as_of_timestamp_seconds", {}, _end_of(settings["as_of"])
    for source in sources:
        labels = {"source": source["source"], "feed": source["feed"]}
        for state in ("read", "current", "quarantined"):
            rows = source[f"rows_{state}"]
            if rows is not None:
                yield "warehouse_source_rows", {**labels, "state": state}, rows
        if source["fresh_until"] is not None:
            yield (
                "warehouse_source_fresh_until_timestamp_seconds",
                labels,
                _end_of(source["fresh_until"]),
            )


def _end_of(day: Any) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + 24 * 60 * 60


def _latest_load(home: Home, now: datetime) -> Iterator[Sample]:
    attempt = last_attempt(home)
    if attempt is None:
        return
    for outcome in Outcome:
        yield "warehouse_load_outcome", {"outcome": outcome}, float(outcome == attempt.outcome)
    yield "warehouse_load_started_timestamp_seconds", {}, attempt.started_at.timestamp()
    yield "warehouse_load_seconds", {}, _seconds_of(attempt, now)
    for step in journal.read_steps(home, attempt.load_id):
        if step.seconds is not None:
            labels = {"step": step.step, **({"source": step.source} if step.source else {})}
            yield "warehouse_step_seconds", labels, step.seconds
    with contextlib.suppress(NotAuditedError):
        yield from _audited(read_record(home, attempt.load_id))


def _seconds_of(attempt: Attempt, now: datetime) -> float:
    is_at_work = attempt.outcome is Outcome.RUNNING or attempt.ended_at is None
    until = now if is_at_work else attempt.ended_at
    assert until is not None
    return (until - attempt.started_at).total_seconds()


def _audited(record: AuditRecord) -> Iterator[Sample]:
    yield "warehouse_audit_passed", {}, float(record.passed)
    for severity, findings in (("critical", record.blocking), ("warning", record.warnings)):
        yield "warehouse_audit_findings", {"severity": severity}, len(findings)


def _line(family: str, labels: Labels, value: float) -> str:
    said = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
    number = f"{value:.3f}".rstrip("0").rstrip(".") if math.isfinite(value) else "NaN"
    return f"{family}{{{said}}} {number}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")

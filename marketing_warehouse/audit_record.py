"""Audit record: what an audit found, kept beside the home's other audits as one JSON file."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from marketing_warehouse.errors import NotAuditedError
from marketing_warehouse.paths import Home

CHUNK_BYTES = 4 * 1024 * 1024
CRITICAL = "critical"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """What one expectation of one suite came to; `failing_rows` is 0 where it was met."""

    suite: str
    expectation: str
    severity: str
    success: bool
    observed: str
    failing_rows: int
    notes: str
    sql: str

    @property
    def title(self) -> str:
        return f"{self.suite}.{self.expectation}"

    @property
    def blocks(self) -> bool:
        """Say whether readers must not see a candidate with this finding."""
        return self.severity == CRITICAL and not self.success


@dataclass(frozen=True)
class AuditRecord:
    """One audit of one candidate; `mart_rows` is the history that later audits compare with."""

    build_id: str
    passed: bool
    candidate_sha256: str
    as_of: str
    ended_at: str
    results: list[Finding]
    mart_rows: dict[str, int] = field(default_factory=dict)

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.results if finding.blocks]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.results if not finding.success and not finding.blocks]


@dataclass(frozen=True)
class Build:
    """What a file of marts says of itself: which load made it, when, and up to which day."""

    build_id: str
    built_at: str
    as_of: str


def record_file(home: Home, load_id: str) -> Path:
    """Return where the record of a load's audit is kept."""
    return home.audits / f"{load_id}.json"


def write_record(home: Home, record: AuditRecord) -> None:
    """Keep a record, all of it or nothing."""
    home.audits.mkdir(parents=True, exist_ok=True)
    file = record_file(home, record.build_id)
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(json.dumps(asdict(record), indent=1, ensure_ascii=False))
    os.replace(unfinished, file)


def read_record(home: Home, load_id: str) -> AuditRecord:
    """Return the record of a load's audit.

    Raises:
        NotAuditedError: that load was not audited to the end.
    """
    try:
        kept = json.loads(record_file(home, load_id).read_text())
    except FileNotFoundError:
        raise NotAuditedError(
            f"Load {load_id} has no audit that came to its end: run its audit before publishing it."
        ) from None
    return AuditRecord(**{**kept, "results": [Finding(**finding) for finding in kept["results"]]})


def earlier_records(home: Home, load_id: str) -> Iterator[AuditRecord]:
    """Yield the records of the audits before a load's that passed, newest first."""
    ids = (file.stem for file in home.audits.glob("*.json"))
    for earlier in sorted((name for name in ids if name < load_id), reverse=True):
        record = read_record(home, earlier)
        if record.passed:
            yield record


def candidate_sha256(home: Home) -> str:
    """Return the SHA-256 of the candidate, read as a stream.

    Raises:
        NotAuditedError: there is no candidate, or whoever wrote it has not finished.
    """
    if not home.candidate.exists():
        raise NotAuditedError(f"There is no candidate in {home.path}: run the load again.")
    if home.candidate.with_name(f"{home.candidate.name}.wal").exists():
        raise NotAuditedError(
            f"{home.candidate} was not closed by who wrote it: run the load again."
        )
    digest = hashlib.sha256()
    with home.candidate.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def read_build(marts: Path) -> Build:
    """Return what a file of marts says of itself."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        row = connection.execute(
            """
            select build_id, cast(built_at as varchar), cast(as_of as varchar) from ops.settings
            """
        ).fetchone()
    if row is None:
        raise NotAuditedError(f"{marts.name} does not say which load built it: run the load again.")
    return Build(*row)

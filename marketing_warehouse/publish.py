"""Publish: put the candidate that passed its audit before the readers, under a name of its own."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from marketing_warehouse.audit_record import (
    CHUNK_BYTES,
    AuditRecord,
    candidate_sha256,
    read_build,
    read_record,
)
from marketing_warehouse.database import plain_errors, require_space
from marketing_warehouse.errors import NotAuditedError, NothingPublishedError
from marketing_warehouse.journal import load_ids, read_steps, step, through_of, write_lock
from marketing_warehouse.paths import Home

BUILDS_KEPT = 5
LOADS_SHOWN = 100
ROOM_FOR_OPS = 16 * 1024 * 1024
UNFINISHED = ".unfinished"
FILE_MODE = 0o640
FOLDER_MODE = 0o750
PUBLICATION = re.compile(r"marts-(?P<load_id>[^.]+)(?:\.(?P<edition>\d+))?\.duckdb")


@dataclass(frozen=True, order=True)
class Publication:
    """One published file; a load that was built anew gets a further edition, hence a new name."""

    load_id: str
    edition: int = 1

    @property
    def build_id(self) -> str:
        return self.load_id if self.edition == 1 else f"{self.load_id}.{self.edition}"

    @property
    def file_name(self) -> str:
        return f"marts-{self.build_id}.duckdb"


def publish(home: Home, load_id: str) -> None:
    """Put a load's candidate before the readers, if the audit of that very file has passed.

    It can be killed at any instruction and run again; run twice, it changes nothing. Readers that
    hold the file published before keep it open and undisturbed.

    Raises:
        NotAuditedError: the candidate is not the one that passed the audit of this load.
        WarehouseError: the disk is full or another program holds the candidate.
    """
    with step(home, load_id, "publish") as entry, write_lock(home), plain_errors(home.published):
        record = read_record(home, load_id)
        _require_candidate(home, record)
        _sweep_unfinished(home)
        publication = _publication_of(home, load_id)
        if not (home.published / publication.file_name).exists():
            _add(home, publication, record)
        _drop_withdrawn(home, publication)
        _switch(home, publication)
        _drop_old(home)
        entry.details = {"published": publication.file_name, "as_of": record.as_of}
        entry.message = f"Readers now see the marts as of {record.as_of}."


def rollback(home: Home) -> str:
    """Put the build before the current one before the readers again, and return its id.

    The build that is withdrawn stays until the next one is published.

    Raises:
        NothingPublishedError: there is nothing to go back to.
    """
    with write_lock(home), plain_errors(home.published):
        current = current_publication(home)
        if current is None:
            raise NothingPublishedError(
                f"Nothing is published in {home.path} yet: run `warehouse load` first."
            )
        earlier = [publication for publication in publications(home) if publication < current]
        if not earlier:
            raise NothingPublishedError(
                f"There is no build before {current.build_id} to go back to: readers keep it."
            )
        _switch(home, earlier[-1])
        return earlier[-1].build_id


def publications(home: Home) -> list[Publication]:
    """Return the published files of a home, oldest first."""
    if not home.published.is_dir():
        return []
    names = (PUBLICATION.fullmatch(file.name) for file in home.published.iterdir())
    return sorted(_parsed(name) for name in names if name)


def current_publication(home: Home) -> Publication | None:
    """Return what readers see, or None while nothing is published."""
    if not home.marts.is_symlink() or not home.marts.exists():
        return None
    name = PUBLICATION.fullmatch(home.marts.readlink().name)
    return _parsed(name) if name else None


def _parsed(name: re.Match[str]) -> Publication:
    return Publication(name["load_id"], int(name["edition"] or 1))


def _require_candidate(home: Home, record: AuditRecord) -> None:
    if not record.passed:
        rules = ", ".join(finding.title for finding in record.blocking)
        raise NotAuditedError(
            f"Load {record.build_id} failed its audit ({rules}): mend what it found and load again."
        )
    if candidate_sha256(home) != record.candidate_sha256:
        raise NotAuditedError(
            f"The candidate is not the one that the audit of load {record.build_id} has passed: "
            "run the load again, so that what is published is what was audited."
        )


def _publication_of(home: Home, load_id: str) -> Publication:
    """Return the name for a load's candidate: the one it has already, or one never used before."""
    editions = [publication for publication in publications(home) if publication.load_id == load_id]
    built_at = read_build(home.candidate).built_at
    for publication in editions:
        if read_build(home.published / publication.file_name).built_at == built_at:
            return publication
    return Publication(load_id, editions[-1].edition + 1 if editions else 1)


def _add(home: Home, publication: Publication, record: AuditRecord) -> None:
    """Copy the candidate, tell in the copy how it was loaded and audited, and give it its name."""
    home.published.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    require_space(home.published, home.candidate.stat().st_size + ROOM_FOR_OPS)
    target = home.published / publication.file_name
    unfinished = target.with_name(target.name + UNFINISHED)
    _copy(home.candidate, unfinished)
    with contextlib.closing(duckdb.connect(str(unfinished))) as connection:
        _tell_loads(connection, home, record.build_id)
        _tell_audit(connection, record)
        connection.execute("checkpoint")
    _sync(unfinished)
    os.replace(unfinished, target)
    _sync(home.published)


def _copy(source: Path, target: Path) -> None:
    """Copy a file to one that only its owner and group can read."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(handle, "wb") as copy, source.open("rb") as stream:
        shutil.copyfileobj(stream, copy, CHUNK_BYTES)


def _tell_loads(connection: duckdb.DuckDBPyConnection, home: Home, load_id: str) -> None:
    """Write the journal of the loads up to this one into the marts, one row per finished step."""
    connection.execute(
        """
        create schema if not exists ops;
        create or replace table ops.loads (
            load_id varchar, through date, started_at timestamp, step varchar, source varchar,
            seconds double, outcome varchar, message varchar
        );
        comment on table ops.loads is
            'What was done to load the marts: one row per load, step and source, times in UTC.'
        """
    )
    rows = list(_journal_rows(home, load_id))
    if rows:
        connection.executemany(
            """
            insert into ops.loads
            values (?, ?, ?::timestamptz at time zone 'UTC', ?, ?, ?, ?, ?)
            """,
            rows,
        )


def _journal_rows(home: Home, load_id: str) -> Iterator[list[object]]:
    shown = [name for name in load_ids(home) if name <= load_id][-LOADS_SHOWN:]
    for name in shown:
        for entry in read_steps(home, name):
            # This publication itself is still running: nobody can tell yet how it will end.
            if name == load_id and entry.step == "publish":
                continue
            yield [
                name,
                through_of(home, name),
                entry.started_at,
                entry.step,
                entry.source,
                entry.seconds,
                entry.outcome,
                entry.message,
            ]


def _tell_audit(connection: duckdb.DuckDBPyConnection, record: AuditRecord) -> None:
    """Write what the audit found into the marts, one row per expectation."""
    connection.execute(
        """
        create or replace table ops.audits (
            build_id varchar, suite varchar, expectation varchar, severity varchar,
            success boolean, observed varchar, failing_rows bigint, notes varchar
        );
        comment on table ops.audits is
            'What was expected of these marts before they were published: one row per expectation.'
        """
    )
    connection.executemany(
        "insert into ops.audits values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                record.build_id,
                finding.suite,
                finding.expectation,
                finding.severity,
                finding.success,
                finding.observed,
                finding.failing_rows,
                finding.notes,
            ]
            for finding in record.results
        ],
    )


def _switch(home: Home, publication: Publication) -> None:
    """Let the readers' symlink name another publication, from one instant to the next."""
    unfinished = home.marts.with_name(home.marts.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    # Relative, so that a home can be moved or mounted elsewhere.
    unfinished.symlink_to(publication.file_name)
    os.replace(unfinished, home.marts)
    _sync(home.published)


def _sweep_unfinished(home: Home) -> None:
    """Remove what a killed publication has left behind."""
    for file in home.published.glob(f"*{UNFINISHED}*"):
        file.unlink()


def _drop_withdrawn(home: Home, publication: Publication) -> None:
    """Remove the builds that were rolled back: nobody shall come back to them by a rollback."""
    current = current_publication(home)
    if current is None:
        return
    for other in publications(home):
        if current < other != publication:
            (home.published / other.file_name).unlink()


def _drop_old(home: Home) -> None:
    current = current_publication(home)
    for publication in publications(home)[:-BUILDS_KEPT]:
        if publication != current:
            (home.published / publication.file_name).unlink()


def _sync(path: Path) -> None:
    """Make sure that a file or a folder is on the disk before anything is built on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

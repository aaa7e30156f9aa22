"""Audit: let Great Expectations judge the candidate, opened read-only, before readers see it."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from marketing_warehouse.audit_record import (
    AuditRecord,
    Build,
    Finding,
    candidate_sha256,
    earlier_records,
    read_build,
    write_record,
)
from marketing_warehouse.casting import literal
from marketing_warehouse.config import Config
from marketing_warehouse.database import MEMORY_LIMIT, THREADS, plain_errors, require_space
from marketing_warehouse.deliveries import landed_through
from marketing_warehouse.errors import AuditBrokenError, ExpectationsNotMetError, NotAuditedError
from marketing_warehouse.journal import step, through_of, write_lock
from marketing_warehouse.paths import PROJECT, Home
from marketing_warehouse.publish import current_publication

# The expectations lie beside the package, as the dbt project does.
if str(PROJECT) not in sys.path:
    sys.path.append(str(PROJECT))

from expectations import suites
from expectations.data_docs import write_index
from expectations.evaluation import Evaluation, Outcome, evaluating
from expectations.expected import Asked, statements
from expectations.rule import LOADS_COMPARED, Suite
from expectations.self_test import SELF_TEST

RULES_NAMED = 3
AUDITS_KEPT = 100


def audit(home: Home, config: Config, load_id: str) -> None:
    """Judge a load's candidate; what comes out decides whether it may be published.

    The record and the Data Docs are written whether it passes or not; of each broken rule that
    blocks, the failing rows are kept beside the record.

    Raises:
        ExpectationsNotMetError: a critical expectation was not met; readers keep what they have.
        AuditBrokenError: an expectation could not be evaluated, so nothing is known.
        NotAuditedError: there is no candidate of this load.
    """
    with step(home, load_id, "audit") as entry, write_lock(home), plain_errors(home.candidate):
        require_space(home.audits)
        _forget(home, load_id)
        record = _judge(home, config, load_id)
        write_record(home, record)
        _drop_old(home)
        entry.details = {
            "expectations": len(record.results),
            "failed": [finding.title for finding in record.blocking],
            "warnings": [finding.title for finding in record.warnings],
        }
        entry.message = _spoken_warnings(record)
        if not record.passed:
            raise ExpectationsNotMetError(_spoken_failures(home, record))


def _forget(home: Home, load_id: str) -> None:
    """Remove the outcome of an earlier audit of this load: only the last one counts."""
    (home.audits / f"{load_id}.json").unlink(missing_ok=True)
    shutil.rmtree(home.audits / load_id, ignore_errors=True)


def _drop_old(home: Home) -> None:
    """Keep the newest audits: enough to compare the next load with, and to look back."""
    for file in sorted(home.audits.glob("*.json"))[:-AUDITS_KEPT]:
        file.unlink()
        shutil.rmtree(file.with_suffix(""), ignore_errors=True)


def _judge(home: Home, config: Config, load_id: str) -> AuditRecord:
    sha256 = candidate_sha256(home)
    build = read_build(home.candidate)
    if build.build_id != load_id:
        raise NotAuditedError(
            f"The candidate was built by load {build.build_id}, not by {load_id}: "
            f"run the build of {load_id} again."
        )
    with evaluating(home.candidate) as evaluation:
        prepare(evaluation.connection, home, config, build)
        _test_itself(evaluation)
        results = list(_findings(evaluation, home, load_id))
        mart_rows = {suite.mart: _count(evaluation.connection, suite.mart) for suite in suites()}
        _write_data_docs(evaluation, home, build, results)
    return AuditRecord(
        build_id=load_id,
        passed=not any(finding.blocks for finding in results),
        candidate_sha256=sha256,
        as_of=build.as_of,
        ended_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        results=results,
        mart_rows=mart_rows,
    )


def prepare(
    connection: duckdb.DuckDBPyConnection, home: Home, config: Config, build: Build
) -> None:
    """Put what business.yml, the feeds and earlier loads say beside an opened candidate."""
    connection.execute(f"set threads = {THREADS}")
    connection.execute(f"set memory_limit = {literal(MEMORY_LIMIT)}")
    connection.execute("set TimeZone = 'UTC'")
    for name, path in (("raw", home.raw), ("work", home.work)):
        connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
    connection.execute("attach ':memory:' as expected (read_write)")
    asked = Asked(
        load_id=build.build_id,
        as_of=through_of(home, build.build_id).isoformat(),
        currency=config.business.currency,
        timezone=config.business.timezone,
        history_from=config.history_from.isoformat(),
        completed_orders=config.customer_after.completed_orders,
        maturity_days=config.kpi.maturity_days,
        first_contact_hours=config.kpi.first_contact_hours,
        lead_events=config.lead_events,
    )
    for statement in statements(asked):
        connection.execute(statement)
    connection.execute(
        "create table expected.mart_rows (as_of date, mart varchar, mart_rows bigint)"
    )
    history = list(_history(home, build))
    if history:
        connection.executemany("insert into expected.mart_rows values (?, ?, ?)", history)
    connection.execute("create table expected.landed (delivery varchar)")
    landed = [[key] for key in landed_through(home, build.build_id)]
    if landed:
        connection.executemany("insert into expected.landed values (?)", landed)


def _history(home: Home, build: Build) -> Iterator[list[object]]:
    """Yield how many rows the marts had after each of the last loads that passed, one per day."""
    seen = {build.as_of}
    for record in earlier_records(home, build.build_id):
        if record.as_of >= build.as_of or record.as_of in seen:
            continue
        seen.add(record.as_of)
        yield from ([record.as_of, mart, rows] for mart, rows in record.mart_rows.items())
        if len(seen) > LOADS_COMPARED + 1:
            return


def _test_itself(evaluation: Evaluation) -> None:
    """Make sure that what must pass passes and what must fail fails, before trusting the rest.

    Raises:
        AuditBrokenError: one of them did not.
    """
    passes, fails = evaluation.outcomes(SELF_TEST)
    if passes.error or fails.error or passes.failing_rows or not fails.failing_rows:
        raise AuditBrokenError(
            "The audit does not work here: its self-test came out wrong "
            f"({passes.error or fails.error or 'a known outcome was not found'}); run `make setup` "
            "again, and until it works nothing new is published."
        )


def _findings(evaluation: Evaluation, home: Home, load_id: str) -> Iterator[Finding]:
    for suite in suites():
        for outcome in evaluation.outcomes(suite):
            finding = _finding(suite, outcome)
            if finding.blocks:
                _keep_failing_rows(evaluation.connection, home.audits / load_id, finding)
            yield finding


def _finding(suite: Suite, outcome: Outcome) -> Finding:
    rule = outcome.rule
    if outcome.error:
        raise AuditBrokenError(
            f"The expectation {suite.name}.{rule.name} could not be evaluated "
            f"({outcome.error.splitlines()[0]}): mend expectations/{suite.name}.py or the mart; "
            "nothing new is published."
        )
    rows = outcome.failing_rows
    return Finding(
        suite=suite.name,
        expectation=rule.name,
        severity=rule.severity,
        success=rows == 0,
        observed="no such row" if rows == 0 else _counted(rows),
        failing_rows=rows,
        notes=rule.notes,
        sql=suite.sql(rule),
    )


def _keep_failing_rows(
    connection: duckdb.DuckDBPyConnection, folder: Path, finding: Finding
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{finding.title}.parquet"
    connection.execute(f"copy ({finding.sql}) to {literal(str(file))} (format parquet)")


def _count(connection: duckdb.DuckDBPyConnection, mart: str) -> int:
    (rows,) = connection.table(mart).count("*").fetchone() or (0,)
    return int(rows)


def _write_data_docs(
    evaluation: Evaluation, home: Home, build: Build, results: Iterable[Finding]
) -> None:
    """Write the site beside the old one, then take its place: it tells of the last audit only."""
    site = home.data_docs.parent
    unfinished = site.with_name(f"{site.name}.unfinished")
    retired = site.with_name(f"{site.name}.retired")
    for folder in (unfinished, retired):
        shutil.rmtree(folder, ignore_errors=True)
    evaluation.write_data_docs(unfinished)
    unmet: dict[str, list[str]] = {suite.name: [] for suite in suites()}
    for finding in results:
        if not finding.success:
            unmet[finding.suite].append(f"{finding.expectation} ({finding.severity})")
    write_index(unfinished, f"Audit of load {build.build_id} as of {build.as_of}", unmet)
    if site.exists():
        os.replace(site, retired)
    os.replace(unfinished, site)
    shutil.rmtree(retired, ignore_errors=True)


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _spoken_warnings(record: AuditRecord) -> str:
    if not record.warnings:
        return ""
    told = "; ".join(f"{finding.title}: {finding.notes}" for finding in record.warnings)
    return f"Suspicious, though no reason to hold back: {told}"


def _spoken_failures(home: Home, record: AuditRecord) -> str:
    """Say which rules were broken, by how many rows, and what readers see meanwhile."""
    named = ", ".join(
        f"{finding.title} ({_counted(finding.failing_rows)})"
        for finding in record.blocking[:RULES_NAMED]
    )
    more = len(record.blocking) - RULES_NAMED
    if more > 0:
        named += f" and {more} more"
    return (
        f"The marts of load {record.build_id} failed their audit: {named}; {_seen(home)}; look at "
        f"{home.audits / record.build_id} for the rows and at {home.data_docs} for the rules."
    )


def _seen(home: Home) -> str:
    publication = current_publication(home)
    if publication is None:
        return "nothing is published yet, so readers see nothing meanwhile"
    as_of = read_build(home.published / publication.file_name).as_of
    return f"readers keep seeing the marts as of {as_of}"

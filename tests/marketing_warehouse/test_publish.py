"""Publishing: only what was audited, under a new name, whole or not at all."""

import stat
import subprocess
import sys
from collections import namedtuple
from datetime import date
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse import journal
from marketing_warehouse.audit_record import AuditRecord, Finding, candidate_sha256, write_record
from marketing_warehouse.errors import NotAuditedError, NothingPublishedError, WarehouseError
from marketing_warehouse.paths import PROJECT, Home
from marketing_warehouse.publish import publications, publish, rollback

Usage = namedtuple("Usage", "total used free")
FIRST_DAY = date(2026, 10, 1)
FINDING = Finding(
    suite="core_orders",
    expectation="rows_and_amounts_are_the_feeds",
    severity="critical",
    success=True,
    observed="no such row",
    failing_rows=0,
    notes="Orders are missing.",
    sql="select 1",
)


def build_candidate(home: Home, load_id: str, revenue: int) -> None:
    """Write a candidate as a build leaves it: closed, checkpointed, with its settings."""
    home.candidate.unlink(missing_ok=True)
    with duckdb.connect(str(home.candidate)) as connection:
        connection.execute("create schema core; create schema ops")
        connection.execute("create table core.orders as select ? as net_revenue", [revenue])
        connection.execute(
            """
            create table ops.settings as
            select ? as build_id, date '2026-10-31' as as_of,
                cast(current_timestamp as timestamp) as built_at
            """,
            [load_id],
        )
        connection.execute("checkpoint")


def audited(home: Home, load_id: str, passed: bool = True) -> None:
    """Write the record that an audit of the candidate as it is now would leave."""
    record = AuditRecord(
        build_id=load_id,
        passed=passed,
        candidate_sha256=candidate_sha256(home),
        as_of="2026-10-31",
        ended_at="2026-11-01T05:01:00+00:00",
        results=[Finding(**{**vars(FINDING), "success": passed, "failing_rows": int(not passed)})],
    )
    write_record(home, record)


def load_and_publish(home: Home, revenue: int) -> str:
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue)
    audited(home, load_id)
    publish(home, load_id)
    return load_id


def seen(marts: Path) -> int:
    with duckdb.connect(str(marts), read_only=True) as connection:
        (revenue,) = connection.execute("select net_revenue from core.orders").fetchone() or (None,)
    return revenue


def test_what_passed_its_audit_is_what_readers_open(home: Home) -> None:
    load_id = load_and_publish(home, revenue=100)

    assert seen(home.marts) == 100
    assert str(home.marts.readlink()) == f"marts-{load_id}.duckdb"


def test_a_published_file_tells_how_it_was_loaded_and_audited(home: Home) -> None:
    load_id = journal.start(home, FIRST_DAY)
    with journal.step(home, load_id, "land", source="shop"):
        pass
    build_candidate(home, load_id, revenue=100)
    audited(home, load_id)

    publish(home, load_id)

    with duckdb.connect(str(home.marts), read_only=True) as connection:
        loads = connection.execute(
            "select load_id, through, step, source, outcome from ops.loads"
        ).fetchall()
        audits = connection.execute("select * from ops.audits").fetchall()
        uncommented = connection.execute(
            """
            select table_name from duckdb_tables()
            where table_name in ('loads', 'audits') and comment is null
            """
        ).fetchall()
    assert loads == [(load_id, FIRST_DAY, "land", "shop", "ok")]
    assert audits == [
        (
            load_id,
            "core_orders",
            "rows_and_amounts_are_the_feeds",
            "critical",
            True,
            "no such row",
            0,
            "Orders are missing.",
        )
    ]
    assert uncommented == []


def test_a_published_file_is_closed_to_others(home: Home) -> None:
    load_and_publish(home, revenue=100)

    assert stat.S_IMODE(home.marts.stat().st_mode) & 0o007 == 0
    assert stat.S_IMODE(home.published.stat().st_mode) & 0o007 == 0


def test_publishing_twice_changes_nothing(home: Home) -> None:
    load_id = load_and_publish(home, revenue=100)
    before = home.marts.stat()

    publish(home, load_id)

    after = home.marts.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_reader_with_an_open_connection_keeps_the_old_marts(home: Home) -> None:
    load_and_publish(home, revenue=100)
    reader = duckdb.connect(str(home.marts.resolve()), read_only=True)

    load_and_publish(home, revenue=200)

    assert reader.execute("select net_revenue from core.orders").fetchone() == (100,)
    assert seen(home.marts) == 200
    reader.close()


def test_a_load_that_is_built_again_gets_a_name_of_its_own(home: Home) -> None:
    load_id = load_and_publish(home, revenue=100)
    reader = duckdb.connect(str(home.marts.resolve()), read_only=True)
    build_candidate(home, load_id, revenue=101)
    audited(home, load_id)

    publish(home, load_id)

    assert seen(home.marts) == 101
    assert str(home.marts.readlink()) == f"marts-{load_id}.2.duckdb"
    assert reader.execute("select net_revenue from core.orders").fetchone() == (100,)
    reader.close()


def test_a_candidate_without_an_audit_is_refused(home: Home) -> None:
    published = load_and_publish(home, revenue=100)
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue=200)

    with pytest.raises(NotAuditedError, match=f"Load {load_id} has no audit"):
        publish(home, load_id)

    assert seen(home.marts) == 100
    assert [each.load_id for each in publications(home)] == [published]


def test_a_candidate_that_failed_its_audit_is_refused(home: Home) -> None:
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue=200)
    audited(home, load_id, passed=False)

    with pytest.raises(NotAuditedError, match="rows_and_amounts_are_the_feeds"):
        publish(home, load_id)

    assert not home.marts.exists()


def test_a_candidate_that_changed_after_its_audit_is_refused(home: Home) -> None:
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue=200)
    audited(home, load_id)
    with duckdb.connect(str(home.candidate)) as connection:
        connection.execute("update core.orders set net_revenue = 1000000")

    with pytest.raises(NotAuditedError, match="not the one that the audit"):
        publish(home, load_id)

    assert not home.marts.exists()


def test_a_changed_candidate_is_refused_even_where_its_load_is_published(home: Home) -> None:
    load_id = load_and_publish(home, revenue=100)
    with duckdb.connect(str(home.candidate)) as connection:
        connection.execute("update core.orders set net_revenue = 1000000")

    with pytest.raises(NotAuditedError, match="not the one that the audit"):
        publish(home, load_id)

    assert seen(home.marts) == 100


def test_the_audit_of_an_earlier_load_does_not_cover_a_later_candidate(home: Home) -> None:
    earlier = load_and_publish(home, revenue=100)
    later = journal.start(home, FIRST_DAY)
    build_candidate(home, later, revenue=200)

    with pytest.raises(NotAuditedError):
        publish(home, earlier)

    assert seen(home.marts) == 100


def test_a_candidate_that_is_gone_is_one_clear_sentence(home: Home) -> None:
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue=200)
    audited(home, load_id)
    home.candidate.unlink()

    with pytest.raises(NotAuditedError, match="There is no candidate"):
        publish(home, load_id)


def test_the_last_five_builds_stay(home: Home) -> None:
    loads = [load_and_publish(home, revenue=100 + number) for number in range(7)]

    assert [each.load_id for each in publications(home)] == loads[-5:]
    assert seen(home.marts) == 106


def test_a_rollback_goes_back_one_build_at_a_time(home: Home) -> None:
    first, second, _ = [load_and_publish(home, revenue) for revenue in (100, 200, 300)]

    assert rollback(home) == second
    assert seen(home.marts) == 200
    assert rollback(home) == first
    assert seen(home.marts) == 100
    with pytest.raises(NothingPublishedError, match=f"no build before {first}"):
        rollback(home)
    assert seen(home.marts) == 100


def test_a_rollback_of_nothing_says_so(home: Home) -> None:
    with pytest.raises(NothingPublishedError, match="Nothing is published"):
        rollback(home)


def test_a_later_load_publishes_normally_after_a_rollback(home: Home) -> None:
    first, _withdrawn = load_and_publish(home, 100), load_and_publish(home, 200)
    rollback(home)

    third = load_and_publish(home, revenue=300)

    assert seen(home.marts) == 300
    assert [each.load_id for each in publications(home)] == [first, third]
    assert rollback(home) == first


def test_a_withdrawn_load_can_be_published_again_on_purpose(home: Home) -> None:
    load_and_publish(home, revenue=100)
    withdrawn = load_and_publish(home, revenue=200)
    rollback(home)

    publish(home, withdrawn)

    assert seen(home.marts) == 200


def test_a_home_that_moves_keeps_its_publication(home: Home, tmp_path: Path) -> None:
    load_and_publish(home, revenue=100)

    home.path.rename(tmp_path / "elsewhere")

    assert seen(tmp_path / "elsewhere" / "published" / "marts.duckdb") == 100


def test_a_full_disk_is_one_clear_sentence_and_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_and_publish(home, revenue=100)
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue=200)
    audited(home, load_id)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: Usage(10**9, 10**9 - 2**20, 2**20))

    with pytest.raises(WarehouseError, match="has 1 MiB free and this step needs"):
        publish(home, load_id)

    assert seen(home.marts) == 100
    assert list(home.published.glob("*.unfinished*")) == []


# Publishes over and over from the same beginning, and dies a little later each time: first at the
# first, second, ... call that touches a file, then at moments within what DuckDB does by itself.
PUBLISH_AND_DIE = """
import os, signal, sys
import duckdb
from marketing_warehouse.paths import Home
from marketing_warehouse.publish import publish

home, load_id, first = Home(sys.argv[1]), sys.argv[2], sys.argv[3]

def die_at_call(number):
    calls = []
    def count(event, arguments):
        touched = event in ("open", "os.rename", "os.remove", "os.symlink")
        if touched and any(str(home.published) in str(argument) for argument in arguments):
            calls.append(event)
            if len(calls) == number:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)

def die_after(milliseconds):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000)

def in_child(work, *arguments):
    child = os.fork()
    if child == 0:
        work(*arguments)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def attempt(die, when):
    die(when)
    publish(home, load_id)

def check():
    with duckdb.connect(str(home.marts), read_only=True) as connection:
        if connection.execute("select net_revenue from core.orders").fetchone() not in [(1,), (2,)]:
            os._exit(1)

def begin_again():
    (home.published / f"marts-{load_id}.duckdb").unlink(missing_ok=True)
    home.marts.unlink()
    home.marts.symlink_to(first)

deaths = 0
for die, moments in ((die_at_call, range(1, 1000)), (die_after, range(20, 320, 60))):
    for moment in moments:
        begin_again()
        died = in_child(attempt, die, moment)
        if in_child(check) != 0:
            sys.exit(f"readers were harmed by a death at {moment}")
        if died == 0:
            break
        deaths += 1
print(deaths)
"""


def test_a_publication_killed_at_any_point_leaves_readers_unharmed(home: Home) -> None:
    load_and_publish(home, revenue=1)
    first = str(home.marts.readlink())
    load_id = journal.start(home, FIRST_DAY)
    build_candidate(home, load_id, revenue=2)
    audited(home, load_id)

    done = subprocess.run(
        [sys.executable, "-c", PUBLISH_AND_DIE, str(home.path), load_id, first],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 8
    publish(home, load_id)
    assert seen(home.marts) == 2
    assert list(home.published.glob("*.unfinished*")) == []
    assert len(publications(home)) == 2

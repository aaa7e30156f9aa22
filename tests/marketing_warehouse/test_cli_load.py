"""`warehouse load` for real: a small business through Airflow to its published marts and back."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse import journal
from marketing_warehouse.paths import Home, environment_for_child

BUSINESS = """\
business: {name: Mini, currency: EUR, timezone: Europe/Bucharest, country: RO}
sources:
  - {name: shop, feed: orders, connector: csv, path: inbox/orders.csv}
  - {name: crm, feed: leads, connector: csv, path: inbox/leads.csv}
"""
ORDERS = """\
order_id,ordered_at,status,currency,gross_amount,email
1,2026-01-10 10:00:00,completed,EUR,100.00,ana@example.com
2,2026-01-20 10:00:00,completed,EUR,50.50,ana@example.com
3,2026-01-21 10:00:00,completed,EUR,20.00,dan@example.com
"""
LEADS = """\
lead_id,created_at,lead_event,method,email
1,2026-01-05 09:00:00,web_form,social,ana@example.com
2,2026-01-06 09:00:00,web_form,social,dan@example.com
"""
THROUGH = "2026-01-31"
Said = subprocess.CompletedProcess[str]

pytestmark = pytest.mark.timeout(600)


def warehouse(*arguments: str) -> Said:
    return subprocess.run(
        [sys.executable, "-m", "marketing_warehouse", *arguments],
        env=environment_for_child({}),
        capture_output=True,
        text=True,
        check=False,
    )


def load(home: Home, through: str = THROUGH) -> Said:
    return warehouse("load", "--home", str(home.path), "--through", through)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small business, loaded once for all tests of this file."""
    home = Home(tmp_path_factory.mktemp("business") / "home")
    warehouse("init", str(home.path))
    home.business_yml.write_text(BUSINESS)
    (home.inbox / "orders.csv").write_text(ORDERS)
    (home.inbox / "leads.csv").write_text(LEADS)
    said = load(home)
    assert said.returncode == 0, said.stderr
    assert f"Mini through {THROUGH}" in said.stdout
    return home


@pytest.fixture
def business(loaded: Home, tmp_path: Path) -> Home:
    """A loaded business of the test's own."""
    home = Home(tmp_path / "home")
    shutil.copytree(loaded.path, home.path, symlinks=True)
    return home


def published(home: Home) -> tuple[str, int]:
    """Return what readers see: the build, and how many orders it holds."""
    file = home.marts.resolve(strict=True)
    with duckdb.connect(str(file), read_only=True) as marts:
        row = marts.execute("select count(*) from core.orders").fetchone()
    assert row
    return file.name, row[0]


def last_lines(said: Said) -> list[str]:
    assert "Traceback" not in said.stderr
    return [line for line in said.stderr.splitlines() if line.startswith("warehouse: ")]


def test_a_load_publishes_what_was_in_the_inbox(loaded: Home) -> None:
    """100.00 + 50.50 + 20.00 of three completed orders of two people."""
    said = warehouse(
        "sql",
        "select count(*) as orders, sum(gross_amount) as gross from core.orders",
        "--home",
        str(loaded.path),
        "--format",
        "json",
    )
    assert json.loads(said.stdout) == [{"orders": 3, "gross": 170.5}]


def test_every_step_is_told_and_in_the_journal(loaded: Home) -> None:
    (load_id,) = journal.load_ids(loaded)
    steps = journal.read_steps(loaded, load_id)
    assert [(step.step, step.source) for step in steps] == [
        ("plan", None),
        ("land", "crm"),
        ("land", "shop"),
        ("load", None),
        ("build", None),
        ("audit", None),
        ("publish", None),
        ("conclude", None),
    ]
    assert {step.outcome for step in steps} == {"ok"}


def test_status_says_what_is_published_and_how_fresh_each_source_is(loaded: Home) -> None:
    said = warehouse("status", "--home", str(loaded.path)).stdout
    assert f"data as of {THROUGH}" in said
    assert "published and complete" in said
    rows = [line.split() for line in said.splitlines() if line.startswith(("shop", "crm"))]
    assert rows == [
        ["crm", "leads", "2026-01-06", "2", "0"],
        ["shop", "orders", "2026-01-21", "3", "0"],
    ]


@pytest.mark.parametrize(
    "query", ["drop table core.orders", "select * from read_csv('/etc/passwd')", "selct 1", ""]
)
def test_a_query_that_is_no_reading_is_refused(loaded: Home, query: str) -> None:
    said = warehouse("sql", query, "--home", str(loaded.path))
    assert (said.returncode, said.stdout) == (2, "")
    assert len(last_lines(said)) == 1


def test_a_plain_address_is_nowhere_in_the_home(loaded: Home) -> None:
    """Addresses come from the inbox and must not get any further, not even into a log."""
    outside = [
        file
        for file in loaded.path.rglob("*")
        if file.is_file() and loaded.inbox not in file.parents
    ]
    assert len(outside) > 20
    assert [file for file in outside if b"ana@example.com" in file.read_bytes()] == []


def test_a_source_that_is_missing_is_named_and_the_rest_is_published(business: Home) -> None:
    (business.inbox / "leads.csv").unlink()
    with (business.inbox / "orders.csv").open("a") as file:
        file.write("4,2026-01-22 10:00:00,completed,EUR,5.00,eva@example.com\n")
    said = load(business)
    assert said.returncode == 3, said.stderr
    (sentence,) = last_lines(said)
    assert "without the news of crm" in sentence
    assert published(business)[1] == 4
    status = warehouse("status", "--home", str(business.path)).stdout
    assert "published, but a source was left out" in status

    went_back = warehouse("rollback", "--home", str(business.path))
    assert went_back.returncode == 0, went_back.stderr
    assert published(business)[1] == 3


def test_a_load_that_is_stopped_leaves_the_marts_and_no_process_behind(business: Home) -> None:
    before = published(business)
    known = set(journal.load_ids(business))
    process = subprocess.Popen(
        [sys.executable, "-m", "marketing_warehouse", "load", "--home", str(business.path)],
        env=environment_for_child({}),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_ctrl_c,
    )
    deadline = time.monotonic() + 240
    while set(journal.load_ids(business)) == known and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130, said
    assert said.splitlines()[-1].startswith("warehouse: Stopped")
    assert published(business) == before
    assert [home for home in homes_at_work() if home == str(business.path)] == []
    # The lock went with the processes: whoever tries again is not told that somebody is at work.
    with journal.load_lock(business):
        pass


def _hear_ctrl_c() -> None:
    """Undo what a shell does to a job in the background, where the tests themselves may run."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def homes_at_work() -> list[str]:
    """Return the homes that running processes were given."""
    homes = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                settings = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            homes += [
                line.partition("=")[2] for line in settings if line.startswith("WAREHOUSE_HOME=")
            ]
    return homes


def test_a_day_before_the_first_event_publishes_nothing_and_says_why(business: Home) -> None:
    before = published(business)
    said = load(business, through="2025-06-30")
    assert said.returncode == 1, said.stderr
    assert len(last_lines(said)) == 1
    assert "the first event is of 2026-01-05" in last_lines(said)[0]
    assert published(business) == before

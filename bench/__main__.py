"""`make bench`: what a load costs, beside one plain pass over the same files."""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from bench import chains, database, report
from bench.company import Size, make
from bench.measure import Cost, measure
from marketing_warehouse import journal
from marketing_warehouse.paths import PROJECT, Home, environment_for_child
from tests.servers import databases
from tests.servers.processes import NoServerError

MIB = 1024 * 1024
LAST_DAY = "2026-10-31"
IDENTITY_MODELS = (
    "int_identified_records",
    "int_shared_identifiers",
    "int_identity_links",
    "int_identities",
    "int_record_persons",
)


def main() -> None:
    """Make the companies, load them, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--home", type=Path, default=PROJECT / "bench_home")
    parser.add_argument(
        "--only", choices=["demo", "large", "chains", "database", "report"], help="one of them"
    )
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--leads", type=int, default=300_000)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the company of chains")
    parser.add_argument("--table-rows", type=int, default=10_000_000, help="of the database")
    given = parser.parse_args()
    shutil.rmtree(given.home, ignore_errors=True)
    if given.only in (None, "demo"):
        _bench_demo(Home(given.home / "demo"))
    if given.only in (None, "large"):
        _bench_large(Home(given.home / "large"), Size(given.orders, given.leads))
    if given.only in (None, "report"):
        _bench_report(Home(given.home / "large"), Size(given.orders, given.leads))
    if given.only in (None, "chains"):
        _bench_chains(Home(given.home / "chains"), given.rows)
    if given.only in (None, "database"):
        _bench_database(Home(given.home / "database"), given.table_rows)


def _bench_demo(home: Home) -> None:
    """Load the demo company twice: its first day, and a day on which nothing is new."""
    _say("Making the demo company")
    subprocess.run(
        [sys.executable, "-m", "examples.nordic_espresso", str(home.path)],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for ordinal, name in enumerate(("first load", "load of the next day")):
        cost = _load(home, f"the demo company, {name}")
        _print_load(f"demo company, {name}", home, cost, ordinal)


def _bench_large(home: Home, size: Size) -> None:
    """Load a large company once, and pass over the same files with nothing but DuckDB."""
    name = f"{size.orders:,} orders, {size.leads:,} leads"
    _say(f"Making a company of {name}")
    make(home.path, size)
    cost = _load(home, f"the company of {name}", "--through", LAST_DAY)
    plain = _plain_pass(home)
    _print_load(name, home, cost, 0)
    print(f"{'one plain pass over the same files':<44}{plain:9.1f}")
    print(f"{'ratio of the load to the plain pass':<44}{cost.seconds / plain:9.1f}")


def _bench_report(home: Home, size: Size) -> None:
    """Visit the report of the large company, which is loaded first where it is not there yet."""
    name = f"{size.orders:,} orders, {size.leads:,} leads"
    if not home.marts.exists():
        make(home.path, size)
        _load(home, f"the company of {name}", "--through", LAST_DAY)
    _say(f"Visiting the report of {name}")
    report.bench(home)


def _bench_chains(home: Home, rows: int) -> None:
    """Load a company whose rows match in chains, and tell what finding its people took."""
    name = f"{rows:,} rows in chains of up to {chains.LONGEST_CHAIN}"
    _say(f"Making {name}")
    people = chains.make(home.path, rows)
    cost = _load(home, name, "--through", LAST_DAY)
    _print_load(name, home, cost, 0)
    results = json.loads((home.dbt_target / "run_results.json").read_text())["results"]
    seconds = {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}
    for model in IDENTITY_MODELS:
        print(f"  {model:<42}{seconds[model]:9.1f}")
    together = sum(seconds[model] for model in IDENTITY_MODELS)
    print(f"{'finding the people: all five':<44}{together:9.1f}")
    with duckdb.connect(str(home.path / "published" / "marts.duckdb"), read_only=True) as marts:
        found = marts.execute(
            "select count(distinct person_key) from "
            "(select person_key from core.leads union all select person_key from core.orders)"
        ).fetchone()
    print(f"{'people found':<44}{found[0]:9,}\n{'people there are':<44}{people:9,}")


def _bench_database(home: Home, rows: int) -> None:
    """Land a table of PostgreSQL, and tell how fast and in how much memory."""
    name = f"a table of {rows:,} rows in PostgreSQL"
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(databases.postgresql())
        except NoServerError as error:
            _say(f"{name}: {error}")
            return
        _say(f"Making {name}")
        database.make(server, home, rows)
        _say(f"Landing {name}")
        command = [sys.executable, "-m", "bench.database", str(home.path)]
        cost = measure(command, environment_for_child(database.LOGIN))
    if cost.exit_code:
        sys.exit(f"bench: the landing of {name} ended with {cost.exit_code}; {home.loads}.")
    (load_id,) = journal.load_ids(home)
    seconds = sum(step.seconds or 0.0 for step in journal.read_steps(home, load_id))
    print(f"\n{'':<44}{'seconds':>9}{'MiB':>8}")
    print(f"{'landing ' + name:<44}{seconds:9.1f}{cost.peak_bytes / MIB:8.0f}")
    print(f"{'rows a second':<44}{rows / seconds:9,.0f}")


def _load(home: Home, name: str, *options: str) -> Cost:
    """Load a home by the command line and return what it cost."""
    _say(f"Loading {name}")
    home.create_hash_key()
    command = [sys.executable, "-m", "marketing_warehouse", "load", "--home", str(home.path)]
    cost = measure([*command, *options], environment_for_child({}))
    if cost.exit_code:
        sys.exit(f"bench: the load of {name} ended with {cost.exit_code}; {home.logs} says why.")
    return cost


def _print_load(name: str, home: Home, cost: Cost, ordinal: int) -> None:
    print(f"\n{'':<44}{'seconds':>9}{'MiB':>8}")
    print(f"{name:<44}{cost.seconds:9.1f}{cost.peak_bytes / MIB:8.0f}")
    steps = journal.read_steps(home, journal.load_ids(home)[ordinal])
    told = 0.0
    for step in dict.fromkeys(step.step for step in steps):
        seconds = sum(entry.seconds or 0.0 for entry in steps if entry.step == step)
        told += seconds
        print(f"  {step:<42}{seconds:9.1f}")
    print(f"  {'Airflow, and between the steps':<42}{cost.seconds - told:9.1f}")


def _plain_pass(home: Home) -> float:
    """Read the large feeds with DuckDB, write one table, and return the seconds it took."""
    began = time.monotonic()
    with duckdb.connect(str(home.path / "plain.duckdb")) as connection:
        connection.execute("set threads = 2")
        connection.execute(
            f"""
            create table pass as
            select email, ordered_at as happened_at, gross_amount as amount
            from read_csv('{home.inbox}/orders.csv')
            union all
            select email, created_at, null
            from read_csv('{home.inbox}/leads.csv')
            """
        )
    return time.monotonic() - began


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

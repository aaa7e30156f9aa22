"""Run the DAG of a home once, in a process and with an Airflow of its own, and follow it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from marketing_warehouse import journal
from marketing_warehouse.cli.progress import Progress
from marketing_warehouse.conclude import conclude, is_published
from marketing_warehouse.errors import IncompleteLoadError, WarehouseError
from marketing_warehouse.journal import Step
from marketing_warehouse.paths import HOME_VARIABLE, PROJECT, Home, environment_for_child

RUN_ONCE = PROJECT / "dags" / "run_once.py"
POLL_SECONDS = 0.2
PATIENCE_SECONDS = 10
LOGS_KEPT = 30


def run_dag(home: Home, through: date) -> str:
    """Load a home once through its DAG, telling every step as it ends; return the load's id.

    Raises:
        BusyError: another load is running.
        IncompleteLoadError: the marts were published, but a source was left out.
        WarehouseError: nothing was published.
    """
    known = set(journal.load_ids(home))
    home.airflow.mkdir(mode=0o700, exist_ok=True)
    log = _new_log(home)
    with journal.load_lock(home) as lock, log.open("wb") as output:
        command = [sys.executable, str(RUN_ONCE), through.isoformat()]
        process = subprocess.Popen(
            command,
            env=environment_for_child(airflow_settings(home)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),  # so that the home stays locked while the child lives
            start_new_session=True,  # so that Ctrl-C reaches it through us, once
        )
        load_id = _follow(home, process, known)
        return _outcome(home, load_id, log)


def airflow_settings(home: Home) -> dict[str, str]:
    """Return what the Airflow inside a home is told, so that it contends with no other."""
    return {
        HOME_VARIABLE: str(home.path),
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(RUN_ONCE.parent),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.airflow / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home.logs / "airflow"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def _new_log(home: Home) -> Path:
    """Return the name of a new log, and drop the oldest ones."""
    home.logs.mkdir(parents=True, exist_ok=True)
    logs = sorted(home.logs.glob("load-*.log"))
    for old in logs[: -LOGS_KEPT + 1]:
        old.unlink(missing_ok=True)
    return home.logs / f"load-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.log"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let no child outlive the command: what stops us stops it and what it has started."""
    if process.poll() is not None:
        return
    for patient in (signal.SIGINT, signal.SIGTERM):
        signal.signal(patient, signal.SIG_IGN)  # a second Ctrl-C must not leave it behind
    for last_word in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, last_word)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)


def _follow(home: Home, process: subprocess.Popen[bytes], known: set[str]) -> str | None:
    """Tell each step of the load that the process begins, until the process ends."""
    progress = Progress()
    progress.say("Starting Airflow ...")
    load_id: str | None = None
    is_running = True
    try:
        while is_running:
            is_running = process.poll() is None
            load_id = load_id or max(set(journal.load_ids(home)) - known, default=None)
            if load_id:
                progress.show(journal.read_steps(home, load_id))
            if is_running:
                time.sleep(POLL_SECONDS)
    finally:
        _end(process)
    return load_id


def _outcome(home: Home, load_id: str | None, log: Path) -> str:
    """Return the id of a load that published everything, or raise what its journal says."""
    if load_id is None:
        raise WarehouseError(f"Airflow broke off before the load began: {log} says why.")
    if not _conclusion(home, load_id):
        with contextlib.suppress(WarehouseError):
            conclude(home, load_id)
    ending = _conclusion(home, load_id)
    if ending and ending.outcome == "ok":
        return load_id
    said = ending.message if ending else f"The load broke off: {log} says why."
    if is_published(journal.read_steps(home, load_id)):
        raise IncompleteLoadError(said)
    raise WarehouseError(said)


def _conclusion(home: Home, load_id: str) -> Step | None:
    steps = journal.read_steps(home, load_id)
    return next((step for step in steps if step.step == "conclude"), None)

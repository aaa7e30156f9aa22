"""What `make run` does: make the demo company, load it through Airflow, serve report and Airflow.

Everything it starts listens on 127.0.0.1 alone and ends with it.
"""

import argparse
import contextlib
import http
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from marketing_warehouse import journal
from marketing_warehouse.cli.progress import Progress
from marketing_warehouse.errors import WarehouseError
from marketing_warehouse.paths import HOME_VARIABLE, PROJECT, Home, environment_for_child
from marketing_warehouse.publish import current_publication
from marketing_warehouse.schedule import business_timezone

LOOPBACK = "127.0.0.1"
DEMO = PROJECT / "examples" / "nordic_espresso"
POOL = ("warehouse_writer", "1", "DuckDB takes one writer")
# As `airflow standalone` starts them, but without servers of logs, which would listen everywhere;
# on one machine the page reads the logs from their files.
PARTS = {
    "api-server": [],
    "scheduler": ["--skip-serve-logs"],
    "dag-processor": [],
    "triggerer": ["--skip-serve-logs"],
}
START_SECONDS = 180
OWN_ACCORD_SECONDS = 30  # in which the scheduler begins a load that is due
LOAD_SECONDS = 1800
END_SECONDS = 15


@dataclass(frozen=True)
class Place:
    """Where the demo company lives and on which ports it is shown."""

    home: Home
    report_port: int
    airflow_port: int

    @property
    def airflow(self) -> Path:
        """The scheduler's Airflow home; the command line has one of its own."""
        return self.home.path / "scheduler"

    @property
    def passwords(self) -> Path:
        return self.airflow / "passwords.json"

    def environment(self) -> dict[str, str]:
        """Return what every child is told; the scheduler, the report and the DAG share it."""
        address = f"http://{LOOPBACK}:{self.airflow_port}"
        return environment_for_child(
            {
                HOME_VARIABLE: str(self.home.path),
                "AIRFLOW_HOME": str(self.airflow),
                "AIRFLOW__API__BASE_URL": address,
                "AIRFLOW__API__HOST": LOOPBACK,
                "AIRFLOW__API__PORT": str(self.airflow_port),
                "AIRFLOW__API__WORKERS": "1",
                "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
                "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
                "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
                "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
                "AIRFLOW__CORE__PARALLELISM": "4",
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.passwords),
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
                "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.home.logs / "scheduler"),
                "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
                "AIRFLOW__TRIGGERER__DEFAULT_CAPACITY": "10",
                "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            }
        )


def main() -> int:
    """Run until Ctrl-C; return the exit code."""
    place = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: _interrupt())
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for port in (place.report_port, place.airflow_port):
            _require_free(port)
        _make_company(place)
        _prepare_airflow(place)
        _serve(place, children)
    except KeyboardInterrupt:
        _say("\nStopping.")
    except WarehouseError as error:
        _say(f"make run: {error}")
        return 1
    finally:
        _end(children.values())
    return 0


def _arguments() -> Place:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("demo_home"))
    parser.add_argument("--report-port", type=int, default=8501)
    parser.add_argument("--airflow-port", type=int, default=8080)
    given = parser.parse_args()
    return Place(Home(given.home), given.report_port, given.airflow_port)


# ------------------------------------------------------------------------------ what is needed


def _require_free(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            raise WarehouseError(
                f"Port {port} of {LOOPBACK} is in use: stop what listens there, or choose others "
                "with `make run REPORT_PORT=8601 AIRFLOW_PORT=8090`."
            ) from None


def _make_company(place: Place) -> None:
    """Make the demo company, and make it anew when its news have become old."""
    home = place.home
    until = home.path / ".made_until"
    if home.business_yml.exists() and not _is_outdated(home, until):
        return
    if until.exists():
        _say("The demo company's news are old: making it anew, up to yesterday.")
        shutil.rmtree(home.path)
    _say(f"Making the demo company in {home.path}")
    command = [sys.executable, "-m", "examples.nordic_espresso", str(home.path)]
    subprocess.run(command, check=True, cwd=PROJECT, env=place.environment())
    until.write_text(str(_yesterday(home)))
    home.create_hash_key()


def _is_outdated(home: Home, until: Path) -> bool:
    """Say whether the company is ours, as we made it, and ends before yesterday."""
    is_ours = until.exists() and (
        home.business_yml.read_bytes() == (DEMO / "business.yml").read_bytes()
    )
    return is_ours and date.fromisoformat(until.read_text()) < _yesterday(home)


def _yesterday(home: Home) -> date:
    return datetime.now(ZoneInfo(business_timezone(home))).date() - timedelta(days=1)


def _prepare_airflow(place: Place) -> None:
    """Make Airflow's metadata database and the writers' pool, once for each lock file."""
    stamp = place.airflow / ".prepared"
    version = (PROJECT / "requirements.lock").read_text()
    if stamp.exists() and stamp.read_text() == version:
        return
    _say("Preparing Airflow, about 20 seconds")
    place.airflow.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.home.logs.mkdir(exist_ok=True)
    for command in (["db", "migrate"], ["pools", "set", *POOL]):
        with (place.home.logs / "airflow.log").open("ab") as log:
            done = subprocess.run(
                _airflow(*command), env=place.environment(), stdout=log, stderr=log, check=False
            )
        if done.returncode:
            raise WarehouseError(f"Airflow could not be prepared: {log.name} says why.")
    stamp.write_text(version)


def _airflow(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "airflow", *arguments]


# ------------------------------------------------------------------------------ serving


def _serve(place: Place, children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start Airflow and the report, see the load through, tell the addresses, and stay."""
    known = set(journal.load_ids(place.home))
    _say("Starting Airflow, about half a minute")
    for name, options in PARTS.items():
        children[f"Airflow's {name}"] = _start(place, name, _airflow(name, *options))
    if current_publication(place.home):
        children["The report"] = _start_report(place)
        _wait_for(place.report_port, "/_stcore/health", children)
        _say(f"Report   http://{LOOPBACK}:{place.report_port}  (Airflow follows)")
    _wait_for(place.airflow_port, "/api/v2/monitor/health", children)
    if not current_publication(place.home):
        _see_first_load(place, known, children)
    if "The report" not in children:
        children["The report"] = _start_report(place)
        _wait_for(place.report_port, "/_stcore/health", children)
    _tell_addresses(place)
    while True:
        _require_alive(children)
        time.sleep(1)


def _start(place: Place, name: str, command: list[str]) -> subprocess.Popen[bytes]:
    with (place.home.logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**place.environment(), "PATH": _path_with_our_programs()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches it through us, once, in order
        )


def _path_with_our_programs() -> str:
    """Airflow starts its parts by the name `airflow`."""
    inherited = environment_for_child({}).get("PATH", "")
    return os.pathsep.join([str(Path(sys.executable).parent), inherited])


def _start_report(place: Place) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "streamlit_app" / "app.py")]
    options = {
        "server.address": LOOPBACK,
        "server.port": str(place.report_port),
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    return _start(
        place, "report", command + [f"--{name}={value}" for name, value in options.items()]
    )


def _see_first_load(
    place: Place, known: set[str], children: dict[str, subprocess.Popen[bytes]]
) -> None:
    """Follow the load that the scheduler begins, or ask for one if it sees no reason to."""
    _say("Loading the demo company, about a minute")
    progress = Progress()
    began = time.monotonic()
    has_asked = False
    for load_id in _newest_load(place.home, known, children):
        if load_id is None:
            if not has_asked and time.monotonic() - began > OWN_ACCORD_SECONDS:
                has_asked = True
                subprocess.run(
                    _airflow("dags", "trigger", "daily_load"),
                    env=place.environment(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    check=False,
                )
            continue
        steps = journal.read_steps(place.home, load_id)
        progress.show(steps)
        if any(step.step == "conclude" and step.outcome != "running" for step in steps):
            return
    _say("The load takes very long: Airflow's page tells what it is doing.")


def _newest_load(
    home: Home, known: set[str], children: dict[str, subprocess.Popen[bytes]]
) -> Iterator[str | None]:
    deadline = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < deadline:
        _require_alive(children)
        yield max(set(journal.load_ids(home)) - known, default=None)
        time.sleep(0.5)


def _wait_for(port: int, path: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _require_alive(children)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.5)
    raise WarehouseError(f"Nothing answered on port {port} within {START_SECONDS} seconds.")


def _require_alive(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise WarehouseError(f"{name} ended by itself: the logs in the home say why.")


def _tell_addresses(place: Place) -> None:
    password = json.loads(place.passwords.read_text()).get("admin", "")
    _say(
        f"\n  Report    http://{LOOPBACK}:{place.report_port}\n"
        f"  Airflow   http://{LOOPBACK}:{place.airflow_port}   user admin, password {password}\n"
        f"            (made for this machine, kept in {place.passwords})\n"
        f"  Logs      {place.home.logs}\n\n"
        "Ctrl-C stops everything."
    )


# ------------------------------------------------------------------------------ ending


def _end(children: Collection[subprocess.Popen[bytes]]) -> None:
    """End the children and what they have started, politely first; a second Ctrl-C must wait."""
    for patient in (signal.SIGINT, signal.SIGTERM):
        signal.signal(patient, signal.SIG_IGN)
    for child in children:
        _send(child, signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        _send(child, signal.SIGKILL)  # itself, or what it left behind


def _send(child: subprocess.Popen[bytes], word: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, word)


def _interrupt() -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())

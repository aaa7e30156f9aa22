"""The stack from outside: what an operator and a reader can see of it, and nothing else."""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from marketing_warehouse.paths import PROJECT
from tests.stack.engine import Engine

PORTS = ("REPORT_PORT", "AIRFLOW_PORT", "METRICS_PORT")
LOAD_SECONDS = 600
ADMIN = "anna"


@dataclass
class Stack:
    """One stack, brought up by the repository's own commands on the tests' engine."""

    engine: Engine
    folder: Path
    build: dict[str, str]
    password: str = ""
    token: str = ""

    @property
    def env_file(self) -> Path:
        return self.folder / ".env"

    @property
    def homes(self) -> Path:
        return self.folder / "homes"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def make(self, target: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the Makefile's as an operator does."""
        environment = self.engine.environment | self.build | settings
        return subprocess.run(
            ["make", "--no-print-directory", target],
            cwd=PROJECT,
            env=environment | {"ENV_FILE": str(self.env_file)},
            capture_output=True,
            text=True,
            check=False,
        )

    def made(self, target: str, **settings: str) -> str:
        """Run a command that must succeed; return what it said."""
        done = self.make(target, **settings)
        assert done.returncode == 0, f"make {target}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def put(self, **settings: str) -> None:
        """Write settings into .env."""
        lines = self.env_file.read_text().splitlines()
        kept = [line for line in lines if line.split("=")[0] not in settings]
        new = [f"{name}={text}" for name, text in settings.items()]
        self.env_file.write_text("\n".join([*kept, *new]) + "\n")

    def setting(self, name: str) -> str:
        """Return a setting of .env."""
        lines = self.env_file.read_text().splitlines()
        (found,) = [line.split("=", 1)[1] for line in lines if line.startswith(f"{name}=")]
        return found

    def url(self, port: str) -> str:
        """Return an address on this machine, by the name of its port in .env."""
        return f"http://127.0.0.1:{self.setting(port)}"

    # -------------------------------------------------------------------- containers

    def compose(self, *arguments: str, fed: bytes | None = None) -> str:
        """Run docker-compose on the stack, feeding it something if told."""
        done = subprocess.run(
            ["docker-compose", "--env-file", str(self.env_file), *arguments],
            cwd=PROJECT,
            env=self.engine.environment,
            input=fed or b"",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"docker-compose {arguments}: {done.stdout!r}{done.stderr!r}"
        return done.stdout.decode().strip()

    def container(self, service: str) -> dict[str, Any]:
        """Return what the engine knows of a service's container."""
        return dict(json.loads(self.engine.docker("inspect", self.compose("ps", "-q", service)))[0])

    def kill(self, service: str) -> None:
        """End a service's processes at once, as a crash does; the engine starts it again."""
        pid = self.container(service)["State"]["Pid"]
        assert pid > 1, f"{service} is not running"
        os.kill(pid, signal.SIGKILL)

    def wait_until_healthy(self, service: str) -> None:
        """Wait until a service that fell over is well again."""
        wait_until(
            lambda: self.container(service)["State"]["Health"]["Status"] == "healthy",
            f"{service} is healthy",
            300,
        )

    # -------------------------------------------------------------------- Airflow

    def sign_up(self) -> None:
        """Make the first account, with a password of its own, and sign in with it."""
        self.password = secrets.token_urlsafe(16)
        self.made("airflow-user", NAME=ADMIN, ROLE="Admin", PASSWORD=self.password)
        self.token = self.sign_in(ADMIN, self.password)

    def sign_in(self, name: str, password: str) -> str:
        """Return a token of Airflow's, or raise HTTPError."""
        said = self.request("POST", "/auth/token", {"username": name, "password": password}, "")
        return str(said["access_token"])

    def request(
        self, method: str, path: str, content: Any = None, token: str | None = None
    ) -> dict[str, Any]:
        """Ask Airflow's API, as the first account if no other token is given."""
        used = self.token if token is None else token
        headers = {"Content-Type": "application/json"}
        if used:
            headers["Authorization"] = f"Bearer {used}"
        asked = urllib.request.Request(
            self.url("AIRFLOW_PORT") + path,
            data=None if content is None else json.dumps(content).encode(),
            headers=headers,
            method=method,
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return dict(json.load(answer))

    def trigger(self, business: str) -> str:
        """Start a load by hand; return its run's id."""
        path = f"/api/v2/dags/daily_load__{business}/dagRuns"
        return str(self.request("POST", path, {"logical_date": None})["dag_run_id"])

    def runs(self, business: str) -> list[dict[str, Any]]:
        """Return the runs of a business's DAG, in the order they were made."""
        path = f"/api/v2/dags/daily_load__{business}/dagRuns?order_by=run_after"
        try:
            return list(self.request("GET", path)["dag_runs"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return []  # the API server may be the one that is down

    def tasks(self, business: str, run: str) -> list[dict[str, Any]]:
        """Return the tasks of a run."""
        path = f"/api/v2/dags/daily_load__{business}/dagRuns/{run}/taskInstances"
        try:
            return list(self.request("GET", path)["task_instances"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return []

    def wait_for_task(self, business: str, run: str, task: str, states: set[str]) -> None:
        """Wait until a task of a run is in one of some states."""
        wait_until(
            lambda: any(
                found["task_id"] == task and found["state"] in states
                for found in self.tasks(business, run)
            ),
            f"{task} is {' or '.join(sorted(states))}",
            LOAD_SECONDS,
        )

    def outcome(self, business: str, run: str) -> str:
        """Wait until a run has ended; return how."""
        ended: list[str] = []

        def has_ended() -> bool:
            states = {found["dag_run_id"]: found["state"] for found in self.runs(business)}
            ended[:] = [states.get(run, "")]
            return ended[0] in ("success", "failed")

        wait_until(has_ended, f"the run {run} has ended", LOAD_SECONDS)
        return ended[0]

    # -------------------------------------------------------------------- what was published

    def marts(self, business: str, query: str) -> list[Any]:
        """Return the rows of a query on the published marts, read as a file of this machine."""
        file = (self.homes / business / "published" / "marts.duckdb").resolve(strict=True)
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(query).fetchall()


def wait_until(is_so: Callable[[], bool], what: str, seconds: float) -> None:
    """Look every second until something is so; fail, saying what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(1)
    raise AssertionError(f"waited {seconds:g} s in vain until {what}")


def free_ports(count: int) -> list[str]:
    """Return ports that nobody listens on now."""
    listeners = [socket.socket() for _ in range(count)]
    try:
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [str(listener.getsockname()[1]) for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()

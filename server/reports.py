"""Reports: serve the report of each business in a process of its own, under the business's name.

A process sees one home, one set of roles and one sign-in, so that no page of one business can show
another's numbers.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from marketing_warehouse.paths import (
    HOME_VARIABLE,
    HOMES_VARIABLE,
    PROJECT,
    Home,
    homes_from_environment,
)
from server.doors import write_doors

DOORS = Path("/doors")
PORTS_FILE = Path(tempfile.gettempdir()) / "ports.json"
FIRST_PORT = 8601
EVERY_SECONDS = 5
CALM_SECONDS = 30  # a report that ends sooner is not begun again at once
END_SECONDS = 10
OIDC = ("CLIENT_ID", "CLIENT_SECRET", "METADATA_URL")


@dataclass
class Report:
    """One business's report, as it is served."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    began: float

    @classmethod
    def serve(cls, name: str, home: Home, port: int) -> "Report":
        """Begin to serve a business on a port of this container."""
        command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "streamlit_app/app.py")]
        options = {
            "server.address": "0.0.0.0",  # noqa: S104 (of the container; the doors decide who comes)
            "server.port": str(port),
            "server.baseUrlPath": name,
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        if sign_in := _sign_in(name):
            options["secrets.files"] = str(sign_in)
        process = subprocess.Popen(
            command + [f"--{option}={value}" for option, value in options.items()],
            env=_environment(home),
            stdin=subprocess.DEVNULL,
        )
        return cls(name, port, process, time.monotonic())

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main() -> NoReturn:
    """Serve what is in the homes, and follow them as businesses come, go and fall over."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    reports: dict[str, Report] = {}
    try:
        while True:
            if _follow(reports) or not PORTS_FILE.exists():
                ports = {name: report.port for name, report in sorted(reports.items())}
                PORTS_FILE.write_text(json.dumps(ports))
                write_doors(DOORS, ports)
            time.sleep(EVERY_SECONDS)
    finally:
        for report in reports.values():
            report.end()


def _follow(reports: dict[str, Report]) -> bool:
    """Serve what is new, begin again what fell over, end what is gone; say if a port changed."""
    homes = homes_from_environment()
    gone = set(reports) - set(homes)
    for name in gone:
        reports.pop(name).end()
    for name, report in reports.items():
        if report.process.poll() is not None and time.monotonic() - report.began > CALM_SECONDS:
            print(f"The report of {name} ended by itself and is begun again.", flush=True)
            reports[name] = Report.serve(name, homes[name], report.port)
    new = sorted(set(homes) - set(reports))
    for name in new:
        taken = {report.port for report in reports.values()}
        port = next(port for port in range(FIRST_PORT, 65536) if port not in taken)
        reports[name] = Report.serve(name, homes[name], port)
        print(f"The report of {name} is at /{name}/", flush=True)
    return bool(gone or new)


def _environment(home: Home) -> dict[str, str]:
    """Return what a report is told: its home, and none of what signs people in elsewhere."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if name != HOMES_VARIABLE and not name.startswith("REPORT_")
    }
    return {**kept, HOME_VARIABLE: str(home.path)}


def _sign_in(name: str) -> Path | None:
    """Write the Streamlit secrets of a business's sign-in, or return None where there is none."""
    client = {part: os.environ.get(f"REPORT_OIDC_{part}", "") for part in OIDC}
    if not all(client.values()):
        return None
    said = {
        "redirect_uri": f"{os.environ['REPORT_URL'].rstrip('/')}/{name}/oauth2callback",
        "cookie_secret": os.environ["REPORT_COOKIE_SECRET"],
        "client_id": client["CLIENT_ID"],
        "client_secret": client["CLIENT_SECRET"],
        "server_metadata_url": client["METADATA_URL"],
    }
    file = Path(tempfile.gettempdir()) / "sign_in" / f"{name}.toml"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    # A JSON string is a TOML string.
    lines = "".join(f"{key} = {json.dumps(text)}\n" for key, text in said.items())
    file.touch(mode=0o600)
    file.write_text(f"[auth]\n{lines}")
    return file


def check() -> int:
    """Return 0 if every report answers, 1 with the names of those that do not."""
    silent = [
        name
        for name, port in json.loads(PORTS_FILE.read_text()).items()
        if not _answers(name, port)
    ]
    if silent:
        print(f"No answer from the report of: {', '.join(silent)}")
    return 1 if silent else 0


def _answers(name: str, port: int) -> bool:
    try:
        url = f"http://127.0.0.1:{port}/{name}/_stcore/health"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1:] == ["--check"] else main())

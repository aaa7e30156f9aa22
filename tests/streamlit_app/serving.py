"""Serve the report as the README says, on a free port, for as long as a test needs it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from marketing_warehouse.paths import HOME_VARIABLE, PROJECT, Home

PATIENCE = 60.0  # seconds; a busy machine starts slowly


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def served(home: Home, port: int, *options: str) -> Iterator[str]:
    """Serve a home's report with further options of Streamlit's, and yield its address."""
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app/app.py"]
    with subprocess.Popen(
        [*command, "--server.port", str(port), *options],
        cwd=PROJECT,
        env=os.environ | {HOME_VARIABLE: str(home.path), "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer")

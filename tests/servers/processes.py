"""Start a server on a free port of this machine, wait until it answers, and end it by its pid."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NOBODY = "nobody"  # PostgreSQL refuses to be run by root
READY_SECONDS = 60
STOP_SECONDS = 20


class NoServerError(Exception):
    """A server is not installed here; the text says how it can be."""


def program(name: str) -> str:
    """Return the path of a server's program, wherever Debian puts it.

    Raises:
        NoServerError: there is none.
    """
    places = ["/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise NoServerError(f"there is no {name} here: `make servers` installs it as root")
    return found


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def folder_of_a_server() -> Iterator[tuple[Path, str | None]]:
    """Give a folder that a server may write, and the user to run it as (None: whoever we are)."""
    user = NOBODY if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="warehouse-server-"))
    try:
        if user:
            known = pwd.getpwnam(user)
            os.chown(folder, known.pw_uid, known.pw_gid)
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], user: str | None) -> None:
    """Run a command of a server's set-up to its end, in a folder that its user may see."""
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **_identity(user))
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def running(
    command: list[str], user: str | None, log: Path, is_ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the test is done with it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd="/", **_identity(user)
        )
    try:
        patience = time.monotonic() + READY_SECONDS
        while not is_ready():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < patience, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _identity(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}

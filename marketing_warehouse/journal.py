"""Journal: one folder per load, one small file per step, so that anyone can tell what happened."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from marketing_warehouse.errors import BusyError, WarehouseError
from marketing_warehouse.paths import Home

STEPS = ("plan", "land", "load", "build", "audit", "publish", "report", "conclude")
WRITER_PATIENCE = timedelta(minutes=10)
POLL_SECONDS = 0.2


@dataclass
class Step:
    """One step of one load, as far as it has come."""

    step: str
    source: str | None
    started_at: str
    ended_at: str | None = None
    seconds: float | None = None
    outcome: str = "running"
    message: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def start(home: Home, through: date) -> str:
    """Open the journal of a new load and return its id, which sorts after all earlier ones."""
    home.loads.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC)
    latest = max((folder.name for folder in home.loads.iterdir()), default="")
    while True:
        load_id = moment.strftime("%Y%m%dT%H%M%SZ")
        # A clock that was set back must not make today's deliveries older than yesterday's.
        if load_id <= latest:
            moment = datetime.strptime(latest, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            moment += timedelta(seconds=1)
            load_id = moment.strftime("%Y%m%dT%H%M%SZ")
        try:
            (home.loads / load_id).mkdir()
            break
        except FileExistsError:
            latest = load_id
    _write(home.loads / load_id / "about.json", {"load_id": load_id, "through": str(through)})
    return load_id


@contextlib.contextmanager
def step(home: Home, load_id: str, name: str, source: str | None = None) -> Iterator[Step]:
    """Write down that a step began, and how it ended; errors pass through unchanged.

    The message of a `WarehouseError` is kept as it is: it was written for a user. Of any other
    error only the kind is kept, because its text may quote the data.
    """
    entry = Step(step=name, source=source, started_at=_now())
    file = _file_of(home, load_id, entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    clock = time.monotonic()
    _write(file, asdict(entry))
    try:
        yield entry
        entry.outcome = "ok"
    except WarehouseError as error:
        entry.outcome, entry.message = "failed", str(error)
        raise
    except BaseException as error:
        entry.outcome = "failed"
        entry.message = f"The step {name} broke ({type(error).__name__}): see the log of the load."
        raise
    finally:
        entry.ended_at = _now()
        entry.seconds = round(time.monotonic() - clock, 3)
        _write(file, asdict(entry))


def tell(home: Home, load_id: str, entry: Step, message: str) -> None:
    """Write down how far a step has come, for whoever waits for it."""
    entry.message = message
    _write(_file_of(home, load_id, entry), asdict(entry))


def read_steps(home: Home, load_id: str) -> list[Step]:
    """Return the steps of a load in the order of the flow, the landed sources by name."""
    folder = home.loads / load_id
    entries = [
        Step(**json.loads(file.read_text()))
        for file in folder.glob("*.json")
        if file.name != "about.json"
    ]
    return sorted(entries, key=lambda entry: (STEPS.index(entry.step), entry.source or ""))


def load_ids(home: Home) -> list[str]:
    """Return the ids of all loads that were begun, oldest first."""
    if not home.loads.exists():
        return []
    return sorted(folder.name for folder in home.loads.iterdir() if folder.is_dir())


def through_of(home: Home, load_id: str) -> date:
    """Return the last day that a load was asked to count."""
    written = json.loads((home.loads / load_id / "about.json").read_text())
    return date.fromisoformat(written["through"])


@contextlib.contextmanager
def write_lock(home: Home, patience: timedelta = WRITER_PATIENCE) -> Iterator[None]:
    """Be the home's only writer; wait for another one, but not for ever.

    The lock is the kernel's: it goes with the process that held it, so none can be left stale.

    Raises:
        BusyError: another writer was still at work after `patience`.
    """
    with exclusive(home.write_lock, patience, "Another step is writing to this home"):
        yield


@contextlib.contextmanager
def load_lock(home: Home) -> Iterator[int]:
    """Be the only load that the command line runs on a home.

    Gives the lock's file descriptor: a child that inherits it keeps the lock if its parent dies.

    Raises:
        BusyError: another one is running.
    """
    busy = "Another load is running on this home"
    with exclusive(home.load_lock, timedelta(0), busy) as descriptor:
        yield descriptor


@contextlib.contextmanager
def exclusive(file: Path, patience: timedelta, busy: str) -> Iterator[int]:
    """Hold an exclusive lock on a file, or raise `BusyError` when patience has run out."""
    file.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience.total_seconds()
    with file.open("a") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise BusyError(
                        f"{busy} ({file.parent}): wait until it has ended, then try again."
                    ) from None
                time.sleep(POLL_SECONDS)
        yield handle.fileno()


def _file_of(home: Home, load_id: str, entry: Step) -> Path:
    name = f"{entry.step}-{entry.source}" if entry.source else entry.step
    return home.loads / load_id / f"{name}.json"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _write(file: Path, content: dict[str, Any]) -> None:
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(json.dumps(content, indent=1))
    os.replace(unfinished, file)

"""Run a command and measure it: wall time, and the memory of it and all it has started."""

import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1
KIB = 1024


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds on the wall, bytes at once in all its processes."""

    seconds: float
    peak_bytes: int
    exit_code: int


def measure(command: list[str], environment: dict[str, str]) -> Cost:
    """Run a command to its end.

    The memory is the largest sum, over ten samples a second, of the resident memory of the command
    and everything below it; pages that processes share count once for each of them.
    """
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    peak = 0
    is_done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not is_done.wait(SAMPLE_SECONDS):
            peak = max(peak, _resident_bytes(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    code = process.wait()
    is_done.set()
    watcher.join()
    return Cost(time.monotonic() - began, peak, code)


def _resident_bytes(root: int) -> int:
    """Return the resident memory of a process and all its descendants."""
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "status").read_text()
            except OSError:
                continue  # it has ended meanwhile
            facts = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
            number = int(folder.name)
            parents[number] = int(facts["PPid"])
            resident[number] = int(facts.get("VmRSS", "0 kB").split()[0]) * KIB
    family = {root}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(resident.get(number, 0) for number in family)

"""Tell how far a load has come: one line for each step, on standard error."""

import sys
import time

from marketing_warehouse.journal import Step

QUIET_SECONDS = 15


class Progress:
    """What has been told so far; every step is told once, when it has ended."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str | None]] = set()
        self._last_word = time.monotonic()

    def say(self, line: str) -> None:
        """Write a line for whoever waits."""
        print(line, file=sys.stderr, flush=True)
        self._last_word = time.monotonic()

    def show(self, steps: list[Step]) -> None:
        """Tell the steps that ended since the last call, and now and then what takes so long."""
        for step in steps:
            if step.outcome != "running" and (step.step, step.source) not in self._told:
                self._told.add((step.step, step.source))
                self.say(line_of(step))
        running = [step for step in steps if step.outcome == "running"]
        if running and time.monotonic() - self._last_word > QUIET_SECONDS:
            self.say(f"{_name(running[-1])} is at work: {running[-1].message or '...'}")


def line_of(step: Step) -> str:
    """Return a step that has ended as one line."""
    outcome = "failed" if step.outcome == "failed" else "ok"
    seconds = step.seconds or 0.0
    message = " ".join(step.message.split())
    return f"{_name(step):<28} {outcome:<6} {seconds:6.1f} s  {message}".rstrip()


def _name(step: Step) -> str:
    return f"{step.step} {step.source}" if step.source else step.step

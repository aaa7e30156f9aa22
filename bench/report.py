"""What the report's server takes for a first screen and for a change of filter.

A visitor here is what a browser is to the server: a WebSocket that asks for a page and counts the
answer as complete when the server says that the page has run to its end. No browser draws it.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from marketing_warehouse.paths import Home
from tests.streamlit_app.serving import free_port, served

SESSIONS = 20
READING = 5.0  # seconds that a person looks at an answer before moving a filter
PATIENCE = 120.0  # seconds for one answer

# What visitors move, one after the other: no two in a row show the same.
FILTERS = (
    {"dimension": "method"},
    {"grain": "quarter"},
    {"compare": "last_year"},
    {"period": "2026-08-01"},
    {"grain": "week"},
    {"period": "2026-05-01", "dimension": "method"},
)


@dataclass(frozen=True)
class Answers:
    """Seconds of each answer: of first screens, and of changes of filter."""

    first: list[float]
    changed: list[float]


def bench(home: Home) -> None:
    """Serve a published home, visit it alone and with twenty, and print milliseconds.

    Twenty who never look at an answer are a stampede; twenty who read it are a busy morning.
    """
    print(f"\n{'milliseconds on the server':<44}{'median':>9}{'p95':>8}")
    with served(home, free_port()) as address:
        stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
        [cold] = asyncio.run(_visitors(stream, 1))
        _print("first screen, the server's very first", cold.first)
        for who, sessions, reading in (
            ("one session", 1, 0.0),
            (f"{SESSIONS} sessions that read", SESSIONS, READING),
            (f"{SESSIONS} sessions without a pause", SESSIONS, 0.0),
        ):
            visits = asyncio.run(_visitors(stream, sessions, reading))
            _print(f"first screen, {who}", [s for visit in visits for s in visit.first])
            _print(f"change of filter, {who}", [s for visit in visits for s in visit.changed])


async def _visitors(stream: str, sessions: int, reading: float = 0.0) -> list[Answers]:
    """Let visitors come evenly over the time that one of them reads an answer."""
    return await asyncio.gather(
        *(_visit(stream, reading * number / sessions, reading) for number in range(sessions))
    )


async def _visit(stream: str, comes_after: float, reading: float) -> Answers:
    """Open the first page, then move the filters, each after the answer before was read."""
    await asyncio.sleep(comes_after)
    async with connect(stream, subprotocols=["streamlit"], max_size=None) as visitor:  # type: ignore[list-item]
        first = await _seconds(visitor, {})
        changed = []
        for choice in FILTERS:
            await asyncio.sleep(reading)
            changed.append(await _seconds(visitor, choice))
    return Answers([first], changed)


async def _seconds(visitor: ClientConnection, choice: dict[str, str]) -> float:
    """Ask for the page with a choice in its address; return how long its whole answer took.

    Raises:
        RuntimeError: the page ended with an error.
    """
    wish = BackMsg()
    wish.rerun_script.query_string = urlencode(choice)
    wish.rerun_script.context_info.timezone = "Europe/Bucharest"
    began = time.perf_counter()
    await visitor.send(wish.SerializeToString())
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = ForwardMsg.FromString(await visitor.recv(decode=False))
            if answer.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(answer.delta.new_element.exception.message)
            if answer.WhichOneof("type") != "script_finished":
                continue
            if answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - began
            if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise RuntimeError("The page did not compile; the server's log says why.")


def _print(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{name:<44}{statistics.median(ordered) * 1000:9.0f}{p95 * 1000:8.0f}", flush=True)

"""Ahead: read the next batch while the last one is being landed."""

import queue
import threading
from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")
WAIT_SECONDS = 0.1
_END = object()


def read_ahead(batches: Generator[T]) -> Generator[T]:
    """Yield what a generator yields; a thread has the next item ready, and no more than that.

    The generator runs in that thread from its first step to its end, and is closed there.
    """
    ready: queue.Queue[object] = queue.Queue(maxsize=1)
    is_unwanted = threading.Event()
    failures: list[BaseException] = []

    def hand_over(item: object) -> bool:
        while not is_unwanted.is_set():
            try:
                ready.put(item, timeout=WAIT_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            for batch in batches:
                if not hand_over(batch):
                    break
        except BaseException as error:
            failures.append(error)
        finally:
            batches.close()
            hand_over(_END)

    reader = threading.Thread(target=read, name="read ahead", daemon=True)
    reader.start()
    try:
        while (item := ready.get()) is not _END:
            yield item  # type: ignore[misc]  # all but the end came from the generator
        if failures:
            raise failures[0]
    finally:
        is_unwanted.set()
        reader.join()

"""Ahead: the same items, the same error, and nothing left behind."""

import threading
from collections.abc import Generator

import pytest

from marketing_warehouse.connectors.ahead import read_ahead


def numbers(closed: threading.Event, fails_after: int = 1_000) -> Generator[int]:
    try:
        for number in range(1_000):
            if number == fails_after:
                raise LookupError(number)
            yield number
    finally:
        closed.set()


def test_all_items_come_in_their_order() -> None:
    closed = threading.Event()
    assert list(read_ahead(numbers(closed))) == list(range(1_000))
    assert closed.is_set()


def test_what_came_before_an_error_is_handed_over_before_the_error() -> None:
    closed = threading.Event()
    reading = read_ahead(numbers(closed, fails_after=7))
    assert [next(reading) for _ in range(7)] == list(range(7))
    with pytest.raises(LookupError, match="7"):
        next(reading)
    assert closed.is_set()


def test_a_reader_that_stops_early_closes_what_it_read() -> None:
    closed = threading.Event()
    reading = read_ahead(numbers(closed))
    assert next(reading) == 0
    reading.close()
    assert closed.is_set()
    assert "read ahead" not in {thread.name for thread in threading.enumerate()}

"""Open a DuckDB file of the home, and say in one sentence why that did not work."""

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from marketing_warehouse.errors import BusyError, WarehouseError

THREADS = 2
MEMORY_LIMIT = "2GB"
SPARE_BYTES = 64 * 1024 * 1024


@contextlib.contextmanager
def open_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database file for writing; checkpoint and close it at the end.

    Raises:
        BusyError: another program holds the file.
        WarehouseError: the disk is full, the file cannot be written, or memory ran out.
    """
    require_space(path.parent)
    with plain_errors(path), contextlib.closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"set threads = {THREADS}")
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("set preserve_insertion_order = false")
        yield connection
        connection.execute("checkpoint")


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Translate what DuckDB and the operating system say about a file into plain sentences."""
    try:
        yield
    except duckdb.Error as error:
        raise _translated(path, str(error)) from error
    except PermissionError as error:
        raise WarehouseError(
            f"{error.filename or path} cannot be written: give this user the right to write there."
        ) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise WarehouseError(f"The disk of {path.parent} is full: make room.") from error
        raise


def require_space(folder: Path, needed: int = 0) -> None:
    """Refuse to begin what the disk cannot hold.

    Args:
        folder: where will be written.
        needed: how many bytes, beside a reserve.

    Raises:
        WarehouseError: there is too little room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise WarehouseError(
            f"The disk of {folder} has {free // 2**20} MiB free and this step needs "
            f"{(needed + SPARE_BYTES) // 2**20} MiB: make room, then run it again."
        )


def _translated(path: Path, said: str) -> WarehouseError:
    if "Could not set lock" in said or "Conflicting lock" in said:
        return BusyError(
            f"{path.name} is open in another program: close that program, then try again."
        )
    if "No space left" in said:
        return WarehouseError(f"The disk of {path.parent} is full: make room, then try again.")
    if "Out of Memory" in said:
        return WarehouseError(
            f"The memory limit of {MEMORY_LIMIT} was not enough for {path.name}: "
            "give the machine more temporary disk space."
        )
    if "Permission denied" in said or "read-only" in said.lower():
        return WarehouseError(f"{path} cannot be written: give this user the right to write there.")
    return WarehouseError(f"DuckDB could not work on {path.name}: {said.splitlines()[0]}")

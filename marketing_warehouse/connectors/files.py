"""Files: find those of a source, and tell a changed one from one that was landed."""

import glob
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_warehouse.connectors.pieces import Piece, Reading, Rows
from marketing_warehouse.errors import SourceError, SourceRefusedError

if TYPE_CHECKING:
    from marketing_warehouse.config import Source

Opener = Callable[[Path, str], AbstractContextManager[Rows]]


def file_pieces(reading: Reading, open_file: Opener) -> Iterator[Piece]:
    """Yield a piece for each file that the source's path matches, in the order of their names.

    Args:
        reading: of a source with a path, which may be a glob.
        open_file: reads one file, given its path and its name for messages.

    Raises:
        SourceError: no file matches.
    """
    source, folder = reading.source, reading.folder
    for name in _matching(source, folder):
        path = folder / name
        yield Piece(
            name,
            fingerprint=partial(_fingerprint, source, path, name),
            open=partial(open_file, path, name),
        )


def _matching(source: "Source", folder: Path) -> list[str]:
    pattern = source.path or ""
    if (folder / pattern).is_file():
        return [pattern]
    names = sorted(
        name
        for name in glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207  # Path.glob refuses absolute patterns
        if (folder / name).is_file()
    )
    if not names:
        raise SourceError(
            f"Source {source.name}: there is no file {pattern} in {folder}; "
            "put it there, or mend the source's path in business.yml."
        )
    return names


def _fingerprint(source: "Source", path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                raise SourceRefusedError(
                    f"Source {source.name}: the file {name} is empty; export it again."
                )
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(
            f"Source {source.name}: the file {name} cannot be read ({error.strerror}); "
            "give this user the right to read it."
        ) from error

"""Store: keep a printed report where it is looked for, whole or not at all."""

import os
from pathlib import Path


def write_whole(file: Path, content: bytes) -> Path:
    """Write a file under a temporary name and then rename it, so that nobody finds half of one."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_bytes(content)
    os.replace(unfinished, file)
    return file

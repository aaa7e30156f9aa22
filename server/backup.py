"""Backup: one archive per business, made while nobody writes to its home; and the way back."""

import argparse
import os
import sys
import tarfile
from pathlib import Path

from marketing_warehouse.errors import WarehouseError
from marketing_warehouse.journal import write_lock
from marketing_warehouse.paths import HOMES_VARIABLE, Home, homes_from_environment

BACKUPS = Path("/backups")
# Made anew by the next load from what is kept, or of use to nobody elsewhere.
LEFT_OUT = {"work.duckdb", "candidate.duckdb", "dbt_target", ".load.lock", ".write.lock"}


def main() -> int:
    """Back up all businesses into a folder of that name, or bring them back from it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="the folder below /backups")
    parser.add_argument("--restore", action="store_true", help="bring back what is not there")
    asked = parser.parse_args()
    folder = BACKUPS / asked.name
    try:
        if asked.restore:
            restore(folder, Path(os.environ[HOMES_VARIABLE]))
        else:
            for name, home in homes_from_environment().items():
                back_up(home, folder / f"{name}.tar.gz")
    except WarehouseError as error:
        print(error)
        return error.exit_code
    return 0


def back_up(home: Home, archive: Path) -> None:
    """Write a home into an archive, all of it or nothing.

    Raises:
        BusyError: a step of a load wrote to the home for longer than a backup waits.
    """
    archive.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    unfinished = archive.with_name(f".{archive.name}.unfinished")
    with write_lock(home), tarfile.open(unfinished, "w:gz", compresslevel=1) as tar:
        for path in sorted(home.path.iterdir()):
            if path.name not in LEFT_OUT:
                tar.add(path, arcname=path.name)
    unfinished.chmod(0o600)  # the key is in it
    os.replace(unfinished, archive)
    print(f"{archive.name}: {archive.stat().st_size / 2**20:.1f} MiB", flush=True)


def restore(folder: Path, homes: Path) -> None:
    """Bring back every business of a backup whose home is not there; never overwrite one.

    Raises:
        WarehouseError: there is no such backup, or a home is in the way.
    """
    archives = sorted(folder.glob("*.tar.gz"))
    if not archives:
        raise WarehouseError(f"There is no backup of a business in {folder}.")
    names = {archive: archive.name.removesuffix(".tar.gz") for archive in archives}
    in_the_way = [name for name in names.values() if (homes / name).exists()]
    if in_the_way:
        raise WarehouseError(
            f"These homes are there already: {', '.join(in_the_way)}. "
            "Move them away first, so that nothing is overwritten."
        )
    for archive, name in names.items():
        unfinished = homes / f".{name}.unfinished"
        unfinished.mkdir(mode=0o750)
        with tarfile.open(archive) as tar:
            tar.extractall(unfinished, filter="data")
        os.replace(unfinished, homes / name)
        print(f"{name} is back.", flush=True)


if __name__ == "__main__":
    sys.exit(main())

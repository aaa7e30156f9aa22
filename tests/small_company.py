"""A small company, landed, loaded and built once for all tests that need a sound candidate."""

import shutil
from datetime import date
from pathlib import Path

from examples.nordic_espresso import generate
from examples.nordic_espresso.company import Plan
from marketing_warehouse import steps
from marketing_warehouse.journal import load_ids
from marketing_warehouse.paths import Home

AS_OF = date(2026, 10, 31)
_built: list[Home] = []


def built_company(folder: Path) -> Home:
    """Return the home of the small company, built in a folder unless it was built before."""
    if not _built:
        home = Home(folder / "small_company")
        generate(Plan(AS_OF, days=120, customers=60, seed=1), home.path)
        home.create_hash_key()
        planned = steps.plan(str(home.path), AS_OF.isoformat(), None)
        for source in planned.sources:
            steps.land(str(home.path), planned.load_id, source)
        steps.load(str(home.path), planned.load_id)
        steps.build(str(home.path), planned.load_id)
        _built.append(home)
    return _built[0]


def copy_of(home: Home, folder: Path) -> Home:
    """Return a home of one's own with the same candidate, to be audited, published or spoiled."""
    own = Home(folder / "copied_company")
    own.path.mkdir()
    for file in (home.business_yml, home.raw, home.work, home.candidate, home.hash_key_file):
        shutil.copy2(file, own.path / file.name)
    shutil.copytree(home.loads, own.loads)
    return own


def load_id_of(home: Home) -> str:
    """Return the only load of a home."""
    (load_id,) = load_ids(home)
    return load_id

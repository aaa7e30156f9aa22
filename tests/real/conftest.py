"""Loads of real input: a home from a business.yml alone, built up to its candidate."""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest

from marketing_warehouse import journal
from marketing_warehouse.build import build
from marketing_warehouse.config import read_config
from marketing_warehouse.land import land
from marketing_warehouse.load import LoadResult, load
from marketing_warehouse.paths import Home

Build = Callable[[Home, str], LoadResult]


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that the tests of one module share, since a build takes long."""
    own = Home(tmp_path_factory.mktemp("home"))
    own.create_hash_key()
    own.inbox.mkdir()
    return own


@pytest.fixture(scope="session")
def build_through() -> Build:
    """Land, load and build a home through a day; return what the load brought."""

    def run(home: Home, through: str) -> LoadResult:
        config = read_config(home.business_yml)
        load_id = journal.start(home, date.fromisoformat(through))
        for source in config.sources:
            land(home, config, source.name, load_id)
        result = load(home, config, load_id)
        build(home, config, load_id, date.fromisoformat(through))
        return result

    return run


def rows(home: Home, sql: str) -> list[tuple]:
    """Return the rows of a query on the home's candidate."""
    with duckdb.connect(str(home.candidate), read_only=True) as connection:
        return connection.execute(sql).fetchall()

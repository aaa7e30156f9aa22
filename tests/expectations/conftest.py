"""A sound candidate, opened for writing, with all that the rules compare it with beside it."""

from collections.abc import Iterator

import duckdb
import pytest

from marketing_warehouse.audit import prepare
from marketing_warehouse.audit_record import read_build
from marketing_warehouse.config import read_config
from tests.small_company import built_company, copy_of


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The candidate of the small company and, attached to it, the feeds and what they call for."""
    built = built_company(tmp_path_factory.mktemp("built"))
    own = copy_of(built, tmp_path_factory.mktemp("opened"))
    build = read_build(own.candidate)
    connection = duckdb.connect(str(own.candidate))
    prepare(connection, own, read_config(own.business_yml), build)
    yield connection
    connection.close()


@pytest.fixture
def candidate(opened: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sound candidate; whatever a test does to it is undone."""
    opened.execute("begin")
    yield opened
    opened.execute("rollback")

"""A sound candidate, opened for writing, with all that the rules compare it with beside it."""

from collections.abc import Iterator

import duckdb
import pytest

from marketing_warehouse.audit import prepare
from marketing_warehouse.audit_record import read_build
from marketing_warehouse.config import read_config
from marketing_warehouse.paths import Home
from marketing_warehouse.restated import HISTORY
from tests.small_company import built_company, copy_of


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The candidate of the small company and, attached to it, the feeds and what they call for."""
    built = built_company(tmp_path_factory.mktemp("built"))
    own = copy_of(built, tmp_path_factory.mktemp("opened"))
    publish_before(own)
    build = read_build(own.candidate)
    connection = duckdb.connect(str(own.candidate))
    prepare(connection, own, read_config(own.business_yml), build)
    yield connection
    connection.close()


def publish_before(home: Home) -> None:
    """Leave the home as if its marts had been published and then built once more."""
    columns = ", ".join(HISTORY["published_restatements"][1])
    with duckdb.connect(str(home.work)) as connection:
        connection.execute(f"attach '{home.candidate}' as candidate")
        connection.execute(
            f"""
            insert into history.published_restatements ({columns})
            select {columns} from candidate.kpi.restatements
            """
        )
        connection.execute("update candidate.kpi.restatements set previous_value = value_now")


@pytest.fixture
def candidate(opened: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sound candidate; whatever a test does to it is undone."""
    opened.execute("begin")
    yield opened
    opened.execute("rollback")

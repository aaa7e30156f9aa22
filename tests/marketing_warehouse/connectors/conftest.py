"""Real stores for the tests of the connectors that read them."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.servers import databases
from tests.servers.databases import READER, READERS_PASSWORD, Server
from tests.servers.processes import NoServerError


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL for the tests of a module."""
    yield from _server(databases.postgresql)


@pytest.fixture(scope="module")
def mariadb() -> Iterator[Server]:
    """A MariaDB for the tests of a module."""
    yield from _server(databases.mariadb)


def _server(start: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(start())
        except NoServerError as error:
            pytest.skip(str(error))
        yield found


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each database server in turn."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture(autouse=True)
def _login_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_LOGIN", READER)
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_PASSWORD", READERS_PASSWORD)

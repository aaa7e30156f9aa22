"""PostgreSQL and MariaDB with a database shop, and a login that may only read."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tests.servers.processes import folder_of_a_server, free_port, program, run, running

READER = "reader"
READERS_PASSWORD = "p@ss word/ä%"  # what a url would have to escape
POSTGRESQL_SETTINGS = {"fsync": "off", "unix_socket_directories": "", "max_connections": "20"}


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        kind: what its urls begin with.
        port: on 127.0.0.1.
        admin: an engine of the login that may do anything in the database shop.
        database: the one that its url names.
    """

    kind: str
    port: int
    admin: sa.Engine
    database: str = "shop"

    @property
    def url(self) -> str:
        """What a source says in business.yml."""
        return f"{self.kind}://127.0.0.1:{self.port}/{self.database}"

    def execute(self, *statements: str, **values: Any) -> None:
        """Run statements as the admin and commit them."""
        with self.admin.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement), values)


def _answers(engine: sa.Engine) -> bool:
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError:
        return False


@contextlib.contextmanager
def postgresql() -> Iterator[Server]:
    """Run a PostgreSQL of its own."""
    initdb, server = program("initdb"), program("postgres")
    with folder_of_a_server() as (folder, user):
        data, port = folder / "data", free_port()
        made = [initdb, "--pgdata", str(data), "--username", "admin", "--encoding", "UTF8"]
        run([*made, "--locale", "C.UTF-8", "--auth", "trust", "--no-sync"], user)
        hba = "host all admin 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (data / "pg_hba.conf").write_text(hba)
        settings = [f"-c{name}={value}" for name, value in POSTGRESQL_SETTINGS.items()]
        command = [server, "-D", str(data), "-h", "127.0.0.1", "-p", str(port), *settings]
        root = sa.create_engine(f"postgresql+psycopg2://admin@127.0.0.1:{port}/postgres")
        with running(command, user, folder / "log", lambda: _answers(root)):
            with root.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("create database shop"))
            root.dispose()
            admin = sa.create_engine(root.url.set(database="shop"))
            found = Server("postgresql", port, admin)
            found.execute(
                f"create role {READER} login password '{READERS_PASSWORD}'",
                f"alter default privileges in schema public grant select on tables to {READER}",
            )
            yield found
            admin.dispose()


@contextlib.contextmanager
def mariadb() -> Iterator[Server]:
    """Run a MariaDB of its own."""
    install, server = program("mariadb-install-db"), program("mariadbd")
    with folder_of_a_server() as (folder, user):
        data, port = folder / "data", free_port()
        made = [install, "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        run([*made, "--auth-root-authentication-method=normal"], user)
        command = [
            server,
            "--no-defaults",
            f"--datadir={data}",
            "--bind-address=127.0.0.1",
            f"--port={port}",
            f"--socket={folder / 'socket'}",
            "--innodb-flush-log-at-trx-commit=0",
            "--sql-mode=",
        ]
        root = sa.create_engine(f"mysql+pymysql://root@127.0.0.1:{port}/mysql?charset=utf8mb4")
        with running(command, user, folder / "log", lambda: _answers(root)):
            Server("mariadb", port, root).execute(
                "create database shop character set utf8mb4",
                f"create user {READER}@'127.0.0.1' identified by '{READERS_PASSWORD}'",
            )
            admin = sa.create_engine(root.url.set(database="shop"))
            Server("mariadb", port, admin).execute(
                f"grant select on shop.* to {READER}@'127.0.0.1'"
            )
            yield Server("mariadb", port, admin)
            admin.dispose()
            root.dispose()

"""Databases: one connection that reads, batch by batch, and turns its driver's errors to ours."""

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import DBAPIError

from marketing_warehouse.connectors.ahead import read_ahead
from marketing_warehouse.connectors.sql_faults import Place, refusal
from marketing_warehouse.connectors.sql_texts import Spelling, column_of_texts
from marketing_warehouse.errors import SourceError, SourceRefusedError

if TYPE_CHECKING:
    from marketing_warehouse.connectors.pieces import Reading

BATCH_ROWS = 20_000
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 3600  # of one slice
SILENCE_SECONDS = 60  # after which a server that is gone without a word is taken for lost
DRIVERS = {
    "postgresql": "postgresql+psycopg2",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "sqlserver": "mssql+pymssql",
    "sqlite": "sqlite+pysqlite",
}
POSTGRESQL_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "default_transaction_read_only": "on",
    "statement_timeout": str(STATEMENT_SECONDS * 1000),
}
POSTGRESQL_NUMBERS = (700, 701, 1700)  # real, double precision, numeric
POSTGRESQL_BYTES = 17
MYSQL_TIMESTAMP = 7  # a moment; a DATETIME is a time without a zone
MYSQL_BIT = 16


@dataclass(frozen=True)
class Column:
    """A column of what is read, and how its database's driver numbers its type."""

    name: str
    type_code: int | None


class Database:
    """One connection; everything it reads are texts as the database itself writes them."""

    def __init__(self, connection: sa.Connection, url: sa.URL, place: Place) -> None:
        self._connection = connection
        self._url = url
        self._place = place

    @property
    def kind(self) -> str:
        """What SQLAlchemy calls the dialect: postgresql, mysql, mssql or sqlite."""
        return self._connection.dialect.name

    def columns(self, rows: sa.FromClause) -> list[Column]:
        """Return the columns of a table or a statement without reading a row of it.

        Raises:
            SourceError: it cannot be read.
        """
        nothing = sa.select(sa.text("*")).select_from(rows).where(sa.literal_column("1") == 0)
        with self._plain_errors():
            result = self._connection.execute(nothing)
            described = result.cursor.description if result.cursor else ()
            found = [Column(str(name), _code(code)) for name, code, *_ in described or ()]
            result.close()
        return found

    def first(self, select: sa.Select[Any]) -> Sequence[Any]:
        """Return the first row of an answer as Python values; nothing where there is none."""
        with self._plain_errors():
            row = self._connection.execute(select).first()
        return tuple(row) if row is not None else ()

    def batches(
        self, select: sa.Select[Any], columns: list[Column], decimal: str
    ) -> Generator[pa.Table]:
        """Yield the rows of an answer as texts; none of them stays in memory.

        Args:
            select: picks just these columns, in this order.
            columns: what `columns` said of them.
            decimal: the mark before the fraction of a number.
        """
        if self.kind == "postgresql":
            return read_ahead(self._postgresql_batches(select, columns, decimal))
        return self._other_batches(select, columns, decimal)

    def _other_batches(
        self, select: sa.Select[Any], columns: list[Column], decimal: str
    ) -> Generator[pa.Table]:
        names = [column.name for column in columns]
        spellings = [_spelling(self.kind, column, decimal) for column in columns]
        with self._plain_errors():
            result = self._connection.execution_options(stream_results=True).execute(select)
        with contextlib.closing(result):
            while True:
                with self._plain_errors():
                    rows = result.fetchmany(BATCH_ROWS)
                if not rows:
                    return
                values = zip(*rows, strict=True)
                arrays = [
                    column_of_texts(column, spelling)
                    for column, spelling in zip(values, spellings, strict=True)
                ]
                yield pa.table(arrays, names=names)

    def _postgresql_batches(
        self, select: sa.Select[Any], columns: list[Column], decimal: str
    ) -> Generator[pa.Table]:
        """Read by ADBC: the server writes the texts, and they become Arrow without Python."""
        from adbc_driver_postgresql import dbapi

        categories = self._postgresql_categories(columns)
        source = select.with_only_columns(
            *(
                _postgresql_text(column, categories.get(column.type_code, ""), decimal)
                for column in columns
            )
        )
        dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
        statement = str(source.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        with (
            self._plain_errors(),
            dbapi.connect(_libpq_uri(self._url)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            for batch in cursor.fetch_record_batch():
                table = pa.Table.from_batches([batch])
                self._require_utf8(table)
                yield table

    def _postgresql_categories(self, columns: list[Column]) -> dict[int | None, str]:
        """Return PostgreSQL's category of each type: A is an array, C a row of columns."""
        types = sa.table("pg_type", sa.column("oid"), sa.column("typcategory"), schema="pg_catalog")
        codes = [column.type_code for column in columns]
        select = sa.select(types.c.oid, types.c.typcategory).where(types.c.oid.in_(codes))
        with self._plain_errors():
            return {int(oid): str(kind) for oid, kind in self._connection.execute(select)}

    def _require_utf8(self, table: pa.Table) -> None:
        try:
            table.validate(full=True)
        except pa.ArrowInvalid:
            raise SourceRefusedError(
                f"Source {self._place.source}: {self._place.asked} holds text that is not UTF-8, "
                "because its database has no encoding (SQL_ASCII); convert it in a statement."
            ) from None

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        with plain_errors(self._place):
            yield


@contextlib.contextmanager
def plain_errors(place: Place) -> Iterator[None]:
    """Turn what a driver raises into a sentence; its own words may hold a cell or a password."""
    from adbc_driver_manager import Error as AdbcError

    try:
        yield
    except (DBAPIError, AdbcError, pa.ArrowException, OSError, UnicodeError) as error:
        raise refusal(error, place) from None


@contextlib.contextmanager
def open_database(reading: "Reading", url: str, asked: str) -> Iterator[Database]:
    """Connect to the database of a source.

    Args:
        reading: of the source.
        url: where the database is, without a login.
        asked: what messages call that which is read.

    Raises:
        SourceError: it does not answer, or refuses us.
    """
    full = _full_url(reading, url)
    place = Place(reading.source.name, _server(full), full.database or "", asked)
    if full.get_backend_name() == "sqlite":
        place = Place(reading.source.name, urlsplit(url).path.removeprefix("/"), "", asked)
    engine = sa.create_engine(
        full, connect_args=_connect_arguments(full), poolclass=sa.NullPool, hide_parameters=True
    )
    with contextlib.ExitStack() as stack:
        with plain_errors(place):
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            stack.callback(_close, connection)
            if full.get_backend_name() == "mysql":
                connection.exec_driver_sql("set session transaction read only")
        yield Database(connection, full, place)


def _close(connection: sa.Connection) -> None:
    with contextlib.suppress(DBAPIError):  # the database may have closed it before
        connection.close()


def _full_url(reading: "Reading", url: str) -> sa.URL:
    scheme, rest = url.split("://", 1)
    full = sa.make_url(f"{DRIVERS[scheme]}://{rest}")
    if scheme == "sqlite":
        return _sqlite_url(reading, full)
    return full.set(username=reading.credentials["login"], password=reading.credentials["password"])


def _sqlite_url(reading: "Reading", url: sa.URL) -> sa.URL:
    path = reading.folder / Path(url.database or "")
    if not path.is_file():
        raise SourceError(
            f"Source {reading.source.name}: there is no database {path}; "
            "put it there, or mend the source's url in business.yml."
        )
    return url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})


def _server(url: sa.URL) -> str:
    return f"{url.host}:{url.port}" if url.port else str(url.host)


def _connect_arguments(url: sa.URL) -> dict[str, Any]:
    match url.get_backend_name():
        case "postgresql":
            return {
                "connect_timeout": CONNECT_SECONDS,
                "keepalives_idle": SILENCE_SECONDS,
                "tcp_user_timeout": SILENCE_SECONDS * 1000,
                "client_encoding": "utf8",
                "options": _postgresql_options(),
            }
        case "mysql":
            return {
                "password": (url.password or "").encode(),  # of a text it would send Latin-1
                "connect_timeout": CONNECT_SECONDS,
                "read_timeout": STATEMENT_SECONDS,
                "charset": "utf8mb4",
                "init_command": "set time_zone = '+00:00'",
            }
        case "mssql":
            return {
                "login_timeout": CONNECT_SECONDS,
                "timeout": STATEMENT_SECONDS,
                "charset": "UTF-8",
            }
    return {"timeout": CONNECT_SECONDS}


def _postgresql_options() -> str:
    return " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_SETTINGS.items())


def _libpq_uri(url: sa.URL) -> str:
    """Return a url as libpq reads it: a space is %20 there, and SQLAlchemy would leave it."""
    host = f"[{url.host}]" if ":" in (url.host or "") else url.host
    server = f"{host}:{url.port}" if url.port else host
    login = f"{_quoted(url.username)}:{_quoted(url.password)}"
    settings = {**url.query, **_connect_arguments(url)}
    query = "&".join(f"{name}={_quoted(value)}" for name, value in settings.items())
    return f"postgresql://{login}@{server}/{_quoted(url.database)}?{query}"


def _quoted(text: Any) -> str:
    return quote(str(text), safe="")


def _postgresql_text(column: Column, category: str, decimal: str) -> sa.Label[Any]:
    """Return the SQL that spells a column: an array as JSON, bytes as hex, NaN as nothing."""
    plain: sa.ColumnElement[Any] = sa.column(column.name)
    if category in ("A", "C"):
        text: sa.ColumnElement[Any] = sa.cast(sa.func.to_json(plain), sa.Text)
    elif column.type_code == POSTGRESQL_BYTES:
        text = sa.func.encode(plain, "hex")
    elif column.type_code in POSTGRESQL_NUMBERS:
        text = sa.func.nullif(sa.cast(plain, sa.Text), "NaN")
        if decimal != ".":
            text = sa.func.replace(text, ".", decimal)
    else:
        text = sa.cast(plain, sa.Text)
    return text.label(column.name)


def _spelling(kind: str, column: Column, decimal: str) -> Spelling:
    if kind != "mysql":
        return Spelling(decimal)
    return Spelling(decimal, column.type_code == MYSQL_TIMESTAMP, column.type_code == MYSQL_BIT)


def _code(code: Any) -> int | None:
    return code if isinstance(code, int) else None

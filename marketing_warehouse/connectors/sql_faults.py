"""Sql faults: what a database did not like, in one sentence without its own words.

A database's message may quote a cell, and a driver's the password: only its code is read, and of
SQLite, which has none, how its message begins.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from marketing_warehouse.credentials import variable_of
from marketing_warehouse.errors import (
    CredentialsRefusedError,
    SourceError,
    SourceRefusedError,
    SourceUnavailableError,
)


class Fault(StrEnum):
    """What can go wrong between us and a database."""

    LOGIN = "login"
    DATABASE = "database"
    TABLE = "table"
    COLUMN = "column"
    RIGHT = "right"
    SYNTAX = "syntax"
    ENCODING = "encoding"
    VALUE = "value"
    BUSY = "busy"
    LATE = "late"
    UNREACHABLE = "unreachable"
    CUT = "cut"


POSTGRESQL = {
    "28": Fault.LOGIN,
    "3D000": Fault.DATABASE,
    "42P01": Fault.TABLE,
    "3F000": Fault.TABLE,
    "42703": Fault.COLUMN,
    "42501": Fault.RIGHT,
    "42": Fault.SYNTAX,
    "25006": Fault.RIGHT,
    "22021": Fault.ENCODING,
    "22P05": Fault.ENCODING,
    "22": Fault.VALUE,
    "57014": Fault.LATE,
    "57P": Fault.CUT,
    "08": Fault.CUT,
    "53": Fault.BUSY,
    "40": Fault.BUSY,
}
MYSQL = {
    1045: Fault.LOGIN,
    1698: Fault.LOGIN,
    1044: Fault.RIGHT,
    1142: Fault.RIGHT,
    1143: Fault.RIGHT,
    1370: Fault.RIGHT,
    1049: Fault.DATABASE,
    1146: Fault.TABLE,
    1054: Fault.COLUMN,
    1060: Fault.SYNTAX,
    1064: Fault.SYNTAX,
    1792: Fault.RIGHT,
    1040: Fault.BUSY,
    1203: Fault.BUSY,
    1205: Fault.BUSY,
    1213: Fault.BUSY,
    1317: Fault.CUT,
    1927: Fault.CUT,
    1969: Fault.LATE,
    3024: Fault.LATE,
    2002: Fault.UNREACHABLE,
    2003: Fault.UNREACHABLE,
    2005: Fault.UNREACHABLE,
    2006: Fault.CUT,
    2013: Fault.CUT,
}
SQL_SERVER = {
    18456: Fault.LOGIN,
    4060: Fault.DATABASE,
    208: Fault.TABLE,
    207: Fault.COLUMN,
    229: Fault.RIGHT,
    230: Fault.RIGHT,
    102: Fault.SYNTAX,
    156: Fault.SYNTAX,
    1033: Fault.SYNTAX,
    1205: Fault.BUSY,
    20003: Fault.LATE,
    20002: Fault.UNREACHABLE,
    20009: Fault.UNREACHABLE,
    20004: Fault.CUT,
    20006: Fault.CUT,
    20047: Fault.CUT,
}
SQLITE = {
    "unable to open database file": Fault.DATABASE,
    "file is not a database": Fault.DATABASE,
    "database disk image is malformed": Fault.DATABASE,
    "no such table": Fault.TABLE,
    "no such column": Fault.COLUMN,
    "attempt to write a readonly database": Fault.RIGHT,
    "near ": Fault.SYNTAX,
    "incomplete input": Fault.SYNTAX,
    "Could not decode to UTF-8": Fault.ENCODING,
    "database is locked": Fault.BUSY,
    "database table is locked": Fault.BUSY,
}
# What libpq says before a server has answered, or while rows come, has no code.
LIBPQ = {
    r"password authentication failed|no password supplied|no pg_hba.conf entry": Fault.LOGIN,
    r'role "[^"]*" does not exist|authentication failed': Fault.LOGIN,
    r'database "[^"]*" does not exist': Fault.DATABASE,
    r"too many clients|remaining connection slots": Fault.BUSY,
    r"server closed the connection|connection .*(lost|closed|reset)|terminating connection": (
        Fault.CUT
    ),
    r"statement timeout": Fault.LATE,
    r"read-only transaction|permission denied": Fault.RIGHT,
    r"invalid byte sequence|no equivalent in encoding": Fault.ENCODING,
    r"out of range|invalid input|division by zero": Fault.VALUE,
    r"could not|Connection refused|timeout expired|starting up|shutting down": Fault.UNREACHABLE,
}


@dataclass(frozen=True)
class Place:
    """What messages call a database and what is read of it.

    Attributes:
        source: the source's name.
        server: the host, or the file.
        database: the database on it; empty of a file.
        asked: what is read: `the table orders`, or `its statement`.
    """

    source: str
    server: str
    database: str
    asked: str


def fault_of(error: BaseException) -> Fault | None:
    """Return what an error of a driver is about; None where nobody knows."""
    if isinstance(error, UnicodeError):
        return Fault.ENCODING
    original = getattr(error, "orig", None) or error
    driver = type(original).__module__.partition(".")[0]
    if driver in ("pymysql", "pymssql"):
        number = _number(original)
        return (MYSQL if driver == "pymysql" else SQL_SERVER).get(number or 0)
    code = getattr(original, "pgcode", None) or getattr(original, "sqlstate", None)
    if code:
        prefixes = (code[:length] for length in range(len(code), 1, -1))
        return next((POSTGRESQL[start] for start in prefixes if start in POSTGRESQL), None)
    said = str(original)
    if driver == "sqlite3":
        return next((fault for start, fault in SQLITE.items() if said.startswith(start)), None)
    return next((fault for form, fault in LIBPQ.items() if re.search(form, said)), None)


def _number(error: BaseException) -> int | None:
    """Return the number that the drivers of MySQL and SQL Server put first."""
    first = error.args[0] if error.args else None
    while isinstance(first, tuple) and first:
        first = first[0]
    return first if isinstance(first, int) else None


def refusal(error: BaseException, place: Place) -> SourceError:
    """Return the error that a user can act on."""
    fault = fault_of(error)
    source = f"Source {place.source}"
    whole = f"{place.database} on {place.server}" if place.database else place.server
    match fault:
        case Fault.LOGIN:
            return CredentialsRefusedError(
                f"{source}: the database {whole} refused the login or its password; mend "
                f"{variable_of(place.source)}LOGIN and {variable_of(place.source)}PASSWORD."
            )
        case Fault.RIGHT:
            return CredentialsRefusedError(
                f"{source}: the login has no right to read {place.asked} in {whole}; "
                "grant it select there, and nothing more."
            )
        case Fault.UNREACHABLE:
            return SourceUnavailableError(
                f"{source}: the database server {place.server} cannot be reached; "
                "start it, or mend the source's url in business.yml."
            )
        case Fault.CUT | Fault.BUSY | Fault.LATE:
            return SourceUnavailableError(
                f"{source}: {SPOKEN_PAUSES[fault].format(whole=whole, asked=place.asked)}; "
                "what was landed stays, the next load goes on from there."
            )
    said = SPOKEN.get(fault or Fault.VALUE, "").format(whole=whole, asked=place.asked)
    if fault is None:
        code = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
        said = f"the database {whole} failed at {place.asked}" + (f" ({code})" if code else "")
        return SourceError(f"{source}: {said}; its log says why.")
    return SourceRefusedError(f"{source}: {said}; mend the source in business.yml.")


SPOKEN_PAUSES = {
    Fault.CUT: "the database {whole} ended the connection while {asked} was read",
    Fault.BUSY: "the database {whole} is too busy to read {asked}",
    Fault.LATE: "the database {whole} took too long to read {asked}",
}
SPOKEN = {
    Fault.DATABASE: "there is no database {whole} that can be opened",
    Fault.TABLE: "the database {whole} has no such table as {asked} asks for",
    Fault.COLUMN: "the database {whole} has no such column as {asked} asks for",
    Fault.SYNTAX: "the database {whole} does not understand {asked}",
    Fault.ENCODING: "{asked} in the database {whole} holds text that cannot be read as UTF-8",
    Fault.VALUE: "the database {whole} cannot compute a value of {asked}",
}

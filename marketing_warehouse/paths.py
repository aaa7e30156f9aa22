"""Where everything of one business is; the only reader of the environment."""

import json
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from marketing_warehouse.credentials import (
    connection_of,
    fields_of_connection,
    variable_of,
)
from marketing_warehouse.errors import ConfigError, MissingKeyError

CONNECTION_VARIABLE = "AIRFLOW_CONN_"
FILE_SUFFIX = "_FILE"
HASH_KEY_VARIABLE = "WAREHOUSE_HASH_KEY"
HOME_VARIABLE = "WAREHOUSE_HOME"
HOMES_VARIABLE = "WAREHOUSE_HOMES"
LOCAL_REPORT_VARIABLE = "WAREHOUSE_REPORT_IS_LOCAL"
BUSINESS_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SHORTEST_KEY = 16
PROJECT = Path(__file__).resolve().parent.parent


def home_from_environment() -> "Home":
    """Return the home that the environment names.

    Raises:
        ConfigError: `WAREHOUSE_HOME` is not set.
    """
    path = os.environ.get(HOME_VARIABLE)
    if not path:
        raise ConfigError(f"No home was named: pass --home DIR or set {HOME_VARIABLE}.")
    return Home(Path(path))


def homes_from_environment() -> dict[str, "Home"]:
    """Return the home of each business that is served here, by the business's name.

    `WAREHOUSE_HOME` names a single one, whose name is empty. Without it each folder of
    `WAREHOUSE_HOMES` that holds a business.yml is a business and gives it its name; folders with
    other names than addresses and roles can bear are left out.

    Raises:
        ConfigError: neither is set, or the folder of the homes does not exist.
    """
    if os.environ.get(HOME_VARIABLE) or not os.environ.get(HOMES_VARIABLE):
        return {"": home_from_environment()}
    folder = Path(os.environ[HOMES_VARIABLE])
    if not folder.is_dir():
        raise ConfigError(f"{HOMES_VARIABLE} names {folder}, but there is no such folder.")
    homes = (Home(path) for path in sorted(folder.iterdir()) if BUSINESS_NAME.fullmatch(path.name))
    return {home.path.name: home for home in homes if home.business_yml.exists()}


def report_is_local() -> bool:
    """Say whether whoever started the report vouches that its port opens on this machine alone.

    A container listens on all addresses of its own; where its port leads, only the starter knows.
    """
    return os.environ.get(LOCAL_REPORT_VARIABLE, "").lower() in ("1", "true", "yes")


def credentials_from_environment(source: str) -> dict[str, str]:
    """Return the fields of a source's credentials that the environment holds.

    `WAREHOUSE_SOURCE_SHOP_TOKEN=...` is the field `token` of the source shop;
    `WAREHOUSE_SOURCE_SHOP_TOKEN_FILE=...` names a file that holds it;
    `AIRFLOW_CONN_WAREHOUSE_SHOP=...` is a whole connection as Airflow writes it, JSON or URI.

    Raises:
        ConfigError: a connection cannot be understood, or a file cannot be read or is readable
            by others.
    """
    variable = CONNECTION_VARIABLE + connection_of(source).upper()
    written = os.environ.get(variable, "")
    found = _fields_written(written, variable) if written else {}
    for name, text in os.environ.items():
        if name.startswith(variable_of(source)):
            field = name.removeprefix(variable_of(source))
            if field.endswith(FILE_SUFFIX):
                field = field.removesuffix(FILE_SUFFIX)
                text = _secret_in(Path(text), name)
            found[field.lower()] = text
    return found


def _fields_written(connection: str, variable: str) -> dict[str, str]:
    """Return the fields of a connection that is written as JSON or as URI."""
    try:
        if connection.lstrip().startswith("{"):
            said = json.loads(connection)
            extra = said.get("extra")
            said["extra"] = json.loads(extra) if isinstance(extra, str) and extra else extra
            return fields_of_connection(said)
        uri = urlsplit(connection)
        return fields_of_connection(
            {
                "login": unquote(uri.username or ""),
                "password": unquote(uri.password or ""),
                "host": unquote(uri.hostname or ""),
                "port": uri.port,
                "schema": unquote(uri.path.lstrip("/")),
                "extra": dict(parse_qsl(uri.query)),
            }
        )
    except (ValueError, TypeError, AttributeError):
        raise ConfigError(
            f"{variable} is no connection as Airflow writes them, in JSON or as a URI: mend it."
        ) from None


def _secret_in(file: Path, variable: str) -> str:
    """Return the content of a file that its owner alone may read."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise ConfigError(
                f"{file}, which {variable} names, can be read by others (mode {mode:04o}): "
                f"run `chmod 600 {file}`."
            )
        return file.read_text().strip()
    except OSError as error:
        raise ConfigError(
            f"{file}, which {variable} names, cannot be read ({error.strerror}): mend its path."
        ) from None


def environment_for_child(settings: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with other settings, and without those of any Airflow.

    What the machine's own Airflow is told must not reach the one inside a home, but for the
    connections of sources.
    """
    sources = CONNECTION_VARIABLE + connection_of("").upper()
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith("AIRFLOW_") or name.startswith(sources)
    }
    found = os.pathsep.join(filter(None, [str(PROJECT), kept.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": found, **settings}


@dataclass(frozen=True)
class Home:
    """One folder that holds everything of one business."""

    path: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path).expanduser().absolute())

    @property
    def business_yml(self) -> Path:
        return self.path / "business.yml"

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def landing(self) -> Path:
        return self.path / "landing"

    @property
    def raw(self) -> Path:
        return self.path / "raw.duckdb"

    @property
    def work(self) -> Path:
        return self.path / "work.duckdb"

    @property
    def candidate(self) -> Path:
        return self.path / "candidate.duckdb"

    @property
    def published(self) -> Path:
        return self.path / "published"

    @property
    def marts(self) -> Path:
        """The symlink that readers open; it names the current publication."""
        return self.published / "marts.duckdb"

    @property
    def audits(self) -> Path:
        return self.path / "audits"

    @property
    def data_docs(self) -> Path:
        return self.audits / "data_docs" / "index.html"

    @property
    def loads(self) -> Path:
        """The journal: one folder per load, one file per step."""
        return self.path / "loads"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def airflow(self) -> Path:
        """The command line's own Airflow home."""
        return self.path / "airflow"

    @property
    def dbt_target(self) -> Path:
        return self.path / "dbt_target"

    @property
    def load_lock(self) -> Path:
        """Held by the command line for a whole load."""
        return self.path / ".load.lock"

    @property
    def write_lock(self) -> Path:
        """Held by whoever writes one of the home's databases."""
        return self.path / ".write.lock"

    @property
    def settings_check(self) -> Path:
        """What the last check of business.yml said, so that schedulers need not repeat it."""
        return self.path / ".settings_check.json"

    @property
    def hash_key_file(self) -> Path:
        return self.path / "hash.key"

    def landing_of(self, feed: str, source: str) -> Path:
        return self.landing / feed / source

    def hash_key(self) -> bytes:
        """Return the key for personal data, from the environment or the home's key file.

        Raises:
            MissingKeyError: there is no key, it is too short, or others can read its file.
        """
        key = os.environ.get(HASH_KEY_VARIABLE, "")
        where = HASH_KEY_VARIABLE
        if not key:
            where = str(self.hash_key_file)
            key = self._key_from_file()
        if len(key) < SHORTEST_KEY:
            raise MissingKeyError(
                f"The hash key in {where} is shorter than {SHORTEST_KEY} characters: "
                "use a long random one, such as `openssl rand -hex 32` prints."
            )
        return key.encode()

    def _key_from_file(self) -> str:
        if not self.hash_key_file.exists():
            raise MissingKeyError(
                f"There is no key to hash e-mails and phones with: set {HASH_KEY_VARIABLE}, "
                f"or let `warehouse init {self.path}` create {self.hash_key_file}."
            )
        mode = stat.S_IMODE(self.hash_key_file.stat().st_mode)
        if mode & 0o077:
            raise MissingKeyError(
                f"{self.hash_key_file} can be read by others (mode {mode:04o}): "
                f"run `chmod 600 {self.hash_key_file}`."
            )
        return self.hash_key_file.read_text().strip()

    def create_hash_key(self) -> bool:
        """Create the home's key file, mode 0600, unless there is one; say whether it was made."""
        if self.hash_key_file.exists():
            return False
        self.path.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.hash_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        return True

"""The commands of `warehouse`, their help texts and their exit codes."""

import os
import signal
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from marketing_warehouse.errors import ConfigError, WarehouseError
from marketing_warehouse.paths import HOME_VARIABLE, Home, home_from_environment

HELP = """A marketing data warehouse: from files to published, audited marts.

Everything of one business is in one folder, its home: name it with --home or in WAREHOUSE_HOME.

\b
Begin with:
  warehouse init shop            make the home `shop`, with a commented business.yml
  warehouse validate --home shop
  warehouse load --home shop

\b
Exit codes:
  0  done; after a load: published and complete
  1  not done; after a load: nothing new was published
  2  a wrong option, setting or query
  3  published, but a source was left out or the report was not sent
  4  another load is running on this home
  130  stopped by hand
"""

NOT_DONE = 1
STOPPED = 130
FOLDER_MODE = 0o750  # what a business earns is not for every user of the machine

app = typer.Typer(
    help=HELP,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help=f"The home; by default {HOME_VARIABLE} names it."),
]


class Format(StrEnum):
    """How a table is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The home to make.")],
) -> None:
    """Make a home: a commented business.yml, an inbox, and a key that hashes personal data.

    What is already there is kept.

    \b
    Example:
      warehouse init shop
    """
    home = Home(folder)
    for needed in (home.path, home.inbox):
        _make_folder(needed)
    template = resources.files("marketing_warehouse") / "templates" / "business.yml"
    is_new = not home.business_yml.exists()
    if is_new:
        home.business_yml.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    has_key = home.create_hash_key()
    print(f"{'Made' if is_new else 'Kept'} {home.business_yml}")
    print(f"{'Made' if has_key else 'Kept'} {home.hash_key_file} (keep a copy in a safe place)")
    print(
        f"Next: put files into {home.inbox}, describe them in business.yml, then run\n"
        f"  warehouse validate --home {folder}\n"
        f"  warehouse load --home {folder}"
    )


@app.command()
def validate(home: HomeOption = None) -> None:
    """Check business.yml as a whole, its criteria and queries included; touch no data.

    \b
    Example:
      warehouse validate --home shop
    """
    from marketing_warehouse.config import read_config

    config = read_config(_home(home).business_yml)
    feeds = sorted({source.feed for source in config.sources})
    print(
        f"{config.path} is valid: {config.business.name}, {len(config.sources)} sources "
        f"for {', '.join(feeds)}."
    )


@app.command()
def load(
    home: HomeOption = None,
    through: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="The last day to count; by default yesterday in the business's zone.",
        ),
    ] = None,
) -> None:
    """Do one daily load, from the sources to the published marts, by running the DAG itself.

    Nothing is loaded twice, and readers keep the marts of before until new ones have passed
    their audit. Exits with 0 when all was published, 3 when a source was left out, 1 when nothing
    was published, 2 when the settings are wrong, 4 when another load is running.

    \b
    Examples:
      warehouse load --home shop
      warehouse load --home shop --through 2026-10-31
    """
    from marketing_warehouse.cli.run_dag import run_dag
    from marketing_warehouse.config import read_config
    from marketing_warehouse.plan import last_day_of

    at = _home(home)
    config = read_config(at.business_yml)
    at.hash_key()
    day = last_day_of(config, through)
    load_id = run_dag(at, day)
    print(f"Published {load_id}: {config.business.name} through {day}, in {at.marts}.")


@app.command("check-source")
def check_source(
    source: Annotated[str, typer.Argument(metavar="NAME", help="The source of business.yml.")],
    home: HomeOption = None,
    sample: Annotated[
        int, typer.Option(min=0, max=20, help="Show so many rows as they would be landed.")
    ] = 0,
) -> None:
    """Ask a source once, and say whether it lets us in and what it would bring; write nothing.

    Personal columns are shown as the first characters of their hashes.

    \b
    Example:
      warehouse check-source shop --home shop --sample 5
    """
    from marketing_warehouse.check import check_source as check
    from marketing_warehouse.cli.answers import written
    from marketing_warehouse.config import read_config

    at = _home(home)
    checked = check(at, read_config(at.business_yml), source, sample)
    print(checked.sentence)
    if checked.sample.num_rows:
        print("\n" + written(checked.sample, "table"), end="")


@app.command()
def status(home: HomeOption = None) -> None:
    """Say what is published, how the last load went, and how fresh each source is.

    \b
    Example:
      warehouse status --home shop
    """
    from marketing_warehouse.cli.status import print_status

    print_status(_home(home))


@app.command()
def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT; `-` reads it.")],
    home: HomeOption = None,
    output: Annotated[
        Format, typer.Option("--format", "-f", help="How to write the answer.")
    ] = Format.TABLE,
    limit: Annotated[int, typer.Option(min=1, help="The most rows to return.")] = 10_000,
) -> None:
    """Ask the published marts, read-only.

    \b
    Examples:
      warehouse sql --home shop "show all tables"
      warehouse sql --home shop "select * from kpi.definitions" --format csv
      warehouse sql --home shop - < question.sql
    """
    from marketing_warehouse.cli.answers import written
    from marketing_warehouse.read import Marts

    text = sys.stdin.read() if query == "-" else query
    with Marts.of(_home(home)) as marts:
        answer = marts.run_user_sql(text, limit=limit)
    sys.stdout.write(written(answer.table, output.value))
    if answer.is_cut:
        print(f"warehouse: There are more than these {limit} rows: see --limit.", file=sys.stderr)


@app.command()
def report(
    period: Annotated[
        str,
        typer.Option(
            metavar="PERIOD",
            help="A day 2026-10-31, week 2026-W44, month 2026-10, quarter 2026-Q4 or year 2026.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The PDF to write.")],
    home: HomeOption = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="en|ro", help="By default the one that business.yml asks for, or en."),
    ] = None,
) -> None:
    """Print the report of a period into a PDF, from the published marts.

    \b
    Examples:
      warehouse report --home shop --period 2026-10 --out report.pdf
      warehouse report --home shop --period 2026-W44 --out week.pdf --language ro
    """
    from marketing_warehouse.cli.print_report import print_report

    written = print_report(_home(home), period, out, language)
    print(f"Wrote {written}.")


@app.command()
def metrics(home: HomeOption = None) -> None:
    """Print how the latest load and the publication stand, in Prometheus's text format.

    \b
    Example:
      warehouse metrics --home shop > /var/lib/node_exporter/shop.prom
    """
    from marketing_warehouse.metrics import prometheus_text

    sys.stdout.write(prometheus_text({"": _home(home)}))


@app.command()
def rollback(home: HomeOption = None) -> None:
    """Put the build before the current one before the readers again.

    \b
    Example:
      warehouse rollback --home shop
    """
    from marketing_warehouse.publish import rollback as go_back

    print(f"Readers now see the build {go_back(_home(home))}.")


def main() -> NoReturn:
    """Run one command; whatever happens, say it in a sentence and exit with its code."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = app(prog_name="warehouse", standalone_mode=False)
        sys.stdout.flush()
        if code == STOPPED:  # typer turns Ctrl-C into this code
            code = _stopped()
    except WarehouseError as error:
        code = _say(str(error), error.exit_code)
    except typer.TyperException as error:
        code = _say(f"{error.format_message()} See `warehouse --help`.", ConfigError.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _stopped()
    except BrokenPipeError:
        # Whoever read our output has gone; a second error at exit would only confuse.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        where = error.filename or "A file"
        code = _say(f"{where} cannot be used: {error.strerror or error}.", NOT_DONE)
    except Exception as error:  # the last resort: a traceback helps no user
        code = _say(_kept(error), NOT_DONE)
    sys.exit(code if isinstance(code, int) else 0)


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _stopped() -> int:
    return _say("Stopped by hand; `warehouse status` says what readers see.", STOPPED)


def _say(text: str, code: int) -> int:
    for line in text.splitlines():
        print(f"warehouse: {line}", file=sys.stderr)
    return code


def _kept(error: Exception) -> str:
    """Keep the traceback of an error that nobody foresaw, and say where."""
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    log = Path(tempfile.mkdtemp(prefix="warehouse-")) / f"error-{moment}.log"
    log.write_text("".join(traceback.format_exception(error)))
    return f"Something unforeseen happened ({type(error).__name__}): {log} says what."


def _home(home: Path | None) -> Home:
    """Return the home that was named, or that the environment names.

    Raises:
        ConfigError: none was named, or there is no such folder.
    """
    found = Home(home) if home else home_from_environment()
    if not found.path.is_dir():
        raise ConfigError(f"There is no home {found.path}: make it with `warehouse init`.")
    return found


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ConfigError(f"{folder} cannot be made: a file is in its way.") from None

"""What `warehouse report` does: set the report of a period and write it where it was asked for."""

from pathlib import Path

from marketing_warehouse.errors import ConfigError
from marketing_warehouse.paths import Home
from marketing_warehouse.read import Marts
from marketing_warehouse.report_settings import read_report_settings
from reporting.language import LANGUAGES
from reporting.marts import report_of
from reporting.printed.pdf import printed
from reporting.printed.period import read_period
from reporting.printed.store import write_whole

EXAMPLE = "report.pdf"


def print_report(home: Home, period: str, out: Path, language: str | None) -> Path:
    """Write the report of a period.

    Raises:
        ConfigError: the period, the language or the file cannot be.
        NothingPublishedError: there are no marts to print.
        EarlierMartsError: an earlier version published them.
    """
    wanted = read_period(period)
    spoken = language or _language_of(home)
    if spoken not in LANGUAGES:
        raise ConfigError(
            f"{spoken!r} is no language of the report: choose {' or '.join(LANGUAGES)}."
        )
    if out.is_dir():
        raise ConfigError(f"{out} is a folder: name the file to write, such as {out / EXAMPLE}.")
    if not out.absolute().parent.is_dir():
        raise ConfigError(f"There is no folder {out.absolute().parent} to write {out.name} into.")
    with Marts.of(home) as marts:
        pages = printed(report_of(marts), wanted, spoken)
    return write_whole(out, pages)


def _language_of(home: Home) -> str:
    return read_report_settings(home.business_yml).language if home.business_yml.exists() else "en"

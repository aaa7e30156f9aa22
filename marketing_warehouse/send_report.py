"""Send report: print the last period that has ended, mail it to who asked for it, and keep it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_warehouse import journal
from marketing_warehouse.config import Config
from marketing_warehouse.credentials import Credentials, connection_of, fields_of_connection
from marketing_warehouse.mail import MAIL, Mail, send, server_and_sender
from marketing_warehouse.paths import Home, credentials_from_environment
from marketing_warehouse.read import Marts
from reporting.chain import verdict
from reporting.language import say
from reporting.marts import Report, report_of
from reporting.printed.parts import values_of, view_of
from reporting.printed.pdf import about, printed
from reporting.printed.period import Period, has_numbers, latest_ended
from reporting.printed.store import write_whole

if TYPE_CHECKING:
    from marketing_warehouse.reading import FindConnection


def send_report(
    home: Home, config: Config, load_id: str, find_connection: "FindConnection | None" = None
) -> Path | None:
    """Make the report of the last ended period, once: it is mailed, then kept in the store.

    A report that is kept has been mailed; one that could not be mailed is made again by the next
    load, so whoever waits for it gets it late rather than never.

    Args:
        home: the home, whose published marts are printed.
        config: the settings; without a period in them nothing is made.
        load_id: the load, for the journal.
        find_connection: returns the orchestrator's connection of an id, if it has one.

    Returns:
        The file, or None where there was nothing to make.

    Raises:
        ConfigError: it is to be mailed, and nobody has said how.
        ReportNotSentError: it could not be mailed.
    """
    wanted = config.report
    if wanted.period is None:
        return None
    with journal.step(home, load_id, "report"), Marts.of(home) as marts:
        report = report_of(marts)
        period = latest_ended(wanted.period, report.settings.as_of)
        file = home.path / wanted.store / f"{period.name}-{wanted.language}.pdf"
        if file.exists() or not has_numbers(report, period):
            return None
        credentials = _credentials(find_connection)
        if wanted.mail_to:
            server_and_sender(credentials)  # before the work of printing
        content = printed(report, period, wanted.language)
        if wanted.mail_to:
            send(_letter(report, period, wanted.mail_to, {file.name: content}), credentials)
        file.parent.mkdir(parents=True, exist_ok=True)
        return write_whole(file, content)


def _letter(
    report: Report, period: Period, to: tuple[str, ...], attached: Mapping[str, bytes]
) -> Mail:
    head = about(report, period)
    view = view_of(period)
    left = verdict(report, view, values_of(report, period, ["contribution"]))
    said = (left, say("The whole report is attached."), str(head["status"]))
    return Mail(to, str(head["title"]), "\n\n".join(said) + "\n", attached)


def _credentials(find_connection: "FindConnection | None") -> Credentials:
    connection = find_connection(connection_of(MAIL)) if find_connection else None
    fields = credentials_from_environment(MAIL)
    return Credentials(MAIL, {**fields_of_connection(connection or {}), **fields})

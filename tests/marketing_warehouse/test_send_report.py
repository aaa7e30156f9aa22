"""The report that a load prints by itself: once per period, mailed, kept, and never in the way."""

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from marketing_warehouse import journal
from marketing_warehouse.conclude import conclude
from marketing_warehouse.config import read_config
from marketing_warehouse.errors import (
    ConfigError,
    IncompleteLoadError,
    MailUnavailableError,
    ReportNotSentError,
)
from marketing_warehouse.paths import Home
from marketing_warehouse.schedule import report_is_wanted
from marketing_warehouse.send_report import send_report
from reporting import language
from tests.marketing_warehouse.mail_server import MailServer, mail_server
from tests.reporting.pdf_reader import read_pdf
from tests.streamlit_app.conftest import written_marts

CONNECTION = "AIRFLOW_CONN_WAREHOUSE_MAIL"
BUSINESS = """\
business: {name: Nordic Espresso, currency: EUR, timezone: Europe/Bucharest}
sources: [{name: shop, feed: orders, connector: csv, path: inbox/orders.csv}]
"""
MONTHLY = "report: {period: month, store: prints, mail_to: [ana@example.com, dan@example.com]}\n"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    yield
    language.use("en")


@pytest.fixture
def shop(home: Home) -> Home:
    """A home whose published marts count through 31 October 2026."""
    home.published.mkdir()
    written_marts(
        home.published / "marts-1.duckdb", "1", date(2026, 6, 10), date(2026, 10, 31), "Nordic"
    )
    home.marts.symlink_to("marts-1.duckdb")
    return home


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as serving:
        yield serving


def send(home: Home, report: str = MONTHLY) -> Path | None:
    home.business_yml.write_text(BUSINESS + report)
    load_id = journal.start(home, date(2026, 10, 31))
    return send_report(home, read_config(home.business_yml), load_id)


def kept(home: Home) -> list[str]:
    return sorted(file.name for file in (home.path / "prints").glob("*"))


def test_the_last_ended_month_is_mailed_and_kept(
    shop: Home, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONNECTION, server.connection)
    assert send(shop) == shop.path / "prints" / "2026-10-en.pdf"
    assert kept(shop) == ["2026-10-en.pdf"]
    [letter] = server.letters
    assert letter["To"] == "ana@example.com, dan@example.com"
    assert letter["From"] == "report@example.com"
    assert letter["Subject"] == "Nordic, October 2026"
    body = letter.get_body()
    assert body is not None
    # A total of October is 1000 * 1 + 5.
    assert "€1.00k left over in October 2026" in body.get_content().replace("\u00a0", " ")
    [attached] = letter.iter_attachments()
    assert attached.get_filename() == "2026-10-en.pdf"
    # Today, the three processes, what a customer costs, weak places, targets: a page each.
    assert len(read_pdf(attached.get_content()).pages) == 7


def test_the_next_load_of_the_month_sends_nothing_more(
    shop: Home, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONNECTION, server.connection)
    (shop.path / "prints").mkdir()
    (shop.path / "prints" / "2026-10-en.pdf").write_text("made before")
    assert send(shop) is None
    assert server.letters == []


def test_without_a_period_nothing_is_made_and_no_task_waits(shop: Home) -> None:
    assert send(shop, "report: {roles: {owner: ana@example.com}}\n") is None
    assert not report_is_wanted(shop)
    assert send(shop, "") is None
    assert not report_is_wanted(shop)


def test_a_report_that_is_only_kept_needs_no_mail_server(shop: Home) -> None:
    made = send(shop, "report: {period: week, language: ro, store: prints}\n")
    # 31 October 2026 is a Saturday, so its week still runs; the one before has ended.
    assert made == shop.path / "prints" / "2026-W43-ro.pdf"
    assert report_is_wanted(shop)


def test_a_company_that_is_younger_than_a_period_gets_no_empty_report(shop: Home) -> None:
    assert send(shop, "report: {period: year, store: prints}\n") is None
    assert kept(shop) == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", ReportNotSentError), ("421 come back later", MailUnavailableError)],
)
def test_a_refused_letter_is_an_error_and_the_report_is_made_again(
    shop: Home, monkeypatch: pytest.MonkeyPatch, answer: str, error: type[Exception]
) -> None:
    with mail_server(answer) as refusing:
        monkeypatch.setenv(CONNECTION, refusing.connection)
        with pytest.raises(ReportNotSentError, match=answer) as raised:
            send(shop)
    assert type(raised.value) is error
    assert kept(shop) == []


def test_a_server_that_is_not_there_may_come_back(
    shop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv(CONNECTION, f"smtp://127.0.0.1:{port}?from=a@example.com&security=none")
    with pytest.raises(MailUnavailableError, match="The marts are published all the same"):
        send(shop)


def test_a_server_that_cannot_encrypt_gets_no_letter(
    shop: Home, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONNECTION, server.connection.replace("&security=none", ""))
    with pytest.raises(MailUnavailableError, match="STARTTLS"):
        send(shop)
    assert server.letters == []


def test_without_a_server_the_sentence_says_what_to_set(shop: Home) -> None:
    with pytest.raises(ConfigError, match=CONNECTION):
        send(shop)


def test_a_load_whose_report_was_not_sent_is_published_and_says_so(shop: Home) -> None:
    shop.business_yml.write_text(BUSINESS + MONTHLY)
    load_id = journal.start(shop, date(2026, 10, 31))
    for step in ("plan", "load", "build", "audit", "publish"):
        with journal.step(shop, load_id, step):
            pass
    with pytest.raises(ConfigError):
        send_report(shop, read_config(shop.business_yml), load_id)
    with pytest.raises(IncompleteLoadError, match="how to send mail"):
        conclude(shop, load_id)
    assert shop.marts.resolve().name == "marts-1.duckdb"

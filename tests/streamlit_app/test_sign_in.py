"""Signing in with a real provider in a real browser: who sees what, and who sees nothing."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketing_warehouse.paths import Home
from tests.streamlit_app.oidc_provider import provider_of, secrets_toml
from tests.streamlit_app.serving import free_port, served

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = shutil.which("chromium")
PATIENCE = 60_000  # milliseconds; a busy machine starts a page slowly
PAGES = {"Today", "Attract", "Sell", "Keep", "Data health"}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

PEOPLE = {
    "the owner": {"email": "Ana@example.com", "email_verified": True, "name": "Ana Pop"},
    "the analyst": {"email": "dan@example.com", "name": "Dan"},
    "a viewer": {"email": "ioana@example.com", "email_verified": True, "name": "Ioana"},
    "a stranger": {"email": "eve@example.org", "email_verified": True, "name": "Eve"},
    "a pretender": {"email": "ana@example.com", "email_verified": False, "name": "Not Ana"},
}
ROLES = """
report:
  roles: {owner: ana@example.com, analyst: dan@example.com, viewer: '*@example.com'}
"""


@dataclass(frozen=True)
class Served:
    """The report with a sign-in, and a browser to open it with."""

    address: str
    home: Home
    browser: "sync_api.Browser"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, company_file: Path) -> Iterator[Served]:
    home = Home(tmp_path_factory.mktemp("signed_in"))
    home.published.mkdir()
    shutil.copyfile(company_file, home.published / "marts-1.duckdb")
    home.marts.symlink_to("marts-1.duckdb")
    home.data_docs.parent.mkdir(parents=True)
    home.data_docs.write_text("<h1>What was expected</h1>")
    home.business_yml.write_text(ROLES)
    port = free_port()
    known = home.path / "secrets.toml"
    with provider_of(PEOPLE) as provider, sync_api.sync_playwright() as playwright:
        known.write_text(secrets_toml(provider, f"http://127.0.0.1:{port}"))
        with served(home, port, "--secrets.files", str(known)) as address:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            yield Served(address, home, browser)
            browser.close()


@pytest.fixture
def tab(report: Served) -> Iterator["sync_api.Page"]:
    """A tab of a browser in which nobody has signed in yet."""
    context = report.browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    assert page.locator("[data-testid=stException]").count() == 0
    context.close()


def sign_in(report: Served, tab: "sync_api.Page", person: str) -> None:
    tab.goto(report.address)
    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_role("link", name=person, exact=True).click()
    tab.wait_for_url(f"{report.address}/**")


def pages_of(tab: "sync_api.Page") -> set[str]:
    tab.get_by_text("Data as of 31 Oct 2026").first.wait_for()
    tab.get_by_role("link", name="Today").first.wait_for()
    shown = tab.get_by_test_id("stTopNavLink").all_inner_texts()
    return {text.split("\n")[-1] for text in shown}


def test_without_signing_in_there_is_nothing_to_see(report: Served, tab: "sync_api.Page") -> None:
    for page in ("", "sales", "sql"):
        tab.goto(f"{report.address}/{page}")
        tab.get_by_role("button", name="Sign in").wait_for()
        assert "Nordic Espresso" not in tab.content()
    assert tab.request.get(f"{report.address}/data_docs/index.html").status == 403


@pytest.mark.parametrize("person", ["the owner", "the analyst"])
def test_owner_and_analyst_see_every_page_and_ask_in_sql(
    report: Served, tab: "sync_api.Page", person: str
) -> None:
    sign_in(report, tab, person)
    assert pages_of(tab) >= PAGES | {"SQL"}
    assert tab.request.get(f"{report.address}/data_docs/index.html").status == 200
    tab.goto(f"{report.address}/data_health?feed=orders")
    tab.get_by_role("link", name="Open the Data Docs").wait_for()
    tab.get_by_text("Examples:").wait_for()
    tab.goto(f"{report.address}/sql")
    tab.get_by_label("Your question, as one SELECT").fill("select 6 * 7 as answer")
    tab.get_by_role("button", name="Ask").click()
    tab.get_by_text("1 row", exact=True).wait_for()


def test_a_viewer_sees_numbers_but_no_sql_and_no_failing_rows(
    report: Served, tab: "sync_api.Page"
) -> None:
    sign_in(report, tab, "a viewer")
    shown = pages_of(tab)
    assert shown >= PAGES
    assert "SQL" not in shown
    tab.goto(f"{report.address}/data_health?feed=orders")
    tab.get_by_text("Why rows did not fit, and which, is shown to owners").wait_for()
    tab.get_by_text("The Data Docs, with the rows that failed a check").wait_for()
    assert tab.get_by_role("link", name="Open the Data Docs").count() == 0
    assert tab.get_by_text("Examples:").count() == 0
    tab.goto(f"{report.address}/sql")
    tab.get_by_text("Page not found").first.wait_for()
    assert tab.get_by_label("Your question, as one SELECT").count() == 0
    assert tab.request.get(f"{report.address}/data_docs/index.html").status == 403


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("a stranger", "eve@example.org has no role in this report yet"),
        ("a pretender", "does not vouch for an e-mail address"),
    ],
)
def test_who_has_no_role_is_told_so_and_sees_nothing(
    report: Served, tab: "sync_api.Page", person: str, said: str
) -> None:
    sign_in(report, tab, person)
    tab.get_by_text(said).wait_for()
    assert "Nordic Espresso" not in tab.content()
    assert tab.request.get(f"{report.address}/data_docs/index.html").status == 403
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("button", name="Sign in").wait_for()


def test_a_role_that_is_taken_away_is_gone_with_the_next_click(
    report: Served, tab: "sync_api.Page"
) -> None:
    sign_in(report, tab, "a viewer")
    pages_of(tab)
    try:
        report.home.business_yml.write_text("report: {roles: {owner: ana@example.com}}\n")
        tab.get_by_role("link", name="Keep").click()
        tab.get_by_text("ioana@example.com has no role").wait_for()
    finally:
        report.home.business_yml.write_text(ROLES)


def test_a_cookie_of_ones_own_making_opens_nothing(report: Served, tab: "sync_api.Page") -> None:
    forged = {"name": "_streamlit_user", "value": "eyJlbWFpbCI6ImFuYUBleGFtcGxlLmNvbSJ9.x.y"}
    tab.context.add_cookies([{**forged, "url": report.address}])
    assert tab.request.get(f"{report.address}/data_docs/index.html").status == 403
    tab.goto(report.address)
    tab.get_by_role("button", name="Sign in").wait_for()

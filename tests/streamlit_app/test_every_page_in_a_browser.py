"""In a real browser, every page: readable, reachable by keyboard, quiet, and no wider than it."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketing_warehouse.paths import Home
from reporting import language
from reporting.language import say
from tests.streamlit_app.serving import free_port, served

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = shutil.which("chromium")
PATIENCE = 60_000  # milliseconds; a busy machine starts a page slowly
THEMES = ("light", "dark")
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PAGES = (
    *("", "acquisition", "sales", "retention", "customer"),
    *("weak_places", "targets", "data_health", "sql"),
)
FITS = (
    "() => { const main = document.querySelector('[data-testid=stMain]');"
    " return main.scrollWidth <= main.clientWidth; }"
)
GRAVE = ("serious", "critical")

# What the drawing of a chart violates by itself: axe's rule, and where. Vega gives each group of
# marks a role and no name; the chart around them has one that says it all.
IN_A_DRAWING = ("svg-img-alt", "svg.marks")

# Streamlit's page looks for its server below its own address before it looks at the root.
SEARCH_FOR_THE_SERVER = ("/_stcore/health", "/_stcore/host-config")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, company_file: Path) -> Iterator[str]:
    """One report of a published company, for all tests of this file."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.published.mkdir(parents=True)
    target = home.published / "marts-20261101T025000Z.duckdb"
    shutil.copyfile(company_file, target)
    home.marts.symlink_to(target.name)
    with served(home, free_port()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(params=THEMES)
def tab(browser: "sync_api.Browser", request: pytest.FixtureRequest) -> "Iterator[sync_api.Page]":
    """A tab in each theme."""
    yield from opened(browser, request.param)


@pytest.fixture
def light_tab(browser: "sync_api.Browser") -> "Iterator[sync_api.Page]":
    yield from opened(browser, "light")


def opened(browser: "sync_api.Browser", theme: str) -> "Iterator[sync_api.Page]":
    page = browser.new_page(viewport=LAPTOP, color_scheme=theme, locale="en-GB")
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def settle(page: "sync_api.Page") -> None:
    page.locator(".wh-question").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()


def grave_violations(page: "sync_api.Page") -> list[str]:
    """Return what axe finds serious or critical, but what a drawing does by itself."""
    rule, drawing = IN_A_DRAWING
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in axe.Axe().run(page).response["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if violation["id"] != rule or not is_within(page, node["target"][0], drawing)
    ]


def is_within(page: "sync_api.Page", target: str, around: str) -> bool:
    return bool(
        page.evaluate(
            "([target, around]) => document.querySelector(target)?.parentElement.closest(around)",
            [target, around],
        )
    )


def test_every_page_is_readable_quiet_and_no_wider_than_a_phone(
    address: str, tab: "sync_api.Page"
) -> None:
    said: list[str] = []
    tab.on(
        "console",
        lambda message: (
            said.append(message.text)
            if message.type == "error"
            and not message.location["url"].endswith(SEARCH_FOR_THE_SERVER)
            else None
        ),
    )
    tab.on("pageerror", lambda error: said.append(str(error)))
    amiss = []
    for name in PAGES:
        tab.set_viewport_size(LAPTOP)
        tab.goto(f"{address}/{name}")
        settle(tab)
        amiss += [f"/{name}: {violation}" for violation in grave_violations(tab)]
        if tab.locator("[data-testid=stException]").count():
            amiss.append(f"/{name}: an exception")
        tab.set_viewport_size(PHONE)
        try:
            tab.wait_for_function(FITS, timeout=10_000)  # once its charts are drawn anew
        except sync_api.TimeoutError:
            amiss.append(f"/{name}: too wide for a phone")
    assert amiss == []
    assert said == []


def test_the_check_of_readability_sees_what_is_unreadable(
    address: str, light_tab: "sync_api.Page"
) -> None:
    light_tab.goto(address)
    settle(light_tab)
    light_tab.evaluate(
        "() => { const faint = document.createElement('p'); faint.textContent = 'too faint';"
        " faint.style.color = '#ddd'; document.querySelector('.wh-chain').after(faint); }"
    )
    [violation] = dict.fromkeys(grave_violations(light_tab))
    assert violation.startswith("color-contrast")
    assert "too faint" in violation


def test_the_keyboard_reaches_every_choice_and_opens_what_is_behind_a_number(
    address: str, light_tab: "sync_api.Page"
) -> None:
    light_tab.goto(address)
    settle(light_tab)
    reached: list[str] = []
    for _ in range(60):
        light_tab.keyboard.press("Tab")
        reached.append(
            light_tab.evaluate(
                "() => { const here = document.activeElement;"
                " if (here.matches('.wh-chain .wh-asked')) return 'a number';"
                " return here.closest('[class*=st-key-choose_]')?.className"
                ".match(/st-key-(choose_[a-z]+)/)[1] ?? here.textContent; }"
            )
        )
        if reached[-1] == "a number":
            break
    assert reached[-1] == "a number"
    assert {"choose_period", "choose_comparison", "choose_dimension", "EN"} <= set(reached)
    light_tab.keyboard.press("Enter")
    explained = light_tab.locator(".wh-facts:popover-open")
    explained.wait_for()
    assert explained.get_by_text(say("What is this?")).count() == 1
    light_tab.keyboard.press("Escape")
    explained.wait_for(state="hidden")


def test_another_period_and_another_language_show_at_once_and_stand_in_the_address(
    address: str, light_tab: "sync_api.Page"
) -> None:
    light_tab.goto(address)
    settle(light_tab)
    period = light_tab.locator(".st-key-choose_period button").first
    assert "October 2026" in period.inner_text()
    period.click()
    light_tab.get_by_role("combobox", name="Numbers of").click()
    light_tab.get_by_role("option", name="August 2026").click()
    light_tab.wait_for_url("**period=2026-08-01**")
    period.get_by_text("August 2026").wait_for()
    light_tab.keyboard.press("Escape")
    light_tab.get_by_text("RO", exact=True).click()
    light_tab.wait_for_url("**lang=ro**")
    language.use("ro")
    try:
        attract = say("Attract")
    finally:
        language.use("en")
    assert attract != "Attract"
    light_tab.get_by_role("link", name=attract).first.wait_for()
    assert "period=2026-08-01" in light_tab.url


def test_the_workbook_and_the_printed_report_are_what_they_say(
    address: str, light_tab: "sync_api.Page", tmp_path: Path
) -> None:
    light_tab.goto(f"{address}/acquisition")
    settle(light_tab)
    light_tab.get_by_role("button", name="Download").last.click()
    with light_tab.expect_download() as download:
        light_tab.get_by_role("button", name="Excel").click()
    book = tmp_path / "book.xlsx"
    download.value.save_as(book)
    with zipfile.ZipFile(book) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    # The leads of October, the fifth period since June: a number, not a text.
    assert "<v>1005</v>" in sheet
    with light_tab.expect_download() as printed:
        light_tab.get_by_role("button", name="PDF").click()
    assert Path(printed.value.path()).read_bytes().startswith(b"%PDF-")

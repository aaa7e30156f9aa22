"""`make screenshots`: every page of the report, light and dark, on a laptop and on a phone.

Each page is taken as it opens, and whole, as long as it is.
"""

import argparse
import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from marketing_warehouse.paths import PROJECT, Home
from tests.streamlit_app.serving import free_port, served

PAGES = (
    "overview",
    "acquisition",
    "sales",
    "retention",
    "customer",
    "weak_places",
    "targets",
    "data_health",
    "sql",
)
FIRST = "overview"  # has no path of its own
THEMES = ("dark", "light")
SCREENS = {"narrow": (390, 844), "wide": (1280, 800)}
LONGEST = 12_000  # pixels; what is longer is cut
SETTLED_MS = 700  # without a run of the page: its charts have been drawn
PATIENCE_MS = 120_000


def main() -> None:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m scripts.make_screenshots", description=__doc__)
    parser.add_argument("--home", type=Path, default=PROJECT / "demo_home")
    parser.add_argument("--out", type=Path, default=PROJECT / "screenshots")
    parser.add_argument(
        "--page", action="append", choices=PAGES, help="one of them; may be given again"
    )
    parser.add_argument("--language", default="en", choices=("en", "ro"))
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium on this machine; scripts/get_browser.sh gets it.")
    home = Home(given.home.resolve())
    if not home.marts.exists():
        sys.exit(f"Nothing has been published in {home.path}; `make run` loads the demo company.")
    given.out.mkdir(parents=True, exist_ok=True)
    with served(home, free_port()) as address, opened(chromium) as browser:
        for theme in THEMES:
            for screen in SCREENS:
                for name in given.page or PAGES:
                    file = given.out / f"{name}-{theme}-{screen}.png"
                    url = f"{address}/{name.removeprefix(FIRST)}?lang={given.language}"
                    wide = take(browser, url, theme, SCREENS[screen], file)
                    print(f"{file}{f'  {wide} pixels too wide' if wide else ''}", flush=True)


@contextlib.contextmanager
def opened(chromium: str) -> Iterator[Browser]:
    """Start Debian's browser and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


def take(browser: Browser, url: str, theme: str, size: tuple[int, int], file: Path) -> int:
    """Take a page as it opens and whole; return by how many pixels it is too wide."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=1
    )
    try:
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        settle(page)
        if page.locator("[data-testid=stException]").count():
            sys.exit(f"{url} shows an error; the server's log says which.")
        page.screenshot(path=file)
        too_wide, length = page.evaluate(
            "() => { const main = document.querySelector('[data-testid=stMain]');"
            " return [main.scrollWidth - main.clientWidth, main.scrollHeight]; }"
        )
        page.set_viewport_size({"width": width, "height": min(max(length, height), LONGEST)})
        settle(page)
        page.screenshot(path=file.with_stem(f"{file.stem}-whole"))
        return int(too_wide)
    finally:
        page.close()


def settle(page: Page) -> None:
    """Wait until a page has run to its end and drawn its charts."""
    page.locator("[data-testid=stMainBlockContainer]").wait_for()
    page.locator(".wh-question").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(SETTLED_MS)
    page.locator("[data-test-script-state=notRunning]").wait_for()


if __name__ == "__main__":
    main()

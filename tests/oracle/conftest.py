"""Companies as the oracle sees them, each beside its home with a built candidate."""

from datetime import date
from pathlib import Path

import pytest

from examples.nordic_espresso import generate
from examples.nordic_espresso.company import Plan
from marketing_warehouse import journal
from marketing_warehouse.build import build
from marketing_warehouse.config import Config, read_config
from marketing_warehouse.land import land
from marketing_warehouse.load import load
from marketing_warehouse.paths import Home
from marketing_warehouse.personal import hash_email
from tests.oracle.company import Company
from tests.oracle.landed_rows import landed_feeds
from tests.oracle.random_companies import RandomCompany, random_company
from tests.oracle.random_homes import with_extra, write_company
from tests.oracle.settings import Criterion, Settings
from tests.oracle.worked_company import worked_company

# Each of them holds every ugly case and has values of every KPI; test_random_companies counts.
SEEDS = (12, 19)
LAST_DAY = date(2026, 10, 31)


@pytest.fixture(scope="session", params=SEEDS, ids=lambda seed: f"company_{seed}")
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Company, Home]:
    """A random company as the oracle sees it, and its home with a built candidate."""
    folder = tmp_path_factory.mktemp(f"company_{request.param}")
    return _seen_and_built(random_company(request.param), folder)


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, Home]:
    """The company that was worked out by hand."""
    return _seen_and_built(worked_company(), tmp_path_factory.mktemp("worked_company"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, Home]:
    """The demo company, smaller than it is shown."""
    home = Home(tmp_path_factory.mktemp("demo_company") / "demo")
    generate(Plan(LAST_DAY, 400, 60, 1), home.path)
    home.create_hash_key()
    config = read_config(home.business_yml)
    _build(home, config, LAST_DAY, [source.name for source in config.sources])
    return _demo_company(home, LAST_DAY), home


def _seen_and_built(made: RandomCompany, folder: Path) -> tuple[Company, Home]:
    home = Home(folder / "home")
    home.create_hash_key()
    write_company(made, home)
    config = read_config(home.business_yml)
    _build(home, config, made.settings.as_of, list(made.feeds))
    return Company(made.settings, with_extra(made)), home


def _build(home: Home, config: Config, as_of: date, sources: list[str]) -> None:
    load_id = journal.start(home, as_of)
    for source in sources:
        land(home, config, source, load_id)
    assert not load(home, config, load_id).refused
    build(home, config, load_id, as_of)


def _demo_company(home: Home, as_of: date) -> Company:
    """The demo company by the oracle: what its business.yml says, in Python."""
    feeds, ids, zones = landed_feeds(home)
    settings = Settings(
        as_of=as_of,
        ignore=(hash_email("info@example.com", home.hash_key()) or "",),
        phones_are_hashed=True,
        ids=ids,
        source_timezones=zones,
        target_audience=(
            Criterion(
                "serves_their_country", lambda lead: lead["country"] in ("RO", "MD", "BG", "HU")
            ),
            Criterion(
                "drinks_coffee_here",
                lambda lead: lead["extra"]["segment"] in ("cafe", "hotel", "office", "home"),
            ),
        ),
        lead_filter=(
            Criterion("decision_maker", lambda lead: lead["is_decision_maker"]),
            Criterion("budget", lambda lead: float(lead["extra"]["declared_budget"]) >= 300),
            Criterion(
                "soon",
                lambda lead: int(lead["extra"]["wish_months"]) <= 6,
                valid_from=date(2026, 1, 1),
            ),
        ),
    )
    return Company(settings, feeds)

"""The models against the oracle on the demo company, smaller than it is shown."""

from datetime import date
from pathlib import Path

from examples.nordic_espresso import generate
from examples.nordic_espresso.company import Plan
from marketing_warehouse import journal
from marketing_warehouse.build import build
from marketing_warehouse.config import read_config
from marketing_warehouse.land import land
from marketing_warehouse.load import load
from marketing_warehouse.paths import Home
from marketing_warehouse.personal import hash_email
from tests.oracle.company import Company
from tests.oracle.comparison import as_text, differences, missing_kpis, models_scorecard
from tests.oracle.landed_rows import landed_feeds
from tests.oracle.scorecard import scorecard
from tests.oracle.settings import Criterion, Settings

LAST_DAY = date(2026, 10, 31)


def test_the_demo_companys_scorecard_is_the_oracles_row_by_row(tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    generate(Plan(LAST_DAY, 400, 60, 1), home.path)
    home.create_hash_key()
    config = read_config(home.business_yml)
    load_id = journal.start(home, LAST_DAY)
    for source in config.sources:
        land(home, config, source.name, load_id)
    assert not load(home, config, load_id).refused
    build(home, config, load_id, LAST_DAY)

    found = models_scorecard(home)
    assert missing_kpis(found) == set()
    computed = scorecard(demo_company(home, LAST_DAY))
    assert [as_text(one) for one in differences(computed, found)] == []


def demo_company(home: Home, as_of: date) -> Company:
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

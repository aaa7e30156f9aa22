"""A load does not count days on which nothing had happened yet."""

from datetime import date

import duckdb
import pytest

from marketing_warehouse import raw_tables
from marketing_warehouse.config import Config, read_config
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.history import first_event, require_history
from marketing_warehouse.paths import Home

BUSINESS = """\
business: {name: Mini, currency: EUR, timezone: Europe/Bucharest, country: RO}
sources:
  - {name: shop, feed: orders, connector: csv, path: inbox/orders.csv}
"""


@pytest.fixture
def config(home: Home) -> Config:
    home.business_yml.write_text(BUSINESS)
    return read_config(home.business_yml)


def fill(home: Home, *statements: str) -> None:
    with duckdb.connect(str(home.raw)) as connection:
        raw_tables.create(connection)
        for statement in statements:
            connection.execute(statement)


def test_the_first_event_is_dated_in_the_zone_of_the_business(home: Home, config: Config) -> None:
    """23:30 UTC on the 9th is half past one on the 10th in Bucharest, where winter is UTC+2."""
    fill(home, "insert into raw.raw.orders (ordered_at) values ('2026-01-09 23:30:00')")
    assert first_event(home, config) == date(2026, 1, 10)
    require_history(home, config, date(2026, 1, 10))
    with pytest.raises(ConfigError, match="the first event is of 2026-01-10"):
        require_history(home, config, date(2026, 1, 9))


def test_rates_targets_and_impossible_dates_are_no_events(home: Home, config: Config) -> None:
    fill(
        home,
        "insert into raw.raw.fx_rates (rate_date) values ('2020-01-01')",
        "insert into raw.raw.kpi_targets (period_start) values ('2020-01-01')",
        "insert into raw.raw.leads (created_at) values ('1970-01-01 00:00:00')",
        "insert into raw.raw.ad_spend (spend_date) values ('2026-02-01')",
    )
    assert first_event(home, config) == date(2026, 2, 1)


def test_a_home_without_any_event_has_no_first_one(home: Home, config: Config) -> None:
    fill(home)
    assert first_event(home, config) is None
    require_history(home, config, date(2026, 1, 9))

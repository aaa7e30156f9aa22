"""History: the first day of which a home can tell anything."""

from datetime import date

import duckdb

from marketing_warehouse.config import Config
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.feeds import FEEDS, Feed, Kind
from marketing_warehouse.paths import Home

# Rates and targets say nothing of what happened.
EVENTS = [feed for name, feed in FEEDS.items() if name not in ("fx_rates", "kpi_targets")]


def require_history(home: Home, config: Config, through: date) -> None:
    """Refuse to build marts of days before anything had happened.

    Raises:
        ConfigError: the first event lies after the last day to count.
    """
    first = first_event(home, config)
    if first and first > through:
        raise ConfigError(
            f"Nothing had happened by {through}: the first event is of {first}, so count "
            "up to that day or a later one."
        )


def first_event(home: Home, config: Config) -> date | None:
    """Return the business date of the earliest event loaded, or None if there is none."""
    firsts = " union all ".join(_first_of(feed) for feed in EVENTS)
    settings = {"zone": config.business.timezone, "history_from": config.history_from}
    with duckdb.connect(str(home.raw), read_only=True) as connection:
        row = connection.execute(
            f"select min(day) from ({firsts}) where day >= $history_from",  # noqa: S608  # our names
            settings,
        ).fetchone()
    return row[0] if row else None


def _first_of(feed: Feed) -> str:
    moment = feed.dated_by
    if feed.column(moment).kind is Kind.DATE:
        day = moment
    else:
        day = f"cast(timezone($zone, timezone('UTC', {moment})) as date)"
    return f"select {day} as day from raw.raw.{feed.name} where {moment} is not null"  # noqa: S608

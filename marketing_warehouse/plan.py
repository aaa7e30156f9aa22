"""Plan: check the settings, decide which days count, and open the journal of a load."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from marketing_warehouse import journal
from marketing_warehouse.config import Config, read_config
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.paths import Home
from marketing_warehouse.schedule import business_timezone

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What one load is going to do: its id, its last day, and the sources to land."""

    load_id: str
    through: date
    sources: list[str]


def plan(
    home: Home, through: str | None = None, interval: tuple[datetime, datetime] | None = None
) -> Plan:
    """Open a load of a home, and refuse what cannot become one before anything is read.

    Args:
        home: the business.
        through: the last day to count, as YYYY-MM-DD, when a person asked for one.
        interval: the moments between which a schedule wants the data; None for a run by hand.

    Raises:
        ConfigError: the settings, the day or the schedule are wrong, or there is no hash key.
    """
    zone = ZoneInfo(business_timezone(home))
    load_id = journal.start(home, _day_named(through) or _last_day(zone, interval))
    with journal.step(home, load_id, "plan") as entry:
        config = read_config(home.business_yml)
        home.hash_key()
        day = last_day_of(config, through, interval)
        sources = [source.name for source in config.sources]
        entry.details = {"through": str(day), "sources": sources}
    return Plan(load_id, day, sources)


def last_day_of(
    config: Config,
    through: str | None = None,
    interval: tuple[datetime, datetime] | None = None,
) -> date:
    """Return the last day that a load counts: the one asked for, the schedule's, or yesterday.

    Raises:
        ConfigError: the day is no date, lies in the future or before all history, or the
            schedule's interval is empty.
    """
    zone = ZoneInfo(config.business.timezone)
    if through is None:
        if interval is not None and interval[0] >= interval[1]:
            raise ConfigError(
                f"The schedule gave an empty interval (from {interval[0]} to {interval[1]}), so "
                "there is nothing to load: schedule the DAG by a timetable with data intervals."
            )
        return _last_day(zone, interval)
    day = _day_named(through)
    today = datetime.now(zone).date()
    if day is None:
        raise ConfigError(f"--through {through!r} is no day: write it as YYYY-MM-DD.")
    if day >= today:
        raise ConfigError(
            f"--through {day} is not over yet in {zone.key}: the last day that can be counted is "
            f"{today - ONE_DAY}."
        )
    if day < config.history_from:
        raise ConfigError(
            f"--through {day} lies before all history, which begins {config.history_from}."
        )
    return day


def _last_day(zone: ZoneInfo, interval: tuple[datetime, datetime] | None) -> date:
    """Return the day before the end of an interval, by default before today."""
    end = interval[1] if interval else datetime.now(UTC)
    return end.astimezone(zone).date() - ONE_DAY


def _day_named(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

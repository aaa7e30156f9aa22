"""Read the feeds: quarantine what does not fit, keep the latest valid version of each key."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.casting import FEEDS, Feed, MisfitError, cast
from tests.oracle.money import NoRateError, Rates
from tests.oracle.settings import Settings

TextRow = Mapping[str, object]
TypedRow = dict[str, Any]

LATEST_AFTER_AS_OF = timedelta(days=366)
BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class Reading:
    """What became of the rows of one feed."""

    read: int = 0
    current: list[TypedRow] = field(default_factory=list)
    after_as_of: list[TypedRow] = field(default_factory=list)
    quarantined: list[tuple[TextRow, str]] = field(default_factory=list)

    @property
    def accounting(self) -> Counter[str]:
        """Return how many rows were read, and where they are now."""
        kept = len(self.current) + len(self.after_as_of) + len(self.quarantined)
        return Counter(
            read=self.read,
            current=len(self.current),
            superseded=self.read - kept,
            after_as_of=len(self.after_as_of),
            quarantined=len(self.quarantined),
        )


def read_feeds(
    settings: Settings, feeds: Mapping[str, Iterable[TextRow]]
) -> tuple[dict[str, Reading], Rates]:
    """Read all feeds, the rates first: without its rate a row does not fit."""
    no_rates = Rates([])
    published = read_feed(settings, "fx_rates", _rates_only(feeds.get("fx_rates", [])), no_rates)
    rates = Rates(
        (row["currency"], row["rate_date"], row["rate"])
        for row in [*published.current, *published.after_as_of]
    )
    readings = {
        name: read_feed(settings, name, feeds.get(name, []), rates)
        for name in FEEDS
        if name != "fx_rates"
    }
    return {**readings, "fx_rates": published}, rates


def _rates_only(rows: Iterable[TextRow]) -> list[TextRow]:
    return [row for row in rows if row.get("rate") not in (None, "", "N/A")]


def read_feed(settings: Settings, name: str, rows: Iterable[TextRow], rates: Rates) -> Reading:
    """Sort the rows of one feed into current, superseded, after as-of and quarantined."""
    feed = FEEDS[name]
    reading = Reading()
    latest: dict[tuple, tuple[tuple, TypedRow]] = {}
    faults: dict[tuple, tuple[TextRow, str]] = {}
    for row in rows:
        reading.read += 1
        try:
            typed = _fitting(settings, name, row, rates)
        except MisfitError as misfit:
            faults[_content(feed, row, str(misfit))] = (row, str(misfit))
            continue
        key = tuple(typed[column] or "" for column in feed.key)
        place = _place(row, typed)
        if key not in latest or latest[key][0] <= place:
            latest[key] = (place, typed)
    reading.quarantined = list(faults.values())
    for _, typed in latest.values():
        is_later = typed["_date"] > settings.as_of
        (reading.after_as_of if is_later else reading.current).append(typed)
    return reading


def _fitting(settings: Settings, name: str, row: TextRow, rates: Rates) -> TypedRow:
    feed = FEEDS[name]
    source = str(row.get("_source", ""))
    zone = ZoneInfo(settings.source_timezones.get(source, settings.timezone))
    typed = cast(feed, row, settings.ids.get(source, ""), zone)
    typed["_source"] = source
    dated = typed[feed.dated_by]
    typed["_date"] = settings.business_date(dated) if isinstance(dated, datetime) else dated
    if name == "kpi_targets":
        typed["dimension"] = typed["dimension"] or "all"
        typed["member"] = typed["member"] or "all"
    if name not in ("fx_rates", "kpi_targets"):
        _check_date(settings, typed["_date"])
        if name == "process_costs" and typed["period_end"] < typed["period_start"]:
            raise MisfitError("period_end lies before period_start")
        _convert(settings, name, typed, rates)
    return typed


def _check_date(settings: Settings, day: date) -> None:
    if day < settings.history_from:
        raise MisfitError(f"{day} lies before history_from")
    if day > settings.as_of + LATEST_AFTER_AS_OF:
        raise MisfitError(f"{day} lies more than 366 days after as-of")


def _convert(settings: Settings, name: str, typed: TypedRow, rates: Rates) -> None:
    """Put each amount's value in the business's currency under `_<column>`."""
    feed = FEEDS[name]
    if not feed.amounts:
        return
    currency = typed["currency"] or settings.currency
    try:
        for column in feed.amounts:
            amount = typed[column]
            typed[f"_{column}"] = (
                None
                if amount is None
                else rates.convert(amount, currency, settings.currency, typed["_date"])
            )
    except NoRateError as missing:
        raise MisfitError(str(missing)) from missing


def _place(row: TextRow, typed: TypedRow) -> tuple:
    """Return what decides which version is later: time, delivery, file, line."""
    return (
        typed.get("updated_at") or BEFORE_ALL,
        int(str(row.get("_delivery", 0))),
        str(row.get("_file", "")),
        int(str(row.get("_line", 0))),
    )


def _content(feed: Feed, row: TextRow, reason: str) -> tuple:
    values = tuple(str(row.get(column) or "") for column in (*feed.columns, "extra", "_source"))
    return (*values, reason)

"""What a business says about itself, as the oracle needs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

Judgement = Callable[[Mapping[str, object]], bool | None]


@dataclass(frozen=True)
class Criterion:
    """A written criterion: it judges the leads whose business date lies in its validity."""

    name: str
    holds: Judgement
    valid_from: date | None = None
    valid_to: date | None = None

    def judges(self, day: date) -> bool:
        """Say whether a lead of this business date is judged by the criterion."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def is_met(self, lead: Mapping[str, object]) -> bool:
        """Judge a lead; unknown and a cast that fails are both "not met"."""
        try:
            return self.holds(lead) is True
        except (ArithmeticError, KeyError, TypeError, ValueError):
            return False


@dataclass(frozen=True)
class Settings:
    """The business, with the dictionary's defaults."""

    as_of: date
    currency: str = "EUR"
    timezone: str = "Europe/Bucharest"
    country: str = "RO"
    customer_after: int = 1
    lead_dedup_days: int = 30
    lead_to_customer_days: int = 365
    first_contact_hours: int = 24
    maturity_days: int = 90
    active_customer_days: int = 365
    lead_events: tuple[str, ...] = (
        "inbound_call",
        "web_form",
        "store_visit",
        "decision_maker_interest",
    )
    match_on: tuple[str, ...] = ("customer_id", "email", "phone")
    ignore: tuple[str, ...] = ()
    phones_are_hashed: bool = False  # as landed: compared as they are
    target_audience: tuple[Criterion, ...] = ()
    lead_filter: tuple[Criterion, ...] = ()
    history_from: date = date(2000, 1, 1)
    # Of a source: the namespace of its ids, and the zone of its times that carry none.
    ids: Mapping[str, str] = field(default_factory=dict)
    source_timezones: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def as_of_moment(self) -> datetime:
        """The end of the last loaded day, in UTC."""
        next_day = self.as_of + timedelta(days=1)
        return datetime.combine(next_day, time_of_day(), self.zone).astimezone(UTC)

    def business_date(self, moment: datetime) -> date:
        """Return the day of a moment in the business's zone."""
        return moment.astimezone(self.zone).date()

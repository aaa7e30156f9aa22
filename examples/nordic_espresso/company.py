"""Who Nordic Espresso is: methods, units, sellers, buyers, and how much of each there is."""

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Bucharest")
LEADS_PER_CUSTOMER = 8
# The prices and wages below are those of a company with this many leads a month.
LEADS_PER_MONTH = 833
# From this day on the forms ask how soon the machine is wanted; business.yml says the same.
ASKED_HOW_SOON_FROM = date(2026, 1, 1)
SMALLEST_BUDGET = 300
LATEST_WISH_MONTHS = 6


@dataclass(frozen=True)
class Segment:
    """A kind of buyer: what they buy first, and how they come back. Prices in whole euro."""

    name: str
    machine_price: int
    machine_share: float
    coffee_price: int
    days_between_orders: int
    stays: float
    budget: int
    is_company: bool


SEGMENTS = {
    segment.name: segment
    for segment in (
        Segment("cafe", 2150, 0.80, 165, 30, 0.935, 2600, True),
        Segment("hotel", 1750, 0.75, 180, 34, 0.925, 1900, True),
        Segment("office", 640, 0.65, 75, 40, 0.89, 900, True),
        Segment("home", 340, 0.30, 34, 46, 0.72, 330, False),
        # These fill in a form, too, but the company has nothing for them.
        Segment("student", 90, 0.05, 18, 90, 0.20, 90, False),
        Segment("reseller", 300, 0.10, 60, 90, 0.20, 250, True),
    )
}


@dataclass(frozen=True)
class Method:
    """A way of informing people, and the people whom it brings."""

    name: str
    lead_share: float
    cost_per_lead: int  # euro
    lead_event: str
    converts: float  # of the good leads called in time
    comes_back: float  # factor on how long the segment stays
    decides: float
    audience: dict[str, float]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    hours: tuple[int, int] = (7, 22)


def _audience(cafe: int, hotel: int, office: int, home: int, misfit: int) -> dict[str, float]:
    return {
        "cafe": cafe,
        "hotel": hotel,
        "office": office,
        "home": home,
        "student": misfit * 0.7,
        "reseller": misfit * 0.3,
    }


WORKDAYS = (0, 1, 2, 3, 4)
METHODS = {
    method.name: method
    for method in (
        Method("google_ads", 0.27, 17, "web_form", 0.26, 0.98, 0.84, _audience(9, 5, 25, 47, 14)),
        Method("facebook", 0.24, 7, "web_form", 0.12, 0.80, 0.66, _audience(2, 1, 7, 58, 32)),
        Method("organic", 0.14, 5, "web_form", 0.24, 1.00, 0.82, _audience(8, 5, 20, 52, 15)),
        Method(
            "outbound_calls",
            0.11,
            24,
            "decision_maker_interest",
            0.15,
            0.97,
            1.0,
            _audience(22, 14, 60, 0, 4),
            WORKDAYS,
            (9, 17),
        ),
        Method(
            "fair",
            0.09,
            58,
            "decision_maker_interest",
            0.43,
            1.02,
            1.0,
            _audience(58, 22, 12, 5, 3),
            (3, 4, 5),
            (10, 18),
        ),
        Method(
            "store_visit",
            0.08,
            11,
            "store_visit",
            0.26,
            1.00,
            0.92,
            _audience(5, 2, 13, 70, 10),
            (0, 1, 2, 3, 4, 5),
            (9, 19),
        ),
        Method(
            "partner_referral",
            0.04,
            42,
            "inbound_call",
            0.30,
            1.02,
            0.92,
            _audience(28, 12, 42, 14, 4),
            WORKDAYS,
            (9, 18),
        ),
        Method(
            "direct_mail",
            0.03,
            38,
            "inbound_call",
            0.14,
            0.95,
            0.78,
            _audience(14, 8, 38, 30, 10),
            WORKDAYS,
            (9, 18),
        ),
    )
}


@dataclass(frozen=True)
class Unit:
    """A sales office with its two sellers; wages in lei a month."""

    name: str
    sellers: tuple[str, str]
    lead_share: float
    fair_share: float
    wages: tuple[int, int]


# The stands at the fairs are run from Cluj, so most of the fairs' leads go there.
UNITS = {
    unit.name: unit
    for unit in (
        Unit("Bucharest", ("Ioana", "Mihai"), 0.47, 0.17, (9400, 8900)),
        Unit("Cluj", ("Radu", "Elena"), 0.27, 0.68, (9100, 8300)),
        Unit("Iași", ("Ana", "Vlad"), 0.26, 0.15, (7900, 7600)),
    )
}


@dataclass(frozen=True)
class Plan:
    """How big the company is, and which days it lives; the same plan makes the same files."""

    until: date
    days: int
    customers: int
    seed: int

    @property
    def start(self) -> date:
        return self.until - timedelta(days=self.days - 1)

    @property
    def leads(self) -> int:
        return self.customers * LEADS_PER_CUSTOMER

    @property
    def scale(self) -> float:
        """How big this company is beside the one whose wages are written above."""
        return self.leads / (self.days / 30.4) / LEADS_PER_MONTH

    @cached_property
    def dates(self) -> tuple[date, ...]:
        return tuple(self.start + timedelta(days=number) for number in range(self.days))

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The first days of all months that the company touches."""
        return tuple(sorted({day.replace(day=1) for day in self.dates}))

    @cached_property
    def fair_days(self) -> frozenset[date]:
        """The days of the stand; a company too young for a fair has a coffee morning at the end."""
        return frozenset(filter(_is_fair_day, self.dates)) or frozenset((self.until,))

    def random(self, topic: str) -> random.Random:
        """Return dice of this topic's own, so that a change in one file leaves the others."""
        return random.Random(f"{self.seed} {topic}")

    def is_over(self, moment: datetime) -> bool:
        return moment.date() > self.until

    def bustle(self, day: date) -> float:
        """How lively a day is: growth of a quarter over two years, quiet summers, busy Advent."""
        growth = 1 + 0.25 * (day - self.start).days / 730
        season = 1 + 0.16 * math.cos((day.timetuple().tm_yday - 335) / 365 * 2 * math.pi)
        return growth * season * (0.72 if day.weekday() >= 5 else 1.0)

    def is_late(self, day: date) -> bool:
        """Whether the last two fifths have begun, when things in Cluj got worse."""
        return (day - self.start).days >= self.days * 0.6


def _is_fair_day(day: date) -> bool:
    """Whether the stand is up: Thursday to Saturday about the month's second Saturday."""
    saturday = day + timedelta(days=5 - day.weekday())
    return day.weekday() in (3, 4, 5) and 8 <= saturday.day <= 14


def month_end(month: date) -> date:
    """Return the last day of the month that begins on `month`."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

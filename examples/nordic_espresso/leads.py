"""The leads: who asked, when, through which method, and how well they fit."""

import random
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from examples.nordic_espresso.company import (
    ASKED_HOW_SOON_FROM,
    LATEST_WISH_MONTHS,
    METHODS,
    SEGMENTS,
    SMALLEST_BUDGET,
    UNITS,
    Method,
    Plan,
)
from examples.nordic_espresso.people import Crowd, Person

# Contacts that say no more than "send me something", for each lead of the method.
CONTACTS_PER_LEAD = {
    "outbound_calls": ("decision_maker_interest", 0.9),  # the secretary's "just send it"
    "fair": ("badge_scan", 0.5),
    "facebook": ("newsletter_signup", 0.12),
    "organic": ("newsletter_signup", 0.15),
    "direct_mail": ("brochure_request", 0.5),
}
SHARE_ASKING_TWICE = 0.06
SHARE_COMING_BACK = 0.03


@dataclass(slots=True)
class Contact:
    """One row of the CRM or of the stand's scanner; `created_at` is local time."""

    number: int
    created_at: datetime
    method: str
    lead_event: str
    person: Person
    seller: str | None
    campaign_id: str | None
    is_decision_maker: bool | None
    budget: int | None
    wish_months: int | None
    is_lead: bool
    is_repeat: bool = False
    lead_id: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the written criteria of business.yml say that a seller should call."""
        asked = self.created_at.date() >= ASKED_HOW_SOON_FROM
        return (
            bool(self.is_decision_maker)
            and (self.budget or 0) >= SMALLEST_BUDGET
            and (not asked or (self.wish_months is not None and self._is_soon))
        )

    @property
    def _is_soon(self) -> bool:
        return self.wish_months is not None and self.wish_months <= LATEST_WISH_MONTHS


def make_contacts(plan: Plan, campaigns: dict[str, tuple[str, ...]]) -> list[Contact]:
    """Return everybody who got in touch, in the order of time."""
    dice = plan.random("leads")
    crowd = Crowd(plan.random("people"))
    lately: list[Contact] = []
    contacts: list[Contact] = []
    for moment, method, event, is_lead in sorted(_moments(plan, dice), key=lambda seen: seen[0]):
        person, is_repeat = _who(dice, crowd, lately, method, moment)
        contact = _contact(dice, method, event, moment, person, is_lead)
        contact.number = len(contacts) + 1
        contact.is_repeat = is_repeat and is_lead
        contact.lead_id = _lead_id(contact)
        if campaigns.get(method.name):
            contact.campaign_id = dice.choice(campaigns[method.name])
        contacts.append(contact)
        if is_lead:
            lately.append(contact)
    return contacts


def _moments(plan: Plan, dice: random.Random) -> list[tuple[datetime, Method, str, bool]]:
    """Return when something happens, by which method, and whether it is a lead."""
    happenings = []
    repeats = 1 + SHARE_ASKING_TWICE + SHARE_COMING_BACK
    for method in METHODS.values():
        days = [day for day in plan.dates if _is_at_work(plan, method, day)]
        if not days:
            continue
        weights = [plan.bustle(day) for day in days]
        leads = max(1, round(plan.leads * method.lead_share * repeats))
        for day in dice.choices(days, weights, k=leads):
            happenings.append((_moment(dice, day, method), method, method.lead_event, True))
        event, share = CONTACTS_PER_LEAD.get(method.name, ("", 0.0))
        for day in dice.choices(days, weights, k=round(leads * share)):
            happenings.append((_moment(dice, day, method), method, event, False))
    return happenings


def _is_at_work(plan: Plan, method: Method, day: date) -> bool:
    if method.name == "fair":
        return day in plan.fair_days
    return day.weekday() in method.weekdays


def _moment(dice: random.Random, day: date, method: Method) -> datetime:
    opens, closes = method.hours
    start = datetime.combine(day, time(opens))
    return start + timedelta(seconds=dice.randrange((closes - opens) * 3600))


def _who(
    dice: random.Random, crowd: Crowd, lately: list[Contact], method: Method, moment: datetime
) -> tuple[Person, bool]:
    """Return the person, and whether they have asked within the last four weeks."""
    chance = dice.random()
    a_month_ago = bisect_left(lately, moment - timedelta(days=28), key=lambda seen: seen.created_at)
    if chance < SHARE_ASKING_TWICE and a_month_ago < len(lately):
        return lately[dice.randrange(a_month_ago, len(lately))].person, True
    if SHARE_ASKING_TWICE < chance < SHARE_ASKING_TWICE + SHARE_COMING_BACK and a_month_ago > 50:
        return lately[dice.randrange(a_month_ago - 20)].person, False
    segment = dice.choices(tuple(method.audience), tuple(method.audience.values()))[0]
    units = tuple(UNITS.values())
    shares = [unit.fair_share if method.name == "fair" else unit.lead_share for unit in units]
    return crowd.newcomer(segment, dice.choices(units, shares)[0].name), False


def _contact(
    dice: random.Random,
    method: Method,
    event: str,
    moment: datetime,
    person: Person,
    is_lead: bool,
) -> Contact:
    decides = dice.random() < (method.decides if is_lead else 0.1)
    if event == "decision_maker_interest":
        decides = is_lead
    has_seller = dice.random() < (0.96 if is_lead else 0.3)
    return Contact(
        number=0,
        created_at=moment,
        method=method.name,
        lead_event=event,
        person=person,
        seller=dice.choice(UNITS[person.unit].sellers) if has_seller else None,
        campaign_id=None,
        is_decision_maker=None if dice.random() < 0.02 and not is_lead else decides,
        budget=_budget(dice, person) if is_lead else None,
        wish_months=_wish_months(dice, moment) if is_lead else None,
        is_lead=is_lead,
    )


def _budget(dice: random.Random, person: Person) -> int | None:
    """Return what the person says they can spend, in euro, or nothing."""
    if dice.random() < 0.06:
        return None
    return max(30, round(dice.lognormvariate(0, 0.55) * SEGMENTS[person.segment].budget / 10) * 10)


def _wish_months(dice: random.Random, moment: datetime) -> int | None:
    if moment.date() < ASKED_HOW_SOON_FROM or dice.random() < 0.03:
        return None
    return dice.choices((1, 2, 3, 4, 6, 9, 12), (24, 22, 20, 12, 10, 7, 5))[0]


def _lead_id(contact: Contact) -> str:
    if contact.method == "fair":
        return f"F-{contact.created_at:%Y%m}-{contact.number:05d}"
    return f"L{100_000 + contact.number}"

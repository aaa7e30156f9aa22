"""The selling: what each seller does with a lead, and which of them become customers."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from examples.nordic_espresso.company import METHODS, Plan
from examples.nordic_espresso.leads import Contact

# Radu picks the leads that he likes; Ioana visits everybody, whether they can buy or not.
PICKY, EAGER = "Radu", "Ioana"
# Nobody in Cluj calls the fair's leads before the office's meeting on what came in.
SLOW_UNIT, SLOW_METHOD = "Cluj", "fair"
REASONS_CUT = ("too small", "only looking", "does not decide", "wants a job", "supplier")
REASONS_LOST = ("price", "bought elsewhere", "no answer", "postponed", "delivery time")


@dataclass(slots=True)
class Activity:
    """One thing that a seller did about a lead; `happened_at` is local time."""

    lead: Contact
    happened_at: datetime
    activity: str
    reason: str | None = None


@dataclass(slots=True)
class Win:
    """A lead that became a customer, and the moment they decided."""

    lead: Contact
    won_at: datetime


def sell(plan: Plan, contacts: list[Contact]) -> tuple[list[Activity], list[Win]]:
    """Return what the sellers did and whom they won, up to the last day."""
    dice = plan.random("selling")
    activities: list[Activity] = []
    wins: list[Win] = []
    for lead in contacts:
        if not lead.is_lead:
            continue
        if lead.is_repeat:
            activities += _note_of_a_repeat(dice, lead)
            continue
        called_at = _first_call(plan, dice, lead)
        won_at = _won_at(dice, lead, called_at)
        if won_at is not None and not plan.is_over(won_at):
            wins.append(Win(lead, won_at))
        if called_at is not None:
            activities += _conversation(dice, lead, called_at, won_at)
    happened = [activity for activity in activities if not plan.is_over(activity.happened_at)]
    happened.sort(key=lambda activity: (activity.happened_at, activity.lead.number))
    return happened, wins


def _note_of_a_repeat(dice: random.Random, lead: Contact) -> list[Activity]:
    if dice.random() < 0.5:
        return []
    noted_at = _at_work(lead.created_at + timedelta(hours=dice.uniform(0.5, 8)))
    return [Activity(lead, noted_at, "other", "asked again")]


def _first_call(plan: Plan, dice: random.Random, lead: Contact) -> datetime | None:
    """Return when the lead is called for the first time, if ever."""
    never, late, hours_when_late = _habit(plan, lead)
    chance = dice.random()
    if chance < never:
        return None
    if chance < never + late:
        delay = max(25.0, dice.gauss(hours_when_late, 9))
    else:
        delay = min(dice.expovariate(1 / 4.2) + 0.1, 10.0)
    return _at_work(lead.created_at + timedelta(hours=delay))


def _habit(plan: Plan, lead: Contact) -> tuple[float, float, float]:
    """Return how often such a lead is never called or called late, and how late in hours."""
    if lead.seller is None:
        return 0.16, 0.20, 50
    if not lead.is_good:
        return (0.06, 0.05, 34) if lead.seller == EAGER else (0.48, 0.10, 40)
    if lead.method == SLOW_METHOD and lead.person.unit == SLOW_UNIT:
        never = 0.44 if plan.is_late(lead.created_at.date()) else 0.35
        return (never + 0.12, 0.38, 47) if lead.seller == PICKY else (never - 0.05, 0.48, 47)
    if lead.seller == PICKY:
        return 0.28, 0.24, 40
    return 0.04, 0.05, 32


def _at_work(moment: datetime) -> datetime:
    """Move a moment of the night to the next morning, and drop what no clock shows."""
    moment = moment.replace(microsecond=0)
    if 8 <= moment.hour < 20:
        return moment
    morning = moment.replace(hour=8, minute=moment.minute // 2)
    return morning + timedelta(days=1) if moment.hour >= 20 else morning


def _won_at(dice: random.Random, lead: Contact, called_at: datetime | None) -> datetime | None:
    chance = METHODS[lead.method].converts
    if not lead.is_good:
        chance *= 0.13
    if lead.person.segment in ("student", "reseller"):
        chance *= 0.25
    if called_at is None:
        chance *= 0.10
    elif called_at - lead.created_at > timedelta(hours=24):
        chance *= 0.35
    if dice.random() >= chance:
        return None
    days = min(dice.expovariate(1 / (13 if lead.person.is_company else 6)) + 0.3, 75)
    return _at_work((called_at or lead.created_at) + timedelta(days=days))


def _conversation(
    dice: random.Random, lead: Contact, called_at: datetime, won_at: datetime | None
) -> list[Activity]:
    """Return the calls, meetings and offers about one lead, and how they ended."""
    done = [Activity(lead, called_at, "contacted")]
    is_worked = won_at is not None or lead.is_good
    if not is_worked:
        is_worked = dice.random() < (0.46 if lead.seller == EAGER else 0.07)
    if not is_worked:
        if dice.random() < 0.8:
            done.append(Activity(lead, called_at, "rejected", dice.choice(REASONS_CUT)))
        return done
    ends_at = won_at or _at_work(called_at + timedelta(days=dice.uniform(2, 40)))
    span = ends_at - called_at
    if dice.random() < (0.65 if lead.person.is_company else 0.2):
        done.append(Activity(lead, min(_at_work(called_at + span * 0.4), ends_at), "meeting"))
    if won_at or dice.random() < 0.6 or lead.seller == EAGER:
        done.append(Activity(lead, min(_at_work(called_at + span * 0.7), ends_at), "offer"))
    if won_at is not None:
        done.append(Activity(lead, won_at, "won"))
    elif dice.random() < 0.85:
        done.append(Activity(lead, ends_at, "lost", dice.choice(REASONS_LOST)))
    return done

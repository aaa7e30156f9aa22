"""The club: who joins, what their purchases earn, what they get for it, and what it costs."""

from datetime import datetime, timedelta
from pathlib import Path

from examples.nordic_espresso.buying import Purchase
from examples.nordic_espresso.company import Plan
from examples.nordic_espresso.files import (
    Row,
    by_quarter,
    money,
    offset,
    with_repeats,
    with_strays,
    write_csv,
)
from examples.nordic_espresso.people import Person, written_email, written_phone

HEADER = ("id", "at", "event", "card", "email", "phone", "points", "cost", "level")
POINTS_FOR_A_REWARD = 300
CENTS_FOR_A_REWARD = 900
POINTS_FOR_GOLD = 1500
Event = tuple[datetime, str, Person, int, int, str]


def give_cards(plan: Plan, purchases: list[Purchase]) -> None:
    """Give a card to everybody who joins the club before the last day is over."""
    number = 7000
    for purchase in purchases:
        person = purchase.person
        if person is None or person.card or person.member_since is None:
            continue
        if plan.is_over(person.member_since):
            person.member_since = None
            continue
        number += 1
        person.card = str(number)


def write_club(plan: Plan, inbox: Path, purchases: list[Purchase]) -> None:
    """Write the club's quarterly files; its numbers are the cards', not the shop's clients'."""
    dice = plan.random("club files")
    rows = []
    events = sorted(_events(plan, purchases), key=lambda event: (event[0], event[2].number))
    for number, (at, event, person, points, cost, level) in enumerate(events, start=1):
        # Who joins writes down e-mail and phone: that is how the card finds its client.
        email = written_email(dice, person.email) if event == "enrolled" else ""
        phone = written_phone(dice, person.phone) if event == "enrolled" else ""
        row = (
            f"E{number:06d}",
            offset(at),
            event,
            person.card,
            email,
            phone,
            points or "",
            money(cost) if cost else "",
            level,
        )
        rows.append((at, row))
    quarters = by_quarter(rows) or {f"{plan.until.year}-Q{(plan.until.month + 2) // 3}": []}
    for quarter, quarterly in quarters.items():
        full: list[Row] = with_repeats(dice, quarterly)
        if quarter == max(quarters):
            full = with_strays(dice, full, _strays(plan))
        write_csv(inbox / "club" / f"events_{quarter}.csv.gz", HEADER, full, delimiter="\t")


def _events(plan: Plan, purchases: list[Purchase]) -> list[Event]:
    events: list[Event] = []
    dice = plan.random("club")
    bought: dict[int, list[Purchase]] = {}
    members: dict[int, Person] = {}
    for purchase in purchases:
        person = purchase.person
        if person is not None and person.card is not None:
            members[person.number] = person
            if purchase.state == "completed":
                bought.setdefault(person.number, []).append(purchase)
    for number, person in members.items():
        life = _membership(person, bought.get(number, []))
        last_at = life[-1][0]
        if dice.random() < 0.3:
            life.append((last_at + timedelta(days=60, hours=1), "reminder", person, 0, 15, ""))
        if dice.random() < 0.06:
            life.append((last_at + timedelta(days=75, hours=2), "left", person, 0, 0, ""))
        events += [event for event in life if not plan.is_over(event[0])]
    return events


def _membership(person: Person, purchases: list[Purchase]) -> list[Event]:
    """Return one member's events but the last ones: joining, earning, levels, rewards."""
    joined_at = person.member_since
    if joined_at is None:
        return []
    life: list[Event] = [(joined_at, "enrolled", person, 0, 0, "silver")]
    balance = earned = 0
    for purchase in purchases:
        if purchase.bought_at < joined_at:
            continue
        at = purchase.bought_at + timedelta(minutes=1)
        points = (purchase.gross - purchase.discount) // 100
        was_gold = earned >= POINTS_FOR_GOLD
        balance, earned = balance + points, earned + points
        level = "gold" if earned >= POINTS_FOR_GOLD else "silver"
        life.append((at, "earned", person, points, 0, level))
        if level == "gold" and not was_gold:
            life.append((at + timedelta(minutes=1), "tier_changed", person, 0, 400, level))
        if balance >= POINTS_FOR_A_REWARD:
            rewards = min(balance // POINTS_FOR_A_REWARD, 3)
            balance -= rewards * POINTS_FOR_A_REWARD
            spent = -rewards * POINTS_FOR_A_REWARD
            cost = rewards * CENTS_FOR_A_REWARD
            life.append((at + timedelta(minutes=2), "redeemed", person, spent, cost, level))
    return life


def _strays(plan: Plan) -> list[Row]:
    """Return events that do not fit: one of an unknown kind, one of nobody."""
    at = offset(datetime(plan.until.year, plan.until.month, plan.until.day, 12))
    return [
        ("E900001", at, "adjusted", "7001", "", "", "10", "", ""),
        ("E900002", at, "earned", "", "", "", "25", "", ""),
    ]

"""The buying: what each customer buys, from the first order to the last, in euro cents."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from examples.nordic_espresso.company import METHODS, SEGMENTS, UNITS, Plan
from examples.nordic_espresso.people import Crowd, Person
from examples.nordic_espresso.selling import Win

SHARE_WITHOUT_A_LEAD = 0.16
# Cost of goods, as a part of the price.
COST_OF = {"machine": 0.68, "coffee": 0.54, "training": 0.35, "care": 0.45}
# How often a customer joins the club with or soon after the first order, by method.
JOINS = {"fair": 0.62, "facebook": 0.22, "store_visit": 0.58, "partner_referral": 0.5}


@dataclass(slots=True)
class Line:
    """One article of an order; amounts in cents of a euro, without tax."""

    article: str
    quantity: int
    price: int
    cost: int


@dataclass(slots=True)
class Purchase:
    """One order, by whom, when (local time) and through which channel."""

    person: Person | None
    bought_at: datetime
    channel: str  # web, seller or till
    lines: list[Line]
    lead_id: str | None = None
    discount: int = 0
    state: str = "completed"
    refund: int = 0
    returned_at: datetime | None = None
    number: int = 0

    @property
    def gross(self) -> int:
        return sum(line.price for line in self.lines)

    @property
    def cost(self) -> int:
        return sum(line.cost for line in self.lines)


def buy(plan: Plan, wins: list[Win]) -> list[Purchase]:
    """Return everything that was bought by people who gave their names, in the order of time."""
    dice = plan.random("buying")
    purchases: list[Purchase] = []
    customers: set[int] = set()
    for win in sorted(wins, key=lambda won: (won.won_at, won.lead.number)):
        person = win.lead.person
        channel = "seller" if person.is_company or dice.random() < 0.25 else "web"
        lead_id = win.lead.lead_id if channel == "seller" and dice.random() < 0.92 else None
        first = Purchase(person, win.won_at, channel, _first_basket(dice, person), lead_id)
        purchases.append(first)
        if person.number not in customers:
            customers.add(person.number)
            purchases += _life(plan, dice, person, win.won_at, win.lead.method)
    for person, first_at in _walk_ins(plan, dice):
        purchases.append(Purchase(person, first_at, "web", _first_basket(dice, person)))
        purchases += _life(plan, dice, person, first_at, "organic")
    purchases.sort(key=lambda bought: bought.bought_at)
    for number, purchase in enumerate(purchases):
        purchase.number = number
        _settle(plan, dice, purchase)
    return purchases


def _walk_ins(plan: Plan, dice: random.Random) -> list[tuple[Person, datetime]]:
    """Return the customers whom no lead announced, and when they come."""
    crowd = Crowd(plan.random("walk-ins"), first_number=10**6 + 1)
    days = dice.choices(
        plan.dates,
        [plan.bustle(day) for day in plan.dates],
        k=max(1, round(plan.customers * SHARE_WITHOUT_A_LEAD)),
    )
    units = tuple(UNITS)
    return [
        (
            crowd.newcomer(
                dice.choices(("home", "office", "cafe"), (80, 16, 4))[0], dice.choice(units)
            ),
            _hour_of_shopping(dice, day),
        )
        for day in days
    ]


def _hour_of_shopping(dice: random.Random, day: date) -> datetime:
    return datetime.combine(day, time(7)) + timedelta(seconds=dice.randrange(15 * 3600))


def _life(
    plan: Plan, dice: random.Random, person: Person, first_at: datetime, method: str
) -> list[Purchase]:
    """Return what a customer buys after the first order, until they stay away."""
    segment = SEGMENTS[person.segment]
    joins = dice.random() < JOINS.get(method, 0.36)
    stays = min(segment.stays * METHODS[method].comes_back + (0.02 if joins else 0), 0.96)
    if joins:
        person.member_since = first_at + timedelta(minutes=dice.choice((3, 8, 20, 1440, 4320)))
    purchases: list[Purchase] = []
    next_at = first_at
    while dice.random() < stays:
        days = max(3.0, dice.gauss(segment.days_between_orders, segment.days_between_orders / 4))
        next_at = _hour_of_shopping(dice, (next_at + timedelta(days=days)).date())
        if plan.is_over(next_at):
            break
        channel = "web"
        if person.segment == "home" and dice.random() < 0.35:
            channel = "till"
            next_at = next_at.replace(hour=9 + next_at.hour % 11)
        purchases.append(Purchase(person, next_at, channel, _later_basket(dice, person)))
    return purchases


def _first_basket(dice: random.Random, person: Person) -> list[Line]:
    segment = SEGMENTS[person.segment]
    lines = []
    if dice.random() < segment.machine_share:
        lines.append(_line(dice, "machine", segment.machine_price))
        if dice.random() < 0.25:
            lines.append(_line(dice, "training", 95))
    if not lines or dice.random() < 0.6:
        lines.append(_line(dice, "coffee", segment.coffee_price))
    return lines


def _later_basket(dice: random.Random, person: Person) -> list[Line]:
    segment = SEGMENTS[person.segment]
    lines = [_line(dice, "coffee", segment.coffee_price)]
    chance = dice.random()
    if chance < 0.10:
        lines.append(_line(dice, "care", 26))
    elif chance < 0.13:
        lines.append(_line(dice, "training", 95))
    elif chance < 0.14:
        lines.append(_line(dice, "machine", segment.machine_price))
    return lines


def _line(dice: random.Random, article: str, euro: int) -> Line:
    price = round(euro * 100 * min(max(dice.gauss(1, 0.2), 0.55), 1.7))
    quantity = max(1, round(price / 1700)) if article == "coffee" else 1
    return Line(article, quantity, price, round(price * COST_OF[article]))


def _settle(plan: Plan, dice: random.Random, purchase: Purchase) -> None:
    """Decide about the discount, and whether the order is kept, cancelled or sent back."""
    if dice.random() < 0.12:
        purchase.discount = round(purchase.gross * dice.choice((5, 10, 15)) / 100)
    chance = dice.random()
    if chance < 0.03 and purchase.channel != "till":
        purchase.state = "cancelled"
    elif chance < 0.058:
        returned_at = purchase.bought_at + timedelta(days=dice.randint(3, 21))
        if plan.is_over(returned_at):
            return
        purchase.state, purchase.returned_at = "refunded", returned_at
        paid = purchase.gross - purchase.discount
        purchase.refund = paid if dice.random() < 0.4 else round(paid * dice.uniform(0.15, 0.6))
    elif purchase.bought_at.date() == plan.until and purchase.channel == "web":
        purchase.state = "pending"

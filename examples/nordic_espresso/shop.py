"""The shop's export: orders in euro and lei, one file a month, as Windows writes them."""

from datetime import date, datetime, timedelta
from pathlib import Path

from examples.nordic_espresso.buying import Purchase
from examples.nordic_espresso.company import Plan
from examples.nordic_espresso.files import (
    Row,
    by_month,
    money,
    with_repeats,
    with_strays,
    write_csv,
)
from examples.nordic_espresso.people import NOBODYS_EMAIL, written_email, written_phone
from examples.nordic_espresso.rates import Exchange

HEADER = (
    "nr", "created", "changed", "state", "client", "e-mail", "phone", "lead", "currency",
    "goods", "discount", "returned", "cost", "vat", "shipping", "total", "channel", "note",
)  # fmt: skip
# Windows-1252 knows no ă: the shop's export has always written these words without it.
STATES = {
    "pending": "noua",
    "completed": "livrata",
    "cancelled": "anulata",
    "refunded": "returnata",
}
CHANNELS = {"web": "web", "seller": "Întreprinderi"}
NOTES = ("", "", "", "café filtre", "à livrer le soir", "Mélange été", "cadou")
VAT_PERCENT = 21


class Desk:
    """Turns a purchase's euro into the currency that its buyer pays in."""

    def __init__(self, exchange: Exchange, currency: str, day: date) -> None:
        self._exchange, self.currency, self._day = exchange, currency, day

    def price(self, cents: int) -> int:
        return cents if self.currency == "EUR" else self._exchange.lei(cents, self._day)


def write_shop(plan: Plan, inbox: Path, purchases: list[Purchase], exchange: Exchange) -> None:
    """Write the shop's monthly files; an order that changed later is in a later file again."""
    dice = plan.random("shop")
    rows: list[tuple[date, Row]] = []
    number = 40_000
    clients = 1000
    for purchase in purchases:
        person = purchase.person
        if purchase.channel == "till" or person is None:
            continue
        number += 1
        if person.client_id is None:
            clients += 1
            person.client_id = str(clients)
        # Made once: an order's later versions repeat what its first one said.
        nobody = purchase.channel == "seller" and dice.random() < 0.015
        email = NOBODYS_EMAIL if nobody else written_email(dice, person.email)
        phone = written_phone(dice, person.phone) if dice.random() < 0.85 else ""
        is_in_euro = person.country != "RO" or (person.is_company and dice.random() < 0.55)
        desk = Desk(exchange, "EUR" if is_in_euro else "RON", purchase.bought_at.date())
        note = dice.choice(NOTES)
        shipping = 0 if purchase.gross > 10_000 else 390
        for changed_at, state in _versions(purchase):
            row = _row(purchase, number, changed_at, state, desk, shipping)
            who = (person.client_id, email, phone, purchase.lead_id or "")
            rows.append((changed_at.date(), (*row[:4], *who, *row[4:], note)))
    for month, monthly in by_month(rows).items():
        full = with_repeats(dice, monthly)
        if month == plan.until.strftime("%Y-%m"):
            full = with_strays(dice, full, _strays(full[0]))
        write_csv(
            inbox / "shop" / f"orders_{month}.csv",
            HEADER,
            full,
            delimiter=";",
            encoding="windows-1252",
            line_end="\r\n",
        )


def _versions(purchase: Purchase) -> list[tuple[datetime, str]]:
    """Return when the shop exported the order, and in which state it then was."""
    if purchase.returned_at is not None:
        return [(purchase.bought_at, "completed"), (purchase.returned_at, "refunded")]
    if purchase.state == "cancelled":
        return [(purchase.bought_at + timedelta(minutes=40), "cancelled")]
    return [(purchase.bought_at, purchase.state)]


def _row(
    purchase: Purchase, number: int, changed_at: datetime, state: str, desk: Desk, shipping: int
) -> Row:
    goods, discount = desk.price(purchase.gross), desk.price(purchase.discount)
    vat = round((goods - discount) * VAT_PERCENT / 100)
    freight = desk.price(shipping)
    refund = 0
    if state == "refunded":
        is_all = purchase.refund == purchase.gross - purchase.discount
        # A return of everything is written without an amount, as the shop's clerks do.
        refund = 0 if is_all else desk.price(purchase.refund)
    return (
        f"W{number}",
        purchase.bought_at.strftime("%d.%m.%Y %H:%M:%S"),
        changed_at.strftime("%d.%m.%Y %H:%M:%S"),
        STATES[state],
        desk.currency,
        money(goods, ","),
        money(discount, ",") if discount else "",
        money(refund, ",") if refund else "",
        # Some articles have no purchase price on record.
        money(desk.price(purchase.cost), ",") if number % 97 else "",
        money(vat, ","),
        money(freight, ","),
        money(goods - discount + vat + freight, ","),
        CHANNELS[purchase.channel],
    )


def _strays(pattern: Row) -> list[Row]:
    """Return rows that do not fit: a test order, a negative total, a day that does not exist."""
    test, negative, no_day = list(pattern), list(pattern), list(pattern)
    test[0], test[3] = "W39001", "test"
    negative[0], negative[9] = "W39002", "-15,00"
    no_day[0], no_day[1] = "W39003", "31.02.2026 10:15:00"
    return [test, negative, no_day]

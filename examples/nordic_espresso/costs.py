"""The ledger: what attracting, selling and keeping cost beside the ads, and the plan for it."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from examples.nordic_espresso.company import METHODS, UNITS, Plan, month_end
from examples.nordic_espresso.files import Row, money, with_strays, write_csv
from examples.nordic_espresso.leads import Contact

HEADER = (
    "nr", "from", "to", "process", "method", "office", "employee", "account", "amount",
    "currency", "booked by",
)  # fmt: skip
PROCESSES = {"acquisition": "attract", "sales": "sell", "retention": "keep"}
# What methods without an ad account cost per lead is in METHODS; here is who writes the bill.
ACCOUNTS = {
    "organic": "articles and photos",
    "outbound_calls": "call centre",
    "fair": "stand and travel",
    "store_visit": "shop window",
    "partner_referral": "commissions",
    "direct_mail": "printing and postage",
}
BILLED_IN_LEI = ("outbound_calls", "direct_mail", "store_visit")
ROUGH_RATE = 4.98
# In euro a month, for a company of the size that company.py names.
OVERHEADS = (
    ("acquisition", "marketing manager", 1900),
    ("sales", "CRM licences and phones", 480),
    ("retention", "club software", 260),
    ("retention", "barista hotline", 640),
)


@dataclass(slots=True)
class Booking:
    """One line of the ledger; whatever is empty is left open."""

    start: date
    end: date
    process: str
    account: str
    cents: int
    currency: str = "EUR"
    method: str = ""
    unit: str = ""
    employee: str = ""


def write_ledger(plan: Plan, inbox: Path, contacts: list[Contact]) -> None:
    """Write the accountant's file: decimal commas, days first, a credit note below zero."""
    dice = plan.random("ledger")
    bookings = [*_methods(plan, contacts), *_wages(plan), *_overheads(plan)]
    bookings.append(_credit_note(plan, bookings))
    bookings.sort(key=lambda booking: booking.start)
    rows: list[Row] = [
        (
            f"{number:05d}",
            booking.start.strftime("%d.%m.%Y"),
            booking.end.strftime("%d.%m.%Y"),
            PROCESSES[booking.process],
            booking.method,
            booking.unit,
            booking.employee,
            booking.account,
            money(booking.cents, ","),
            booking.currency,
            dice.choice(("office", "accountant")),
        )
        for number, booking in enumerate(bookings, start=1)
    ]
    unread = ("99001", *rows[-1][1:8], "to follow", "EUR", "office")
    unknown = ("99002", *rows[-1][1:3], "rent", *rows[-1][4:])
    write_csv(
        inbox / "ledger" / "ledger.csv",
        HEADER,
        with_strays(dice, rows, [unread, unknown]),
        delimiter=";",
        encoding="utf-8-sig",
    )


def _whole_months(plan: Plan) -> list[tuple[date, date, float]]:
    """Return each month's days that the company lived, and which part of the month they are."""
    spans = []
    for month in plan.months:
        start, end = max(month, plan.start), min(month_end(month), plan.until)
        spans.append((start, end, ((end - start).days + 1) / month_end(month).day))
    return spans


def _methods(plan: Plan, contacts: list[Contact]) -> list[Booking]:
    """Return the bills of the methods that are no ads, for the leads that they brought."""
    dice = plan.random("method costs")
    bookings = []
    for method, account in ACCOUNTS.items():
        leads = sum(1 for contact in contacts if contact.method == method and contact.is_lead)
        spans = _fairs(plan) if method == "fair" else _whole_months(plan)
        weight = sum(part for *_, part in spans)
        for start, end, part in spans:
            euro = METHODS[method].cost_per_lead * leads * part / weight
            cents = round(euro * 100 * dice.uniform(0.9, 1.1))
            currency = "EUR"
            if method in BILLED_IN_LEI:
                cents, currency = round(cents * ROUGH_RATE), "RON"
            bookings.append(Booking(start, end, "acquisition", account, cents, currency, method))
    return bookings


def _fairs(plan: Plan) -> list[tuple[date, date, float]]:
    """Return each fair's days; the fairs' bills are for these alone."""
    fairs: list[tuple[date, date, float]] = []
    for day in sorted(plan.fair_days):
        if fairs and fairs[-1][1] == day - timedelta(days=1):
            fairs[-1] = (fairs[-1][0], day, fairs[-1][2] + 1)
        else:
            fairs.append((day, day, 1.0))
    return fairs


def _wages(plan: Plan) -> list[Booking]:
    """Return the sellers' wages, in lei, with a rise every January, and the units' rents."""
    bookings = []
    for start, end, part in _whole_months(plan):
        rise = 1 + 0.05 * (start.year - plan.start.year)
        for unit in UNITS.values():
            for seller, wage in zip(unit.sellers, unit.wages, strict=True):
                cents = round(wage * 100 * part * rise * plan.scale)
                bookings.append(
                    Booking(start, end, "sales", "wage", cents, "RON", "", unit.name, seller)
                )
            rent = round(52_000 * part * plan.scale)
            bookings.append(Booking(start, end, "sales", "rent", rent, unit=unit.name))
    return bookings


def _overheads(plan: Plan) -> list[Booking]:
    return [
        Booking(start, end, process, account, round(euro * 100 * part * plan.scale))
        for start, end, part in _whole_months(plan)
        for process, account, euro in OVERHEADS
    ]


def _credit_note(plan: Plan, bookings: list[Booking]) -> Booking:
    """Return the organiser's credit for a fair whose hall was too small."""
    bills = [bill for bill in bookings if bill.method == "fair"]
    bill = bills[len(bills) // 2]
    cents = -round(bill.cents * 0.15)
    return Booking(
        bill.start, bill.end, "acquisition", "credit note", cents, bill.currency, bill.method
    )

"""Small random companies with every ugly case of the feeds, the same for the same seed."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.feed_rows import TextRow
from tests.oracle.random_ledgers import ad_spend, fx_rates, kpi_targets, process_costs
from tests.oracle.random_people import Person, people
from tests.oracle.settings import Criterion, Settings

FIRST_DAY = date(2024, 10, 1)
LOCAL = ZoneInfo("Europe/Bucharest")
METHODS = ("search", "social", "fair", "cold_call", "șosea")
EMPLOYEES = ("eva", "dan", "ion", None)
UNITS = ("north", "south", None)
BUDGETS = ("100", "499.99", "500", "1200", "n/a", None)
UTC_MOMENTS = (
    "2024-10-27T00:30:00",  # the repeated hour in Bucharest, first time
    "2024-10-27T01:30:00",  # and second
    "2025-03-30T00:59:59",  # the last second before spring's hour is skipped
    "2025-03-30T01:00:00",
    "2025-01-31T23:30:00",  # February in Bucharest
    "2025-06-30T21:30:00",  # July
    "2024-12-31T22:00:00",  # a new year, to the second
)


@dataclass(frozen=True)
class RandomCompany:
    """A company: what it says about itself, and the rows of its feeds.

    `where` holds the SQL of each criterion by its name.
    """

    settings: Settings
    where: dict[str, str]
    feeds: dict[str, list[TextRow]]


@dataclass
class Draft:
    """A company in the making."""

    chance: random.Random
    as_of: date
    people: list[Person]
    leads: list[TextRow] = field(default_factory=list)
    moments: dict[str, datetime] = field(default_factory=dict)

    def moment(self) -> datetime:
        """Return a moment from the first day to a little after as-of, in UTC."""
        if self.chance.random() < 0.1:
            return datetime.fromisoformat(self.chance.choice(UTC_MOMENTS))
        seconds = (self.as_of - FIRST_DAY).days * 86_400 + 3 * 86_400
        midnight = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)
        return midnight + timedelta(seconds=self.chance.randrange(seconds))

    def moment_after(self, person: Person, days: list[float]) -> datetime:
        """Return a moment some days after the person's last one, give or take a second."""
        earlier = self.moments.get(person.name)
        if earlier is None:
            return self.moment()
        seconds = self.chance.choice([-1, 0, 0, 1])
        moment = earlier + timedelta(days=self.chance.choice(days), seconds=seconds)
        return moment if moment.date() <= self.as_of else self.moment()


def random_company(seed: int) -> RandomCompany:
    """Make the company of a seed."""
    chance = random.Random(seed)
    as_of = date(2026, 1, 1) + timedelta(days=chance.randrange(120))
    draft = Draft(chance, as_of, people(chance, 18))
    draft.leads = [_lead(draft, number) for number in range(chance.randrange(50, 80))]
    feeds = {
        "leads": [*draft.leads, *_bad_leads()],
        "lead_activities": [_activity(draft, n) for n in range(chance.randrange(40, 70))],
        "orders": [
            *(_order(draft, n) for n in range(chance.randrange(80, 120))),
            *_twin_orders(),
        ],
        "loyalty_events": [_loyalty(draft, n) for n in range(chance.randrange(50, 70))],
        "ad_spend": ad_spend(chance, FIRST_DAY, as_of, METHODS),
        "process_costs": process_costs(chance, FIRST_DAY, as_of, (METHODS, UNITS, EMPLOYEES)),
        "kpi_targets": kpi_targets(chance, FIRST_DAY, METHODS),
        "fx_rates": fx_rates(chance, FIRST_DAY, as_of),
    }
    if chance.random() < 0.5:
        feeds["orders"] += _tills_receipts(draft)
    settings, where = _settings(chance, as_of)
    return RandomCompany(settings, where, _in_two_deliveries(chance, feeds))


def _settings(chance: random.Random, as_of: date) -> tuple[Settings, dict[str, str]]:
    where = {
        "serves_our_region": "country in ('RO', 'MD')",
        "decision_maker": "is_decision_maker",
        "budget": "cast(extra ->> 'declared_budget' as double) >= 500",
    }
    settings = Settings(
        as_of=as_of,
        currency=chance.choice(["EUR", "RON"]),
        timezone=chance.choice(["Europe/Bucharest", "Europe/Bucharest", "America/New_York"]),
        customer_after=chance.choice([1, 1, 1, 2]),
        lead_dedup_days=chance.choice([30, 30, 10]),
        lead_to_customer_days=chance.choice([365, 90]),
        first_contact_hours=chance.choice([24, 24, 1]),
        maturity_days=chance.choice([30, 90]),
        active_customer_days=chance.choice([120, 365]),
        ignore=("info@example.com",),
        target_audience=(
            Criterion("serves_our_region", lambda lead: lead["country"] in ("RO", "MD")),
        ),
        lead_filter=(
            Criterion(
                "decision_maker",
                lambda lead: lead["is_decision_maker"],
                valid_to=date(2025, 9, 30),
            ),
            Criterion(
                "budget",
                lambda lead: float(lead["extra"]["declared_budget"]) >= 500,
                valid_from=date(2025, 2, 1),
            ),
        ),
        source_timezones={"leads": "Europe/Bucharest"},
    )
    return settings, where


def _lead(draft: Draft, number: int) -> TextRow:
    chance = draft.chance
    person = chance.choice(draft.people)
    moment = draft.moment()
    if chance.random() < 0.6:  # about 30 days after: a repeat, or just none
        moment = draft.moment_after(person, [10, 29.9, 30, 30, 30])
    draft.moments[person.name] = moment
    lead_event = chance.choice(
        ["web_form", "inbound_call", "store_visit", "decision_maker_interest", "newsletter"]
    )
    budget = chance.choice(BUDGETS)
    row = {
        "lead_id": f"L{number}",
        "created_at": _local_text(chance, moment),
        "lead_event": lead_event,
        "method": chance.choice(METHODS),
        "campaign_id": chance.choice(["c1", "c2", None]),
        "is_decision_maker": chance.choice(["true", "Y", "1", "no", None]),
        "country": chance.choice(["RO", "MD", "DE", None]),
        "employee": chance.choice(EMPLOYEES),
        "unit": chance.choice(UNITS),
        "declared_budget": budget,
        **person.identifiers(chance),
    }
    return {column: text for column, text in row.items() if text is not None}


def _local_text(chance: random.Random, moment: datetime) -> str:
    """Write a moment as a source may: with a zone, or by its own clock."""
    local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(LOCAL)
    is_repeated = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    if is_repeated or chance.random() < 0.3:
        return local.isoformat()
    return local.replace(tzinfo=None).isoformat(sep=" ")


def _bad_leads() -> list[TextRow]:
    good = {"lead_event": "web_form", "method": "search", "created_at": "2025-05-05 10:00:00"}
    return [
        {**good, "lead_id": "B1", "created_at": "some day"},
        {**good, "lead_id": "B2", "method": ""},
        {**good, "lead_id": "B3", "created_at": "1999-12-31 10:00:00"},
        {**good, "lead_id": "B4", "created_at": "2031-01-01 10:00:00"},
        {**good, "lead_id": "B5", "is_decision_maker": "perhaps"},
        # By the clock of Bucharest this half hour never was.
        {**good, "lead_id": "G1", "created_at": "2025-03-30 03:30:00"},
    ]


def _activity(draft: Draft, number: int) -> TextRow:
    chance = draft.chance
    lead = chance.choice(draft.leads)
    created = datetime.fromisoformat(lead["created_at"])
    if created.tzinfo is None:
        created = created.replace(tzinfo=LOCAL)
    after = chance.choice([-3600, 0, 60, 86_399, 86_400, 86_401, 5_000_000])
    happened = created.astimezone(ZoneInfo("UTC")) + timedelta(seconds=after)
    kinds = ["contacted", "meeting", "offer", "won", "lost", "rejected", "other"]
    return {
        "activity_id": f"A{number}",
        "lead_id": chance.choice([lead["lead_id"]] * 9 + ["nobody"]),
        "happened_at": happened.isoformat(),
        "activity": chance.choice(kinds + (["sang"] if number < 3 else [])),
    }


def _order(draft: Draft, number: int) -> TextRow:
    chance = draft.chance
    person = chance.choice(draft.people)
    moment = draft.moment()
    if chance.random() < 0.6:  # after a lead or an order: in time, or just not
        moment = draft.moment_after(person, [0, 7, 30, 90, 90, 365])
    draft.moments[person.name] = moment
    gross = chance.randrange(0, 40_000)
    discount = chance.choice([None, 0, gross // 10, gross])
    status = chance.choice(["completed"] * 6 + ["refunded", "refunded", "pending", "cancelled"])
    to_pay = gross - (discount or 0)
    refund = chance.choice([*[None] * 8, 0, to_pay // 3, to_pay, to_pay + 1])
    row: dict[str, Any] = {
        "order_id": f"O{number}",
        "ordered_at": f"{moment.isoformat()}Z",
        "status": status,
        "currency": chance.choice(["EUR", "EUR", "RON", "USD"]),
        "gross_amount": _money(gross),
        "discount_amount": _money(discount),
        "refund_amount": _money(refund),
        "cost_of_goods": _money(chance.choice([None, gross // 2, gross // 3])),
        "updated_at": chance.choice([None, f"{(moment + timedelta(days=1)).isoformat()}Z"]),
        "lead_id": chance.choice([None, None, None, "gone", *_some_lead(draft, person)]),
    }
    if chance.random() < 0.9:
        row |= person.identifiers(chance)
    if number == 0:
        row["gross_amount"] = "-1.00"
    if number == 1:
        row["currency"] = "XXX"
    return {column: text for column, text in row.items() if text is not None}


def _some_lead(draft: Draft, person: Person) -> list[str]:
    """Return a lead of anybody's and, where the person has some, one of their own."""
    own = [lead["lead_id"] for lead in draft.leads if lead.get("email") in person.emails]
    return [draft.chance.choice(draft.leads)["lead_id"], draft.chance.choice(own or ["gone"])]


def _money(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _twin_orders() -> list[TextRow]:
    """Two orders at one moment: the ids say which came first, and both are in time."""
    twin = {
        "ordered_at": "2025-05-05T10:00:00Z",
        "status": "completed",
        "currency": "EUR",
        "customer_id": "twin",
    }
    return [
        {**twin, "order_id": "W2", "gross_amount": "20"},
        {**twin, "order_id": "W1", "gross_amount": "10"},
    ]


def _tills_receipts(draft: Draft) -> list[TextRow]:
    """More than 50 customers who left the till's own phone."""
    return [
        {
            "order_id": f"T{number}",
            "ordered_at": f"{draft.moment().isoformat()}Z",
            "status": "completed",
            "currency": "EUR",
            "gross_amount": "3.10",
            "phone": "+40 721 000 001",
            "customer_id": f"T{number}",
        }
        for number in range(51)
    ]


def _loyalty(draft: Draft, number: int) -> TextRow:
    chance = draft.chance
    event = chance.choice(
        ["enrolled", "earned", "earned", "redeemed", "redeemed", "reward", "left"]
    )
    person = chance.choice(draft.people)
    earlier = draft.moments.get(person.name)
    moment = earlier if earlier and chance.random() < 0.3 else draft.moment()
    row = {
        "event_id": f"E{number}",
        "happened_at": f"{moment.isoformat()}Z",
        "event": event,
        "points": chance.choice([None, "10", "25", "-5"]),
        "cost": chance.choice([None, "1.25", "0.3333"]),
        "currency": None,
        **(person.identifiers(chance) or {"customer_id": person.customer_ids[0]}),
    }
    if set(row) & {"customer_id", "email"} == set():
        row["email"] = "info@example.com"  # somebody's, but nobody knows whose
    if row["cost"]:
        row["currency"] = chance.choice([None, "RON", "EUR"])
    if number == 0:  # nobody's: it does not fit
        row |= {"customer_id": None, "email": None, "phone": None}
    return {column: text for column, text in row.items() if text is not None}


def _in_two_deliveries(
    chance: random.Random, feeds: dict[str, list[TextRow]]
) -> dict[str, list[TextRow]]:
    """Deliver each feed in two files; some rows come twice, some orders in a later version."""
    delivered: dict[str, list[TextRow]] = {}
    for feed, rows in feeds.items():
        middle = len(rows) // 2
        again = [dict(row) for row in rows[:middle] if chance.random() < 0.15]
        for row in again:
            if feed == "orders" and "updated_at" in row and chance.random() < 0.5:
                row["status"] = "refunded"
        files = [rows[:middle], rows[middle:] + again]
        delivered[feed] = [
            {
                **row,
                "_source": feed,
                "_delivery": number,
                "_file": f"inbox/{feed}_{number}.csv",
                "_line": line,
            }
            for number, file in enumerate(files, start=1)
            for line, row in enumerate(file, start=2)
        ]
    return delivered

"""A company as the dictionary sees it, computed from the rows of its feeds."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property

from tests.oracle.costs import Place, Share, cost_shares
from tests.oracle.identity import RowName, people
from tests.oracle.leads import Lead, Members, leads
from tests.oracle.money import ZERO
from tests.oracle.periods import month_end
from tests.oracle.reading import TextRow, TypedRow, read_feeds
from tests.oracle.sales import (
    ANONYMOUS,
    NO_LEAD,
    Customer,
    Order,
    completed_by_person,
    customers,
    order,
)
from tests.oracle.settings import Settings

COUNTED_FEEDS = (
    "ad_spend",
    "leads",
    "lead_activities",
    "orders",
    "loyalty_events",
    "process_costs",
)
IDENTIFIED_FEEDS = {"leads": "lead_id", "orders": "order_id", "loyalty_events": "event_id"}


@dataclass(frozen=True)
class LoyaltyEvent:
    """One event of a loyalty programme, with its cost in the business's currency."""

    event_id: str
    person: object | None
    happened_at: datetime
    event_date: date
    event: str
    points: int
    cost: Decimal


class Company:
    """Everything that can be said of a company up to its as-of."""

    def __init__(self, settings: Settings, feeds: Mapping[str, Iterable[TextRow]]) -> None:
        """Read the feeds.

        Args:
            settings: the business.
            feeds: rows of text by feed, as sources deliver them after mapping, each with
                `_source`, `_delivery`, `_file` and `_line`.
        """
        self.settings = settings
        self.readings, self.rates = read_feeds(settings, feeds)
        self.customer_base = cache(self._customer_base)
        self.weights = cache(self._weights)

    def current(self, feed: str) -> list[TypedRow]:
        """Return the rows of a feed that count."""
        return self.readings[feed].current

    @property
    def row_accounting(self) -> dict[str, Counter[str]]:
        """Return, by feed, how many rows were read and where they are now."""
        return {feed: reading.accounting for feed, reading in self.readings.items()}

    @cached_property
    def first_day(self) -> date | None:
        """The business date of the first counted event."""
        days = [row["_date"] for feed in COUNTED_FEEDS for row in self.current(feed)]
        return min(days, default=None)

    @cached_property
    def targets(self) -> dict[tuple[str, str, str], list[TypedRow]]:
        """The targets by KPI, dimension and member."""
        targets: dict[tuple[str, str, str], list[TypedRow]] = defaultdict(list)
        for row in self.current("kpi_targets"):
            targets[row["kpi"], row["dimension"], row["member"]].append(row)
        return dict(targets)

    @cached_property
    def person_of(self) -> dict[RowName, object]:
        """The person of each row that can be matched, by feed and key."""
        named_rows = {
            (feed, row[key]): row
            for feed, key in IDENTIFIED_FEEDS.items()
            for row in self.current(feed)
        }
        return people(self.settings, named_rows)

    @cached_property
    def person_groups(self) -> set[frozenset[RowName]]:
        """The rows of each person; an unmatched lead is alone, an anonymous order in none."""
        groups: dict[object, set[RowName]] = defaultdict(set)
        for name, person in self.person_of.items():
            groups[person].add(name)
        for lead in self.leads.values():
            groups[lead.person].add(("leads", lead.lead_id))
        return {frozenset(group) for group in groups.values()}

    @cached_property
    def leads(self) -> dict[str, Lead]:
        """Every contact by its id."""
        return leads(
            self.settings,
            self.current("leads"),
            self.current("lead_activities"),
            self.person_of,
        )

    @cached_property
    def orders(self) -> list[Order]:
        """Every order, whatever its status."""
        return [
            order(row, self.person_of.get(("orders", row["order_id"])))
            for row in self.current("orders")
        ]

    @cached_property
    def completed_orders(self) -> dict[object, list[Order]]:
        """Each person's completed orders, first to last."""
        return completed_by_person(self.orders)

    @cached_property
    def customers(self) -> dict[object, Customer]:
        """The customers by person."""
        return customers(self.settings, self.completed_orders, self.leads)

    @cached_property
    def lead_of_customer(self) -> dict[object, str | None]:
        """The lead that each customer came from."""
        return {
            person: customer.lead.lead_id if customer.lead else None
            for person, customer in self.customers.items()
        }

    @cached_property
    def customers_of_lead(self) -> dict[str, list[Customer]]:
        """The customers that came from each lead, the earliest first."""
        won: dict[str, list[Customer]] = defaultdict(list)
        for customer in sorted(self.customers.values(), key=lambda one: one.customer_since):
            if customer.lead:
                won[customer.lead.lead_id].append(customer)
        return dict(won)

    def members_of(self, person: object) -> Members:
        """Return the method, campaign, unit and employee that a person's doings count for."""
        customer = self.customers.get(person)
        return customer.members if customer else NO_LEAD

    def members_of_order(self, placed: Order) -> Members:
        """Return what an order counts for."""
        return ANONYMOUS if placed.person is None else self.members_of(placed.person)

    @cached_property
    def loyalty_events(self) -> list[LoyaltyEvent]:
        """Every loyalty event, first to last."""
        events = [
            LoyaltyEvent(
                event_id=row["event_id"],
                person=self.person_of.get(("loyalty_events", row["event_id"])),
                happened_at=row["happened_at"],
                event_date=row["_date"],
                event=row["event"],
                points=row["points"] or 0,
                cost=row["_cost"] or ZERO,
            )
            for row in self.current("loyalty_events")
        ]
        return sorted(events, key=lambda event: (event.happened_at, event.event_id))

    @cached_property
    def memberships(self) -> dict[object, list[tuple[date, bool]]]:
        """When each person joined and left the loyalty programme."""
        turns: dict[object, list[tuple[date, bool]]] = defaultdict(list)
        for event in self.loyalty_events:
            if event.person is not None and event.event in ("enrolled", "left"):
                turns[event.person].append((event.event_date, event.event == "enrolled"))
        return dict(turns)

    def is_member(self, person: object, day: date) -> bool:
        """Say whether a person is in the loyalty programme at the end of a day."""
        turns = [joined for when, joined in self.memberships.get(person, []) if when <= day]
        return bool(turns) and turns[-1]

    @cached_property
    def _order_dates(self) -> dict[object, list[date]]:
        return {
            person: [placed.order_date for placed in placed_orders]
            for person, placed_orders in self.completed_orders.items()
        }

    def orders_until(self, person: object, day: date) -> int:
        """Return how many completed orders a person has made up to the end of a day."""
        return bisect_right(self._order_dates.get(person, []), day)

    def _customer_base(self, day: date) -> frozenset[object]:
        """Return who was a customer with a recent completed order at the end of a day."""
        before = day - timedelta(days=self.settings.active_customer_days)
        return frozenset(
            person
            for person, customer in self.customers.items()
            if customer.since_date <= day
            and self.orders_until(person, day) > self.orders_until(person, before)
        )

    def _weights(self, process: str, month: date) -> dict[Place, int]:
        """Return by what the costs of a process in a month are shared out."""
        if process == "retention":
            base = self.customer_base(min(month_end(month), self.settings.as_of))
            return Counter(_place(self.members_of(person)) for person in base)
        return Counter(
            _place(lead.members)
            for lead in self.leads.values()
            if lead.lead_date.replace(day=1) == month
            and (lead.is_lead if process == "acquisition" else lead.is_qualified)
        )

    @cached_property
    def cost_shares(self) -> list[Share]:
        """The process costs up to as-of, shared out by day."""
        return cost_shares(
            self.current("process_costs"),
            self.settings.as_of,
            lambda process, day: self.weights(process, day.replace(day=1)),
        )


def _place(members: Members) -> Place:
    return members["method"], members["unit"], members["employee"]

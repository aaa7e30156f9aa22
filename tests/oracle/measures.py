"""The measures that KPIs are made of: flows of events, distinct visitors, stocks, medians."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.leads import NONE, Lead, Members
from tests.oracle.sales import Customer, Order

NO_CAMPAIGN = "(no campaign)"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """Something that counts on a day for some members."""

    day: date
    members: Members
    amount: object = 1


Flow = Callable[[Company], Iterator[Event]]


def _leads(chosen: Callable[[Lead], bool]) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for lead in company.leads.values():
            if chosen(lead):
                yield Event(lead.lead_date, lead.members)

    return flow


def _won_leads(chosen: Callable[[Lead], bool]) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for lead_id in company.customers_of_lead:
            lead = company.leads[lead_id]
            if chosen(lead):
                yield Event(lead.lead_date, lead.members)

    return flow


def _ad_spend(column: str) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for row in company.current("ad_spend"):
            members = {"method": row["method"], "campaign": row["campaign_id"] or NONE}
            yield Event(row["_date"], members, row[column] or 0)

    return flow


def _costs(process: str) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for share in company.cost_shares:
            if share.process == process:
                members = {
                    "method": share.method,
                    "campaign": NO_CAMPAIGN,
                    "unit": share.unit,
                    "employee": share.employee,
                }
                yield Event(share.cost_date, members, share.amount)

    return flow


def _customers(amount: Callable[[Customer], object]) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for customer in company.customers.values():
            yield Event(customer.since_date, customer.members, amount(customer))

    return flow


def _came_back_in_90_days(customer: Customer) -> int:
    further = customer.orders[customer.orders_before + 1 :]
    return int(any(order.ordered_at <= customer.customer_since + 90 * DAY for order in further))


def _profit_in_90_days(customer: Customer) -> Decimal:
    until = customer.customer_since + 90 * DAY
    return sum(
        (
            order.gross_profit
            for order in customer.orders
            if customer.customer_since <= order.ordered_at <= until
        ),
        Decimal(0),
    )


def _orders(column: str, *, with_anonymous: bool) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for order in company.orders:
            if order.is_completed and (with_anonymous or order.person is not None):
                amount = getattr(order, column) if column else 1
                yield Event(order.order_date, company.members_of_order(order), amount)

    return flow


def _sold(column: str) -> Flow:
    """Amounts of all completed and refunded orders, those fully refunded too."""

    def flow(company: Company) -> Iterator[Event]:
        for order in company.orders:
            if order.status in ("completed", "refunded"):
                members = company.members_of_order(order)
                yield Event(order.order_date, members, getattr(order, column))

    return flow


def _first_orders(company: Company) -> Iterator[Event]:
    for person, orders in company.completed_orders.items():
        yield Event(orders[0].order_date, company.members_of(person))


def _back_within(days: int) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for person, orders in company.completed_orders.items():
            if len(orders) > 1 and orders[1].ordered_at - orders[0].ordered_at <= days * DAY:
                yield Event(orders[0].order_date, company.members_of(person))

    return flow


def _later_orders(amount: Callable[[Order], object]) -> Flow:
    """Amounts of the orders that are not a person's first."""

    def flow(company: Company) -> Iterator[Event]:
        for person, orders in company.completed_orders.items():
            for order in orders[1:]:
                yield Event(order.order_date, company.members_of(person), amount(order))

    return flow


def _loyalty(event_kind: str | None, column: str) -> Flow:
    def flow(company: Company) -> Iterator[Event]:
        for event in company.loyalty_events:
            if event_kind in (None, event.event):
                amount = abs(getattr(event, column))
                yield Event(event.event_date, company.members_of(event.person), amount)

    return flow


def _hours_to_first_contact(company: Company) -> Iterator[Event]:
    for lead in company.leads.values():
        if lead.is_lead and lead.first_activity_at is not None:
            hours = elapsed(lead.first_activity_at - lead.created_at, HOUR)
            yield Event(lead.lead_date, lead.members, hours)


def elapsed(duration: timedelta, unit: timedelta) -> Fraction:
    """Return how many units a duration lasts, exactly."""
    microsecond = timedelta(microseconds=1)
    return Fraction(duration // microsecond, unit // microsecond)


def _days_to_customer(company: Company) -> Iterator[Event]:
    for lead_id, customers in company.customers_of_lead.items():
        lead = company.leads[lead_id]
        days = elapsed(customers[0].customer_since - lead.created_at, DAY)
        yield Event(lead.lead_date, lead.members, days)


FLOWS: dict[str, Flow] = {
    "contacts": _leads(lambda lead: True),
    "leads": _leads(lambda lead: lead.is_lead),
    "duplicate_leads": _leads(lambda lead: lead.is_duplicate),
    "quality_leads": _leads(lambda lead: lead.is_quality),
    "qualified_leads": _leads(lambda lead: lead.is_qualified),
    "cut_leads": _leads(lambda lead: lead.is_lead and not lead.is_qualified),
    "contactable_leads": _leads(lambda lead: lead.is_qualified and lead.is_contactable),
    "ignored_leads": _leads(lambda lead: lead.is_ignored),
    "wasted_leads": _leads(lambda lead: lead.is_wasted),
    "won_leads": _won_leads(lambda lead: True),
    "won_qualified_leads": _won_leads(lambda lead: lead.is_qualified),
    "leads_called_in_time": _leads(lambda lead: lead.is_qualified and lead.is_called_in_time),
    "won_leads_called_in_time": _won_leads(
        lambda lead: lead.is_qualified and lead.is_called_in_time
    ),
    "ad_spend": _ad_spend("_spend"),
    "impressions": _ad_spend("impressions"),
    "clicks": _ad_spend("clicks"),
    "acquisition_costs": _costs("acquisition"),
    "sales_costs": _costs("sales"),
    "retention_costs": _costs("retention"),
    "loyalty_costs": _loyalty(None, "cost"),
    "new_customers": _customers(lambda customer: 1),
    "customers_back_in_90d": _customers(_came_back_in_90_days),
    "profit_90d": _customers(_profit_in_90_days),
    "refunded_amounts": _sold("refund"),
    "refundable_amounts": _sold("gross"),
    "orders": _orders("", with_anonymous=True),
    "revenue": _orders("net_revenue", with_anonymous=True),
    "gross_profit": _orders("gross_profit", with_anonymous=True),
    "people_revenue": _orders("net_revenue", with_anonymous=False),
    "people_profit": _orders("gross_profit", with_anonymous=False),
    "first_orders": _first_orders,
    **{f"people_back_in_{days}d": _back_within(days) for days in (30, 90, 365)},
    "later_orders": _later_orders(lambda order: 1),
    "later_profit": _later_orders(lambda order: order.gross_profit),
    "points_redeemed": _loyalty("redeemed", "points"),
    "points_earned": _loyalty("earned", "points"),
}


def _visits(company: Company) -> Iterator[Event]:
    for person, orders in company.completed_orders.items():
        for order in orders:
            yield Event(order.order_date, company.members_of(person), person)


# Of these, each amount is counted once in a period, however often it occurs there.
DISTINCT: dict[str, Flow] = {"active_customers": _visits}

CASES: dict[str, Flow] = {
    "hours_to_first_contact": _hours_to_first_contact,
    "days_to_customer": _days_to_customer,
}

Heads = Counter[tuple[str, str]]  # (dimension, member)
Stock = Callable[[Company, date], Heads]


def _heads(company: Company, people: Iterator[object]) -> Heads:
    heads: Heads = Counter()
    for person in people:
        heads["all", "all"] += 1
        heads["method", company.members_of(person)["method"]] += 1
    return heads


def _with_orders(at_least: int) -> Stock:
    def stock(company: Company, day: date) -> Heads:
        people = company.completed_orders
        return _heads(
            company,
            (person for person in people if company.orders_until(person, day) >= at_least),
        )

    return stock


def _base(company: Company, day: date) -> Heads:
    return _heads(company, iter(company.customer_base(day)))


def _members(company: Company, day: date) -> Heads:
    base = company.customer_base(day)
    return _heads(company, (person for person in base if company.is_member(person, day)))


STOCKS: dict[str, Stock] = {
    "customer_base": _base,
    "people_with_an_order": _with_orders(1),
    "people_with_two_orders": _with_orders(2),
    "loyalty_members": _members,
}

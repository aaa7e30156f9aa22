"""Orders and the customers they make, with the lead that each customer came from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.oracle.leads import Lead, Members
from tests.oracle.money import ZERO
from tests.oracle.reading import TypedRow
from tests.oracle.settings import Settings

BY_LEAD = ("method", "campaign", "unit", "employee")
NO_LEAD: Members = dict.fromkeys(BY_LEAD, "(no lead)")
ANONYMOUS: Members = dict.fromkeys(BY_LEAD, "(anonymous)")


@dataclass(frozen=True)
class Order:
    """An order in the business's currency; without a person it is anonymous."""

    order_id: str
    person: object | None
    ordered_at: datetime
    order_date: date
    status: str
    lead_id: str | None
    is_completed: bool
    gross: Decimal
    refund: Decimal
    net_revenue: Decimal
    gross_profit: Decimal


@dataclass(frozen=True)
class Customer:
    """A person with enough completed orders, and the lead that they came from."""

    person: object
    customer_since: datetime
    since_date: date
    lead: Lead | None
    orders: tuple[Order, ...]  # completed, in order
    orders_before: int  # how many of them came before the one that made the customer

    @property
    def members(self) -> Members:
        return self.lead.members if self.lead else NO_LEAD


def order(row: TypedRow, person: object | None) -> Order:
    """Work out what an order is worth."""
    gross = row["_gross_amount"]
    discount = row["_discount_amount"] or ZERO
    refund = row["_refund_amount"] or ZERO
    # Judged in the order's own currency: conversion rounds each amount by itself.
    to_pay = row["gross_amount"] - (row["discount_amount"] or 0)
    is_refunded_whole = row["status"] == "refunded" and not row["refund_amount"]
    if is_refunded_whole:
        refund = gross - discount
    is_refunded_up = row["refund_amount"] is not None and row["refund_amount"] >= to_pay > 0
    net_revenue = gross - discount - refund
    return Order(
        order_id=row["order_id"],
        person=person,
        ordered_at=row["ordered_at"],
        order_date=row["_date"],
        status=row["status"],
        lead_id=row["lead_id"],
        is_completed=row["status"] in ("completed", "refunded")
        and not (is_refunded_whole or is_refunded_up),
        gross=gross,
        refund=refund,
        net_revenue=net_revenue,
        gross_profit=net_revenue - (row["_cost_of_goods"] or ZERO),
    )


def completed_by_person(orders: Iterable[Order]) -> dict[object, list[Order]]:
    """Return each person's completed orders in the order they were made."""
    by_person: dict[object, list[Order]] = defaultdict(list)
    for placed in sorted(orders, key=lambda placed: (placed.ordered_at, placed.order_id)):
        if placed.is_completed and placed.person is not None:
            by_person[placed.person].append(placed)
    return dict(by_person)


def customers(
    settings: Settings, by_person: dict[object, list[Order]], leads: dict[str, Lead]
) -> dict[object, Customer]:
    """Return the customers by person."""
    counted: dict[object, list[Lead]] = defaultdict(list)
    for lead in leads.values():
        if lead.is_lead:
            counted[lead.person].append(lead)
    won = {}
    for person, orders in by_person.items():
        if len(orders) < settings.customer_after:
            continue
        winning = orders[settings.customer_after - 1]
        customer = Customer(
            person=person,
            customer_since=winning.ordered_at,
            since_date=winning.order_date,
            lead=None,
            orders=tuple(orders),
            orders_before=settings.customer_after - 1,
        )
        lead = _named_lead(winning, leads) or _latest_lead(settings, winning, counted[person])
        won[person] = replace(customer, lead=lead)
    return won


def _named_lead(winning: Order, leads: dict[str, Lead]) -> Lead | None:
    named = leads.get(winning.lead_id or "")
    if named is None or named.counted_lead_id is None:
        return None
    return leads[named.counted_lead_id]


def _latest_lead(settings: Settings, winning: Order, own: list[Lead]) -> Lead | None:
    longest = timedelta(days=settings.lead_to_customer_days)
    in_time = [
        lead for lead in own if timedelta(0) <= winning.ordered_at - lead.created_at <= longest
    ]
    return max(in_time, key=lambda lead: (lead.created_at, lead.lead_id), default=None)

"""The two KPIs of the chain that follow a period's customers through their later life."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Member, Period
from tests.oracle.definitions import ACQUISITION_COST, RETENTION_COST
from tests.oracle.money import rounded
from tests.oracle.periods import month_end, period_end, periods, plus_months
from tests.oracle.sales import Customer

WINNING_COST = f"{ACQUISITION_COST} sales_costs"

Won = dict[Member, list[Customer]]


def won_in(company: Company, period: Period) -> Won:
    """Return the customers won in a period by member of `all` and `method`."""
    won: Won = defaultdict(list)
    first, last = period[1], period_end(*period)
    for customer in company.customers.values():
        if first <= customer.since_date <= last:
            won["all", "all"].append(customer)
            won["method", customer.members["method"]].append(customer)
    return dict(won)


def profit_to_cost(cubes: Cubes, period: Period) -> dict[Member, tuple[Fraction, Fraction]]:
    """Return gross profit to date and what winning and keeping the customers cost."""
    won = won_in(cubes.company, period)
    winning = cubes.total(WINNING_COST, period)
    return {
        member: (
            _profit_before(won.get(member, []), None),
            winning.get(member, Fraction(0))
            + Fraction(rounded(_cost_of_keeping(cubes, member, won.get(member, [])))),
        )
        for member in won.keys() | winning.keys()
        if member[0] in ("all", "method")
    }


def _cost_of_keeping(cubes: Cubes, member: Member, customers: list[Customer]) -> Fraction:
    company = cubes.company
    if not customers or company.first_day is None:
        return Fraction(0)
    kept = {customer.person for customer in customers}
    cost = Fraction(0)
    for month in periods("month", company.first_day, company.settings.as_of):
        base = company.customer_base(min(month_end(month), company.settings.as_of))
        heads = cubes.measure("customer_base", ("month", month)).get(member)
        if heads:
            total = cubes.total(RETENTION_COST, ("month", month)).get(member, Fraction(0))
            cost += total * len(kept & base) / heads
    return cost


def payback_months(cubes: Cubes, period: Period) -> dict[Member, Fraction]:
    """Return after how many months the customers' gross profit covers what they cost to win."""
    winning = cubes.total(WINNING_COST, period)
    months = {}
    for member, customers in won_in(cubes.company, period).items():
        cost = winning.get(member, Fraction(0))
        number = 1
        while True:
            until = plus_months(period[1], number)
            if _profit_before(customers, until) >= cost:
                months[member] = Fraction(number)
                break
            if until > cubes.company.settings.as_of + timedelta(days=1):
                break
            number += 1
    return months


def _profit_before(customers: list[Customer], until: date | None) -> Fraction:
    return sum(
        (
            Fraction(order.gross_profit)
            for customer in customers
            for order in customer.orders
            if until is None or order.order_date < until
        ),
        Fraction(0),
    )

"""The marts of retention, unit economics and the days' amounts, by the dictionary."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain

from tests.oracle.cohorts import payback_months, profit_to_cost, won_in
from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Member, Period, Slice
from tests.oracle.definitions import ACQUISITION_COST, KPIS, RETENTION_COST
from tests.oracle.periods import month_end, period_start, periods, plus_months
from tests.oracle.sales import Order

Row = dict[str, object]
Mart = dict[tuple[object, ...], Row]

WHOLE: Member = ("all", "all")
NOTHING = Fraction(0)
AMOUNTS = (
    *("ad_spend", "acquisition_cost", "sales_cost", "retention_cost"),
    *("revenue", "gross_profit", "contribution"),
)


def restatements(company: Company) -> Mart:
    """Return the amounts of each day as the first load of all publishes them."""
    cubes = Cubes(company)
    days = [period for period in cubes.all_periods() if period[0] == "day"]
    published: Mart = {}
    for period in days:
        for kpi in AMOUNTS:
            value = cubes.total(KPIS[kpi].parts, period).get(WHOLE, NOTHING)
            published[period[1], kpi] = {
                "first_value": value,
                "previous_value": None,
                "value_now": value,
                "change": NOTHING,
                "times_moved": 0,
                "reason": None,
            }
    return published


def unit_economics(company: Company) -> Mart:
    """Return what the customers of each month and method have cost and brought."""
    cubes = Cubes(company)
    return {
        (period[1], method): row
        for period in cubes.all_periods()
        if period[0] == "month"
        for method, row in _unit_economics(cubes, period)
    }


def _unit_economics(cubes: Cubes, period: Period) -> Iterator[tuple[str, Row]]:
    won = won_in(cubes.company, period)
    acquisition = cubes.total(ACQUISITION_COST, period)
    sales = cubes.total("sales_costs", period)
    profits_and_costs = profit_to_cost(cubes, period)
    profit_90d = cubes.measure("profit_90d", period)
    paid_back = payback_months(cubes, period)
    for member in won.keys() | acquisition.keys() | sales.keys():
        customers = won.get(member, [])
        attracting, selling = _of(acquisition, member), _of(sales, member)
        if member[0] != "method" or not (customers or attracting or selling):
            continue
        orders = [placed for customer in customers for placed in customer.orders]
        gross_profit, whole_cost = profits_and_costs[member]
        heads = len(customers)
        yield (
            member[1],
            {
                "customers": heads,
                "acquisition_cost": attracting,
                "sales_cost": selling,
                "winning_cost": attracting + selling,
                "retention_cost": whole_cost - attracting - selling,
                "whole_cost": whole_cost,
                "orders": len(orders),
                "net_revenue": _revenue(orders),
                "gross_profit": gross_profit,
                "profit_90d": _of(profit_90d, member),
                "cost_per_customer": per(whole_cost, heads),
                "winning_cost_per_customer": per(attracting + selling, heads),
                "revenue_per_customer": per(_revenue(orders), heads),
                "profit_per_customer": per(gross_profit, heads),
                "profit_90d_per_customer": per(_of(profit_90d, member), heads),
                "profit_to_cost": per(gross_profit, whole_cost),
                "payback_months": paid_back.get(member),
                "months_observed": _months_over(period[1], cubes.company.settings.as_of),
                "is_mature": month_end(period[1]) + timedelta(days=365)
                <= cubes.company.settings.as_of,
            },
        )


def _months_over(month: date, as_of: date) -> int:
    """Return how many months from a month's first day on have ended with as-of."""
    number = 0
    while plus_months(month, number + 1) <= as_of + timedelta(days=1):
        number += 1
    return number


def cohorts_monthly(company: Company) -> Mart:
    """Return what the people whose first order was in a month did in each month after."""
    as_of = company.settings.as_of
    cohorts: dict[date, list[list[Order]]] = defaultdict(list)
    for orders in company.completed_orders.values():
        cohorts[period_start("month", orders[0].order_date)].append(orders)
    return {
        (cohort_month, months_since): _cohort_month(cohort, month, as_of)
        for cohort_month, cohort in cohorts.items()
        for months_since, month in enumerate(periods("month", cohort_month, as_of))
    }


def _cohort_month(cohort: list[list[Order]], month: date, as_of: date) -> Row:
    """Work out one month of a cohort, given as the orders of each of its people."""
    so_far = [[one for one in own if one.order_date <= month_end(month)] for own in cohort]
    in_month = [[one for one in own if one.order_date >= month] for own in so_far]
    ever, now = list(chain.from_iterable(so_far)), list(chain.from_iterable(in_month))
    people, active = len(cohort), sum(1 for own in in_month if own)
    repeating = sum(1 for own in so_far if len(own) >= 2)
    return {
        "people": people,
        "active_people": active,
        "orders": len(now),
        "net_revenue": _revenue(now),
        "gross_profit": _profit(now),
        "cumulative_net_revenue": _revenue(ever),
        "cumulative_gross_profit": _profit(ever),
        "repeat_people": repeating,
        "active_share": per(active, people),
        "repeat_share": per(repeating, people),
        "revenue_per_head": per(_revenue(ever), people),
        "profit_per_head": per(_profit(ever), people),
        "is_mature": month_end(month) <= as_of,
    }


def loyalty_monthly(company: Company) -> Mart:
    """Return each month of the loyalty programme."""
    cubes = Cubes(company)
    return {
        (period[1],): {**_programme(cubes, period), **_groups(company, period[1])}
        for period in cubes.all_periods()
        if period[0] == "month"
    }


def _programme(cubes: Cubes, period: Period) -> Row:
    base, members, earned, redeemed = (
        _of(cubes.measure(name, period), WHOLE)
        for name in ("customer_base", "loyalty_members", "points_earned", "points_redeemed")
    )
    events = [
        event
        for event in cubes.company.loyalty_events
        if period[1] <= event.event_date <= month_end(period[1])
    ]
    return {
        "customer_base": base,
        "loyalty_members": members,
        "loyalty_member_rate": per(members, base),
        "enrolled": sum(1 for event in events if event.event == "enrolled"),
        "left_programme": sum(1 for event in events if event.event == "left"),
        "points_earned": earned,
        "points_redeemed": redeemed,
        "redemption_rate": per(redeemed, earned),
        "loyalty_cost": sum((Fraction(event.cost) for event in events), NOTHING),
        "retention_cost": _of(cubes.total(RETENTION_COST, period), WHOLE),
        "is_mature": month_end(period[1]) <= cubes.company.settings.as_of,
    }


def _groups(company: Company, month: date) -> Row:
    """Set the people who are members at the month's end beside all the others."""
    end = min(month_end(month), company.settings.as_of)
    row: Row = {}
    for group, one_of, is_member in (
        ("members", "member", True),
        ("non_members", "non_member", False),
    ):
        active = [
            bought
            for person, orders in company.completed_orders.items()
            if company.is_member(person, end) is is_member
            and (bought := [one for one in orders if month <= one.order_date <= end])
        ]
        orders = list(chain.from_iterable(active))
        row |= {
            f"active_{group}": len(active),
            f"orders_of_{group}": len(orders),
            f"revenue_of_{group}": _revenue(orders),
            f"profit_of_{group}": _profit(orders),
            f"revenue_per_{one_of}": per(_revenue(orders), len(active)),
        }
    return row


def per(amount: Fraction | int, pieces: Fraction | int) -> Fraction | None:
    """Divide exactly; by nothing there is no value."""
    return Fraction(amount) / pieces if pieces else None


def _of(amounts: Slice, member: Member) -> Fraction:
    return amounts.get(member, NOTHING)


def _revenue(orders: Iterable[Order]) -> Fraction:
    return sum((Fraction(placed.net_revenue) for placed in orders), NOTHING)


def _profit(orders: Iterable[Order]) -> Fraction:
    return sum((Fraction(placed.gross_profit) for placed in orders), NOTHING)

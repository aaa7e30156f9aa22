"""Cohorts: what the people who first bought in a month did in the months after it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reporting.marts import Report

MOST_COHORTS = 13

COHORTS = """
    select
        cohort_month, months_since, people, active_people, repeat_people, active_share,
        repeat_share, revenue_per_head, profit_per_head, is_mature
    from retention.cohorts_monthly
    where cohort_month between $1 and $2 and months_since < $3
    order by cohort_month, months_since
"""
LOYALTY = """
    select
        month, customer_base, loyalty_members, active_members, active_non_members,
        orders_of_members, orders_of_non_members, revenue_of_members, revenue_of_non_members,
        profit_of_members, profit_of_non_members, revenue_per_member, revenue_per_non_member,
        loyalty_cost, is_mature
    from retention.loyalty_monthly
    where month between $1 and $2
    order by month
"""


@dataclass(frozen=True)
class CohortMonth:
    """One row of `retention.cohorts_monthly`."""

    cohort_month: date
    months_since: int
    people: int
    active_people: int
    repeat_people: int
    active_share: float | None
    repeat_share: float | None
    revenue_per_head: float | None
    profit_per_head: float | None
    is_mature: bool


@dataclass(frozen=True)
class LoyaltyMonth:
    """One row of `retention.loyalty_monthly`: members beside everybody else."""

    month: date
    customer_base: int
    loyalty_members: int
    active_members: int
    active_non_members: int
    orders_of_members: int
    orders_of_non_members: int
    revenue_of_members: float
    revenue_of_non_members: float
    profit_of_members: float
    profit_of_non_members: float
    revenue_per_member: float | None
    revenue_per_non_member: float | None
    loyalty_cost: float
    is_mature: bool


def cohorts(report: Report, until: date) -> list[CohortMonth]:
    """Return the cohorts of the thirteen months that end with a day, each month of them.

    Args:
        report: the publication.
        until: a day of the last cohort's month.
    """
    last = until.replace(day=1)
    index = last.year * 12 + last.month - MOST_COHORTS
    first = date(index // 12, index % 12 + 1, 1)
    rows = report.rows(COHORTS, first, last, MOST_COHORTS)
    return [CohortMonth(**row) for row in rows]


def loyalty(report: Report, since: date, until: date) -> list[LoyaltyMonth]:
    """Return the months of the loyalty programme that two dates touch."""
    rows = report.rows(LOYALTY, since.replace(day=1), until)
    return [LoyaltyMonth(**_floats(row)) for row in rows]


def _floats(row: dict[str, Any]) -> dict[str, Any]:
    """Turn exact amounts into floats: what is shown has at most a dozen digits."""
    amounts = (
        *("revenue_of_members", "revenue_of_non_members"),
        *("profit_of_members", "profit_of_non_members", "loyalty_cost"),
    )
    return row | {name: float(row[name]) for name in amounts}

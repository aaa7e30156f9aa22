"""Levers: what another value of one KPI would have brought, as the mart prices it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.marts import Report

LEVERS = """
    select
        levers.kpi, levers.direction, levers.unit, levers.value, levers.is_mature,
        levers.quantity_is, levers.quantity, levers.conversion, levers.conversion_from,
        levers.worth, levers.worth_from, levers.money_per_unit,
        coalesce(places.goal, levers.target) as goal,
        coalesce(places.goal_is, 'target') as goal_is
    from kpi.levers as levers
    left join kpi.weak_places as places
        using (period_grain, period_start, kpi, dimension, member)
    where levers.period_grain = $1 and levers.period_start = $2
        and levers.dimension = $3 and levers.member = $4
    order by levers.kpi
"""
CONTRIBUTION = """
    select numerator from kpi.scorecard
    where kpi = 'contribution' and period_grain = $1 and period_start = $2
        and dimension = $3 and member = $4
"""


@dataclass(frozen=True)
class Lever:
    """One row of `kpi.levers`, with the goal that it is held against, if there is one.

    `money_per_unit` is the contribution that one unit more, in the better direction, would have
    brought; None where nobody knows yet.
    """

    kpi: str
    direction: str
    unit: str
    value: float
    is_mature: bool
    quantity_is: str
    quantity: Decimal | None
    conversion: float | None
    conversion_from: date | None
    worth: float | None
    worth_from: date | None
    money_per_unit: float | None
    goal: float | None
    goal_is: str


def levers(report: Report, grain: str, start: date, dimension: str, member: str) -> list[Lever]:
    """Return the levers of one member in one period; none for days, which nobody mends."""
    return [Lever(**row) for row in report.rows(LEVERS, grain, start, dimension, member)]


def contribution(
    report: Report, grain: str, start: date, dimension: str, member: str
) -> Decimal | None:
    """Return what was left over; None for units and employees, who bear no orders of their own."""
    rows = report.rows(CONTRIBUTION, grain, start, dimension, member)
    return rows[0]["numerator"] if rows else None


def gain(lever: Lever, value: float) -> Decimal | None:
    """Return what another value of this KPI alone would have brought, below 0 where it is worse.

    The price is the mart's, whatever the value: what is at stake at the goal is the same number.
    """
    if lever.money_per_unit is None:
        return None
    better = value - lever.value if lever.direction == "up" else lever.value - value
    return Decimal(better * lever.money_per_unit).quantize(Decimal("0.0001"))

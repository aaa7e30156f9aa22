"""The scorecard: every KPI by period and member, with target, maturity and interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from tests.oracle.cohorts import payback_months, profit_to_cost
from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Member, Period, median
from tests.oracle.definitions import KPIS, MATURITY, Kpi
from tests.oracle.money import rounded
from tests.oracle.periods import period_before, period_end

Key = tuple[str, date, str, str, str]  # grain, period_start, kpi, dimension, member

WILSON_Z = 1.959963984540054
FEW = 30
CHAIN_OF_COSTS = (
    "lead_cost_per_customer",
    "sales_cost_per_customer",
    "retention_cost_per_customer",
)


@dataclass(frozen=True)
class Row:
    """One row of the scorecard, without its key."""

    period_end: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: float | None
    target: Decimal | None
    previous_value: float | None
    is_mature: bool
    is_small: bool
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True)
class Figure:
    """A KPI's value with its two parts, exactly."""

    numerator: Fraction | None = None
    denominator: Fraction | None = None
    value: Fraction | None = None

    @property
    def is_something(self) -> bool:
        """Whether a member has a row for it."""
        if self.numerator is None and self.denominator is None:
            return self.value is not None
        return bool(self.numerator) or bool(self.denominator)


NOTHING = Figure()


def quotient(numerator: Fraction, denominator: Fraction) -> Figure:
    """Divide; by nothing there is no value, and the numerator still stands."""
    value = numerator / denominator if denominator else None
    return Figure(numerator, denominator, value)


def scorecard(company: Company, kpis: Iterable[str] | None = None) -> dict[Key, Row]:
    """Compute the scorecard of a company.

    Args:
        company: the company.
        kpis: the names of the KPIs that are wanted; all of them if None.
    """
    cubes = Cubes(company)
    periods = cubes.all_periods()
    rows: dict[Key, Row] = {}
    for name in KPIS if kpis is None else kpis:
        kpi = KPIS[name]
        figures = {period: figures_of(cubes, kpi, period) for period in periods}
        for period, by_member in figures.items():
            before = figures.get((period[0], period_before(*period)), {})
            for member, figure in by_member.items():
                previous = before.get(member)
                rows[(*period, name, *member)] = _row(
                    company, kpi, period, member, figure, previous
                )
    return rows


def figures_of(cubes: Cubes, kpi: Kpi, period: Period) -> dict[Member, Figure]:
    """Return a KPI in a period: always for `all`, and for the members that have something."""
    figures = _figures(cubes, kpi, period)
    nothing = _nothing(kpi)
    figures = {
        member: figure
        for member, figure in figures.items()
        if member[0] in kpi.dimensions and figure.is_something
    }
    figures.setdefault(("all", "all"), nothing)
    return figures


def _nothing(kpi: Kpi) -> Figure:
    zero = Fraction(0)
    if kpi.is_additive:
        return Figure(zero, None, zero)
    if kpi.median_of:
        return Figure(None, zero, None)
    if kpi.parts or kpi.name == "profit_to_cost":
        return quotient(zero, zero)
    return NOTHING


def _figures(cubes: Cubes, kpi: Kpi, period: Period) -> dict[Member, Figure]:
    if kpi.median_of:
        return {
            member: Figure(None, Fraction(len(values)), median(values))
            for member, values in cubes.cases(kpi.median_of).get(period, {}).items()
        }
    if kpi.name == "total_cost_per_customer":
        return _total_cost_per_customer(cubes, period)
    if kpi.name == "payback_months":
        paid_back = payback_months(cubes, period)
        return {member: Figure(value=months) for member, months in paid_back.items()}
    if kpi.name == "profit_to_cost":
        parts = profit_to_cost(cubes, period)
        return {member: quotient(*both) for member, both in parts.items()}
    numerators = cubes.total(kpi.parts, period)
    if kpi.is_additive:
        return {member: Figure(amount, None, amount) for member, amount in numerators.items()}
    denominators = cubes.total(kpi.per, period)
    zero = Fraction(0)
    return {
        member: quotient(numerators.get(member, zero), denominators.get(member, zero))
        for member in numerators.keys() | denominators.keys()
    }


def _total_cost_per_customer(cubes: Cubes, period: Period) -> dict[Member, Figure]:
    costs = [figures_of(cubes, KPIS[name], period) for name in CHAIN_OF_COSTS]
    totals = {}
    for member in costs[0]:
        values = [cost.get(member, NOTHING).value for cost in costs]
        if None not in values:
            totals[member] = Figure(value=sum(values, Fraction(0)))  # type: ignore[arg-type]
    return totals


def _row(
    company: Company,
    kpi: Kpi,
    period: Period,
    member: Member,
    figure: Figure,
    previous: Figure | None,
) -> Row:
    target = _target(company, kpi, period, member)
    is_mature = _is_mature(company, kpi, period)
    if previous is None and kpi.is_additive:
        previous = _nothing(kpi)
    low, high = _wilson(figure) if kpi.is_proportion else (None, None)
    return Row(
        period_end=period_end(*period),
        numerator=_part(figure.numerator),
        denominator=_part(figure.denominator),
        value=_float(figure.value),
        target=target,
        previous_value=_float(previous.value) if previous else None,
        is_mature=is_mature,
        is_small=figure.denominator is not None and figure.denominator < FEW,
        low=low,
        high=high,
        status=_status(kpi, figure, target, is_mature),
    )


def _part(part: Fraction | None) -> Decimal | None:
    return None if part is None else rounded(part)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _is_mature(company: Company, kpi: Kpi, period: Period) -> bool:
    days = kpi.cohort_days or 0
    if days == MATURITY:
        days = company.settings.maturity_days
    return period_end(*period) + timedelta(days=days) <= company.settings.as_of


def _target(company: Company, kpi: Kpi, period: Period, member: Member) -> Decimal | None:
    """Return the target that holds: of that very period for an amount, else the narrowest."""
    first, last = period[1], period_end(*period)
    holding = []
    for row in company.targets.get((kpi.name, *member), []):
        is_exact = (row["period_start"], row["period_end"]) == (first, last)
        is_around = row["period_start"] <= first and last <= row["period_end"]
        if is_exact or (is_around and not kpi.is_additive):
            holding.append(row)
    if not holding:
        return None
    narrowest = min(
        holding,
        key=lambda row: (row["period_end"] - row["period_start"], -row["period_start"].toordinal()),
    )
    return narrowest["target"]


def _wilson(figure: Figure) -> tuple[float | None, float | None]:
    """Return the 95 % Wilson score interval (Wilson 1927) of a proportion."""
    if not figure.denominator or figure.numerator is None:
        return None, None
    cases = float(figure.denominator)
    share = float(figure.numerator / figure.denominator)
    variance = share * (1 - share) / cases + WILSON_Z**2 / (4 * cases**2)
    if variance < 0:  # more clicks than impressions: no proportion after all
        return None, None
    middle = share + WILSON_Z**2 / (2 * cases)
    reach = WILSON_Z * sqrt(variance)
    whole = 1 + WILSON_Z**2 / cases
    return (middle - reach) / whole, (middle + reach) / whole


def _status(kpi: Kpi, figure: Figure, target: Decimal | None, is_mature: bool) -> str:
    if target is None:
        return "no_target"
    if figure.value is None:
        return "no_value"
    if not is_mature:
        return "immature"
    is_reached = figure.value >= target if kpi.better == "up" else figure.value <= target
    return "on_target" if is_reached else "off_target"

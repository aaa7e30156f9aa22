"""Levers: what one unit of a priced KPI brings, and of what that is made."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Member, Period
from tests.oracle.definitions import MATURITY
from tests.oracle.money import rounded
from tests.oracle.periods import period_end
from tests.oracle.scorecard import Key, Row, scorecard


@dataclass(frozen=True)
class Factor:
    """What one of many is worth or brings: a quotient that rests some days after its period."""

    parts: str
    per: str
    days: int = 0


CONVERSION = Factor("won_qualified_leads", "qualified_leads", MATURITY)
CONVERSION_IN_TIME = Factor("won_leads_called_in_time", "leads_called_in_time", MATURITY)
PROFIT_90D = Factor("profit_90d", "new_customers", 90)
LATER_ORDER = Factor("later_profit", "later_orders")

# What a change of each KPI is multiplied with: a measure of the period, a conversion, and a worth.
PRICES: dict[str, tuple[str, Factor | None, Factor | None]] = {
    "cost_per_lead": ("leads", None, None),
    "filter_pass_rate": ("leads", CONVERSION, PROFIT_90D),
    "ignored_lead_rate": ("qualified_leads", CONVERSION_IN_TIME, PROFIT_90D),
    "qualified_to_customer_rate": ("qualified_leads", None, PROFIT_90D),
    "sales_cost_per_customer": ("new_customers", None, None),
    "retention_cost_per_customer": ("customer_base", None, None),
    "repeat_rate_90d": ("first_orders", None, LATER_ORDER),
    "profit_per_customer": ("active_customers", None, None),
}


@dataclass(frozen=True)
class Lever:
    """One row of kpi.levers, without its key."""

    period_end: date
    is_mature: bool
    value: Fraction
    quantity: Decimal
    conversion: Fraction | None
    conversion_from: date | None
    worth: Fraction | None
    worth_from: date | None
    price: Fraction | None
    money_per_unit: Fraction | None


def levers(company: Company) -> dict[Key, Lever]:
    """Find the levers of a company: every priced value of a week or longer."""
    cubes = Cubes(company)
    return {
        key: lever_of(cubes, key, row)
        for key, row in scorecard(company, PRICES).items()
        if key[0] != "day" and row.denominator
    }


def value_of(row: Row) -> Fraction:
    """Return a KPI's value, exactly."""
    return Fraction(row.numerator or 0) / Fraction(row.denominator or 0)


def lever_of(cubes: Cubes, key: Key, row: Row) -> Lever:
    """Price one unit of the KPI of a row of the scorecard that has a value."""
    period, member = (key[0], key[1]), (key[3], key[4])
    measure, *factors = PRICES[key[2]]
    quantity = cubes.measure(measure, period)[member]
    (conversion, conversion_from), (worth, worth_from) = (
        _latest(cubes, factor, period, member) if factor else (None, None) for factor in factors
    )
    price: Fraction | None = Fraction(1)
    for factor, known in zip(factors, (conversion, worth), strict=True):
        if factor is not None:
            price = None if price is None or known is None else price * known
    return Lever(
        period_end=row.period_end,
        is_mature=row.is_mature,
        value=value_of(row),
        quantity=rounded(quantity),
        conversion=conversion,
        conversion_from=conversion_from,
        worth=worth,
        worth_from=worth_from,
        price=price,
        money_per_unit=None if price is None else quantity * price,
    )


def _latest(
    cubes: Cubes, factor: Factor, period: Period, member: Member
) -> tuple[Fraction | None, date | None]:
    """Return a factor, and its period's first day, where it last rests up to this period."""
    settings = cubes.company.settings
    days = settings.maturity_days if factor.days == MATURITY else factor.days
    same_grain = [one for one in cubes.all_periods() if one[0] == period[0]]
    for earlier in reversed([one for one in same_grain if one[1] <= period[1]]):
        per = cubes.measure(factor.per, earlier).get(member)
        if per and period_end(*earlier) + timedelta(days=days) <= settings.as_of:
            return cubes.measure(factor.parts, earlier).get(member, Fraction(0)) / per, earlier[1]
    return None, None

"""Economics: what the customers of a month and a method cost and brought to date."""

from dataclasses import dataclass
from datetime import date

from reporting.language import say
from reporting.marts import Report

COHORTS = """
    select
        cohort_month, method, customers, cost_per_customer, winning_cost_per_customer,
        profit_per_customer, profit_90d_per_customer, profit_to_cost, payback_months,
        months_observed, is_mature
    from kpi.unit_economics
    where cohort_month >= date_trunc('month', cast($1 as date)) and cohort_month <= $2
        and ($3 = '' or method = $3)
    order by cohort_month desc, customers desc, method
"""
# What a cohort can be asked, with the KPI's unit.
MEASURES = {
    "profit_to_cost": "times",
    "payback_months": "months",
    "cost_per_customer": "money",
    "profit_per_customer": "money",
}


@dataclass(frozen=True)
class Cohort:
    """One row of `kpi.unit_economics`: the customers won in a month by a method."""

    cohort_month: date
    method: str
    customers: int
    cost_per_customer: float | None
    winning_cost_per_customer: float | None
    profit_per_customer: float | None
    profit_90d_per_customer: float | None
    profit_to_cost: float | None
    payback_months: int | None
    months_observed: int
    is_mature: bool

    @property
    def is_paid_back(self) -> bool:
        return self.payback_months is not None


def cohorts(report: Report, since: date, until: date, method: str = "") -> list[Cohort]:
    """Return the cohorts of the months that two dates touch, the newest first."""
    return [Cohort(**row) for row in report.rows(COHORTS, since, until, method)]


def measure_name(measure: str) -> str:
    """Name what a cohort can be asked."""
    names = {
        "profit_to_cost": say("Profit to cost"),
        "payback_months": say("Payback"),
        "cost_per_customer": say("Cost of a customer"),
        "profit_per_customer": say("Gross profit of a customer"),
    }
    return names[measure]

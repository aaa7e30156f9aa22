"""Weak places: where money is lost, in sentences of the reader's language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting import formats
from reporting.language import say
from reporting.marts import Report
from reporting.view import View, member_name

GRAINS = ("week", "month", "quarter", "year")  # a day is too short to be weak

# Of the columns that are not in the unit of the row's KPI.
UNITS = {
    "money_at_stake": "money",
    "worth": "money",
    "conversion": "ratio",
    "quantity": "count",
    "rank": "count",
}
PLACES = """
    select
        places.period_grain, places.period_start, places.kpi, places.dimension, places.member,
        places.process, places.unit, places.value, places.goal, places.goal_is, places.gap,
        places.money_at_stake, places.rank, places.quantity, levers.is_small,
        levers.conversion, levers.conversion_from, levers.worth, levers.worth_from
    from kpi.weak_places as places
    left join kpi.levers as levers
        using (period_grain, period_start, kpi, dimension, member)
    where places.period_grain = $1 and places.period_start = $2
        and ($3 = 'all' or places.dimension = $3) and ($4 = '' or places.member = $4)
        and ($5 = '' or places.kpi = $5)
    order by places.rank
"""


@dataclass(frozen=True)
class Place:
    """One row of `kpi.weak_places`, a KPI of a member that is worse than its goal, and its price.

    The factors of the price are those of `kpi.levers`, with the periods from which they are.
    """

    period_grain: str
    period_start: date
    kpi: str
    dimension: str
    member: str
    process: str
    unit: str
    value: float
    goal: float
    goal_is: str
    gap: float
    money_at_stake: Decimal | None
    rank: int
    quantity: Decimal | None
    is_small: bool | None
    conversion: float | None
    conversion_from: date | None
    worth: float | None
    worth_from: date | None

    @property
    def is_lost(self) -> bool:
        """Whether money is being lost: known, and not the other way round."""
        return self.money_at_stake is not None and self.money_at_stake > 0


def places(report: Report, view: View, kpi: str = "") -> list[Place]:
    """Return the weak places of a view's period, where most money is lost first.

    A view of the whole business has those of every member, a view of a dimension those of it.

    Args:
        report: the publication.
        view: what is looked at.
        kpi: one alone; `""` stands for every one.
    """
    if view.start is None or view.grain not in GRAINS:
        return []
    rows = report.rows(PLACES, view.grain, view.start, view.dimension, view.member, kpi)
    return [Place(**row) for row in rows]


def costly(found: list[Place]) -> list[Place]:
    """Return the places that lose money, the worst of each KPI, where most is lost first.

    Places of one KPI overlap: the leads of a unit are also its sellers', so two of them would tell
    one thing twice.
    """
    worst: dict[str, Place] = {}
    for place in found:
        if place.is_lost:
            worst.setdefault(place.kpi, place)
    return list(worst.values())


def sentence(report: Report, place: Place) -> str:
    """Say what is weak, as one says it: `Unit Cluj: 43.3 % of the good leads are not called...`."""
    currency = report.settings.currency
    what = {
        "who": who(place.dimension, place.member),
        "value": formats.tile(place.value, place.unit, currency),
    }
    sentences = {
        "cost_per_lead": say("{who}: a lead costs {value}.", **what),
        "filter_pass_rate": say("{who}: {value} of the leads are worth working on.", **what),
        "ignored_lead_rate": say(
            "{who}: {value} of the good leads are not contacted in time.", **what
        ),
        "qualified_to_customer_rate": say(
            "{who}: {value} of the good leads become customers.", **what
        ),
        "sales_cost_per_customer": say(
            "{who}: selling costs {value} for each customer won.", **what
        ),
        "retention_cost_per_customer": say("{who}: keeping a customer costs {value}.", **what),
        "repeat_rate_90d": say(
            "{who}: {value} of the new customers come back within 90 days.", **what
        ),
        "profit_per_customer": say("{who}: an active customer brings {value}.", **what),
    }
    label = say(report.definitions[place.kpi].label)
    return sentences.get(place.kpi) or say("{who}: {kpi} is {value}.", kpi=label, **what)


def goal_sentence(report: Report, place: Place) -> str:
    """Say what it should be: the target that was set, or what is usual."""
    goal = formats.tile(place.goal, place.unit, report.settings.currency)
    if place.goal_is == "target":
        return say("The target is {goal}.", goal=goal)
    return say("Usual is {goal}.", goal=goal)


def money_sentence(report: Report, place: Place) -> str:
    """Say what reaching the goal would have brought in the period."""
    if place.money_at_stake is None:
        return say("What reaching it is worth is not known yet.")
    size = formats.tile(abs(place.money_at_stake), "money", report.settings.currency)
    if place.money_at_stake < 0:
        return say("Reaching it would have cost {money}.", money=size)
    return say("Reaching it would have earned {money}.", money=size)


def who(dimension: str, member: str) -> str:
    """Name whose place it is, at the beginning of a sentence."""
    name = member_name(member, dimension)
    named = {
        "method": say("Method {name}", name=name),
        "campaign": say("Campaign {name}", name=name),
        "unit": say("Unit {name}", name=name),
        "employee": say("Employee {name}", name=name),
    }
    return named.get(dimension) or say("The whole business")

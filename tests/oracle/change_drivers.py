"""Change drivers: a change of the contribution, split over the links of the chain one by one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.cubes import Cubes, Member, Period
from tests.oracle.definitions import KPIS
from tests.oracle.money import rounded
from tests.oracle.periods import period_before
from tests.oracle.scorecard import scorecard

CHAIN = (
    "leads",
    "filter_pass_rate",
    "customers_per_qualified_lead",
    "orders_per_active_customer",
    "order_value",
    "margin",
    "existing_customers",
)
COSTS = ("acquisition_cost", "sales_cost", "retention_cost")
Place = tuple[str, date, str, str]  # grain, period_start, dimension, member
Links = dict[str, Fraction | None]


@dataclass(frozen=True)
class Driver:
    """One row of kpi.change_drivers, without its key."""

    position: int
    before: Fraction | None
    after: Fraction | None
    amount: Decimal
    change: Decimal


@dataclass(frozen=True)
class Chain:
    """The links of a period, and what belongs to two of them and is no quotient."""

    links: Links
    won_without_leads: Fraction
    earned_without_revenue: Fraction
    amounts: dict[str, Fraction]


def change_drivers(company: Company) -> dict[Place, dict[str, Driver]]:
    """Explain every contribution of the scorecard by its change against the period before.

    Whoever had one before and has none now has lost it, which is a change as well.
    """
    cubes = Cubes(company)
    members: dict[Period, set[Member]] = defaultdict(set)
    for grain, start, _, *member in scorecard(company, ["contribution"]):
        members[grain, start].add((member[0], member[1]))
    explained = {}
    for grain, start in list(members):
        earlier = (grain, period_before(grain, start))
        for member in members[grain, start] | members.get(earlier, set()):
            before, after = _chain(cubes, earlier, member), _chain(cubes, (grain, start), member)
            explained[(grain, start, *member)] = _drivers(before, after)
    return explained


def _chain(cubes: Cubes, period: Period, member: Member) -> Chain:
    def of(formula: str) -> Fraction:
        return cubes.total(formula, period).get(member, Fraction(0))

    orders = of("first_orders later_orders")
    revenue, profit = of("people_revenue"), of("people_profit")
    return Chain(
        links={
            "leads": of("leads"),
            "filter_pass_rate": _quotient(of("qualified_leads"), of("leads")),
            "customers_per_qualified_lead": _quotient(of("new_customers"), of("qualified_leads")),
            "orders_per_active_customer": _quotient(orders, of("active_customers")),
            "order_value": _quotient(revenue, orders),
            "margin": _quotient(profit, revenue),
            "existing_customers": of("active_customers -new_customers"),
        },
        won_without_leads=Fraction(0) if of("qualified_leads") else of("new_customers"),
        earned_without_revenue=Fraction(0) if revenue else profit,
        amounts={
            "anonymous_sales": of("gross_profit -people_profit"),
            **{cost: of(KPIS[cost].parts) for cost in COSTS},
        },
    )


def _quotient(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None


def _drivers(before: Chain, after: Chain) -> dict[str, Driver]:
    effects: list[tuple[str, Fraction | None, Fraction | None, Decimal]] = []
    stage = rounded(_profit(before, after, replaced=0))
    for count, link in enumerate(CHAIN, start=1):
        following = rounded(_profit(before, after, replaced=count))
        effects.append((link, before.links[link], after.links[link], following - stage))
        stage = following
    for name, was in before.amounts.items():
        rise = rounded(after.amounts[name] - was)
        effects.append((name, was, after.amounts[name], -rise if name in COSTS else rise))
    change = sum((effect for *_, effect in effects), Decimal(0))
    return {
        name: Driver(position, was, now, effect, change)
        for position, (name, was, now, effect) in enumerate(effects, start=1)
    }


def _profit(before: Chain, after: Chain, *, replaced: int) -> Fraction:
    """Return the gross profit of the identified with so many links of the new period."""
    new = set(CHAIN[:replaced])
    link = {
        name: _known(after.links, before.links, name)
        if name in new
        else _known(before.links, after.links, name)
        for name in CHAIN
    }
    won = after if "customers_per_qualified_lead" in new else before
    earned = after if "margin" in new else before
    led = link["leads"] * link["filter_pass_rate"] * link["customers_per_qualified_lead"]
    active = led + won.won_without_leads + link["existing_customers"]
    sold = active * link["orders_per_active_customer"] * link["order_value"]
    return sold * link["margin"] + earned.earned_without_revenue


def _known(own: Mapping[str, Fraction | None], other: Links, name: str) -> Fraction:
    """Return a link, or the other period's where there is none: so it has no effect."""
    value = own[name]
    return (other[name] or Fraction(0)) if value is None else value

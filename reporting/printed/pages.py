"""Pages: what the printed report says of a period: today's answer, then a page per process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting import formats, weak_places
from reporting.chain import FELT_AT, LINKS, verdict, weakest_sentence
from reporting.charts.bars import bars_title
from reporting.charts.waterfall import drivers, waterfall
from reporting.language import say
from reporting.marts import DIMENSIONS, Report, Value
from reporting.palette import colours
from reporting.printed import parts
from reporting.printed.blocks import (
    Block,
    Cell,
    Chain,
    Drawing,
    Loss,
    Losses,
    Page,
    Part,
    Split,
    Table,
)
from reporting.printed.period import Period
from reporting.view import View, member_name

MOST_LOSSES = 5
CHAIN = tuple(kpi for kpis in LINKS.values() for kpi in kpis)
COST_PARTS = {
    "lead_cost_per_customer": "acquisition",
    "sales_cost_per_customer": "sales",
    "retention_cost_per_customer": "retention",
}


def pages_of(report: Report, period: Period) -> list[Page]:
    """Return the pages of a report, in the language and the colours of now."""
    return [
        today(report, period),
        attract(report, period),
        sell(report, period),
        keep(report, period),
        customer(report, period),
        targets(report, period),
    ]


# ------------------------------------------------------------------------------ today


def today(report: Report, period: Period) -> Page:
    """Say what is left over, where money is lost, and what moved since the period before."""
    view = parts.view_of(period)
    values = parts.values_of(report, period, [*CHAIN, *COST_PARTS, *OF_A_CUSTOMER])
    places = weak_places.places(report, view)
    found = weak_places.costly(places)
    # The chain is the whole business's, so it is judged by the whole business's weak places.
    own = weak_places.costly([place for place in places if place.dimension == "all"])
    weakest = next(iter(own), None)
    felt_at = FELT_AT.get(weakest.kpi, "") if weakest else ""
    links = [
        parts.link(report, view, values[kpi], is_weak=kpi == felt_at)
        for kpi in CHAIN
        if kpi in values
    ]
    named = weakest_sentence(report, weakest) if weakest else ""
    blocks: list[Block] = [
        Chain(links, named),
        *_cost_of_a_customer(report, view, values),
        _losses(report, period, found),
        Drawing(waterfall(report, view, drivers(report, view)), 300),
        parts.course(report, period, "contribution", 200),
    ]
    return Page(say("Today"), colours().chain, verdict(report, view, values), blocks)


def _cost_of_a_customer(report: Report, view: View, values: Mapping[str, Value]) -> list[Split]:
    total = values.get("total_cost_per_customer")
    if total is None or total.value is None:
        return []
    currency = report.settings.currency
    sizes = {kpi: values[kpi].value or 0.0 for kpi in COST_PARTS if kpi in values}
    whole = sum(max(size, 0.0) for size in sizes.values()) or 1.0
    profit = values.get("profit_per_customer")
    sentence = say(
        "A customer costs {total} = {leads} for leads + {selling} for selling + {keeping} for "
        "keeping; an active customer brought {profit} gross profit {when}.",
        total=formats.tile(total.value, "money", currency),
        leads=formats.tile(sizes.get("lead_cost_per_customer"), "money", currency),
        selling=formats.tile(sizes.get("sales_cost_per_customer"), "money", currency),
        keeping=formats.tile(sizes.get("retention_cost_per_customer"), "money", currency),
        profit=formats.tile(profit.value if profit else None, "money", currency),
        when=view.within,
    )
    return [
        Split(
            sentence,
            [
                Part(max(size, 0.0) / whole, colours().of(COST_PARTS[kpi]))
                for kpi, size in sizes.items()
            ],
        )
    ]


def _losses(report: Report, period: Period, found: Sequence[weak_places.Place]) -> Losses:
    nothing = say("No priced number is worse than its goal in this period.")
    if period.grain not in weak_places.GRAINS:
        nothing = say("A day is too short to say where money is lost: print a week or longer.")
    losses = [
        Loss(
            weak_places.sentence(report, place),
            weak_places.goal_sentence(report, place),
            formats.tile(place.money_at_stake, "money", report.settings.currency),
        )
        for place in found[:MOST_LOSSES]
    ]
    return Losses(say("Where money is lost"), losses, "" if losses else nothing)


# ------------------------------------------------------------------------------ the processes

OF_ATTRACTING = (
    "acquisition_cost",
    "leads",
    "cost_per_lead",
    "lead_quality_rate",
    "cost_per_quality_lead",
)
OF_SELLING = (
    "qualified_leads",
    "filter_pass_rate",
    "ignored_lead_rate",
    "new_customers",
    "sales_cost_per_customer",
)
OF_KEEPING = (
    "customer_base",
    "active_customers",
    "repeat_purchase_rate",
    "retention_cost_per_customer",
    "revenue_per_customer",
)
OF_A_CUSTOMER = (
    "total_cost_per_customer",
    "lead_cost_per_customer",
    "sales_cost_per_customer",
    "retention_cost_per_customer",
    "profit_per_customer",
)


@dataclass(frozen=True)
class _Head:
    """How a page begins: its title, and the KPI whose best and worst members are its answer."""

    title: str
    process: str
    kpi: str
    dimension: str


def attract(report: Report, period: Period) -> Page:
    """Cost, quantity and quality of every method together, and the cost of a lead over time."""
    return _process_page(
        report,
        period,
        _Head(say("Attract"), "acquisition", "cost_per_quality_lead", "method"),
        OF_ATTRACTING,
        [
            parts.course(report, period, "cost_per_lead"),
            parts.course(report, period, "leads"),
            parts.members(
                report,
                period,
                "method",
                ("leads", "acquisition_cost", *OF_ATTRACTING[2:]),
                say("Cost, quantity and quality of each method"),
            ),
            parts.members(
                report,
                period,
                "campaign",
                ("leads", "ad_spend", "cost_per_lead", "lead_quality_rate"),
                say("The campaigns"),
            ),
        ],
    )


def sell(report: Report, period: Period) -> Page:
    """How leads become customers, by unit and by employee."""
    compared = ("qualified_leads", *OF_SELLING[1:4], "lead_to_customer_rate", OF_SELLING[4])
    return _process_page(
        report,
        period,
        _Head(say("Sell"), "sales", "lead_to_customer_rate", "employee"),
        OF_SELLING,
        [
            parts.course(report, period, "lead_to_customer_rate"),
            parts.members(report, period, "unit", compared, say("How each unit sells")),
            parts.members(report, period, "employee", compared, say("How each employee sells")),
        ],
    )


def keep(report: Report, period: Period) -> Page:
    """Who comes back, and what keeping them costs."""
    later = ("new_customers", "repeat_rate_30d", "repeat_rate_90d", "repeat_rate_365d")
    return _process_page(
        report,
        period,
        _Head(say("Keep"), "retention", "repeat_purchase_rate", "method"),
        OF_KEEPING,
        [
            parts.course(report, period, "repeat_purchase_rate"),
            parts.members(
                report,
                period,
                "method",
                ("customer_base", "active_customers", *OF_KEEPING[2:], "profit_per_customer"),
                say("Whom each method won, and how they come back"),
            ),
            parts.periods(
                report, period, later, say("How many of those won came back within days"), 6
            ),
        ],
    )


def customer(report: Report, period: Period) -> Page:
    """What a customer costs in three parts, and what they bring."""
    by_method = (
        "new_customers",
        *OF_A_CUSTOMER[:4],
        "profit_90d_per_customer",
    )
    over_time = (
        "new_customers",
        "total_cost_per_customer",
        "profit_90d_per_customer",
        "profit_to_cost",
        "payback_months",
    )
    return _process_page(
        report,
        period,
        _Head(
            say("What a customer costs and brings"), "chain", "total_cost_per_customer", "method"
        ),
        OF_A_CUSTOMER,
        [
            parts.course(report, period, "total_cost_per_customer"),
            parts.members(
                report, period, "method", by_method, say("What each method's customers cost")
            ),
            parts.periods(
                report, period, over_time, say("What the customers of a period have brought"), 8
            ),
        ],
    )


def _process_page(
    report: Report,
    period: Period,
    head: "_Head",
    kpis: Sequence[str],
    blocks: Sequence[Drawing | Table],
) -> Page:
    view = parts.view_of(period)
    values = parts.values_of(report, period, kpis)
    compared = report.scorecard(
        period.grain, head.dimension, [head.kpi], period.start, period.start
    )
    answer = bars_title(report, report.definitions[head.kpi], compared)
    return Page(
        head.title,
        colours().of(head.process),
        f"{answer}.",
        [parts.tiles(report, view, values, kpis), *blocks],
    )


# ------------------------------------------------------------------------------ targets


def targets(report: Report, period: Period) -> Page:
    """Every target that holds for the period, against what became of it."""
    values = [
        value
        for dimension in DIMENSIONS
        for value in report.scorecard(
            period.grain, dimension, list(report.definitions), period.start, period.start
        )
        if value.target is not None
    ]
    met = [value for value in values if value.status == "on_target"]
    missed = [value for value in values if value.status == "off_target"]
    answer = (
        say("{met} of {judged} targets are met.", met=len(met), judged=len(met) + len(missed))
        if values
        else say("No target is set for this period.")
    )
    heads = [
        Cell(text)
        for text in (say("KPI"), say("Of"), say("Is"), say("Should be"), say("Was"), say("Judged"))
    ]
    order = {"off_target": 0, "on_target": 1}
    rows = [
        _target_row(report, value)
        for value in sorted(values, key=lambda value: order.get(value.status, 2))
    ]
    blocks = [Table(say("Targets and what became of them"), heads, rows, texts=2)] if rows else []
    return Page(say("Targets"), colours().chain, answer, blocks)


def _target_row(report: Report, value: Value) -> list[Cell]:
    currency = report.settings.currency
    known = report.definitions[value.kpi]
    judged = {
        "on_target": say("✓ on target"),
        "off_target": say("✗ off target"),
        "immature": say("still moving"),
    }
    return [
        Cell(say(known.label), colour=colours().of(known.process)),
        Cell(member_name(value.member, value.dimension)),
        Cell(formats.tile(value.value, value.unit, currency), is_moving=not value.is_mature),
        Cell(formats.tile(value.target, value.unit, currency)),
        Cell(formats.tile(value.previous_value, value.unit, currency)),
        Cell(judged.get(value.status, say("no value"))),
    ]

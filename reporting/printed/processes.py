"""Processes: the printed page of each process, with its pictures and the table behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting import economics
from reporting.charts.against import against
from reporting.charts.bars import bars_title
from reporting.charts.cohorts import heat_map
from reporting.charts.customer_cost import (
    PARTS,
    PROFIT,
    TOTAL,
    cost_by_method,
    cost_over_time,
)
from reporting.charts.discipline import criteria_picture, matrix
from reporting.charts.economics_map import economics_map
from reporting.charts.free import free
from reporting.charts.funnel import funnel
from reporting.charts.intervals import intervals
from reporting.charts.keeping import came_back, members
from reporting.charts.together import Three, together
from reporting.cohorts import cohorts, loyalty
from reporting.discipline import criteria, discipline
from reporting.language import say
from reporting.marts import Report
from reporting.palette import colours
from reporting.printed import parts
from reporting.printed.blocks import Block, Drawing, Page, Pair
from reporting.printed.period import Period

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
OF_A_CUSTOMER = (TOTAL, *PARTS, "profit_per_customer")
REPEAT_RATES = ("repeat_rate_30d", "repeat_rate_90d", "repeat_rate_365d")

# Heights in pixels: of a chart beside another, of a member's bar, of a share with its interval.
SIDE = 150
LOW_SIDE = 115
ROW = 21
SHARE_ROW = 25


@dataclass(frozen=True)
class _Head:
    """How a page begins: its title, and the KPI whose best and worst members are its answer."""

    title: str
    process: str
    kpi: str
    dimension: str


def attract(report: Report, period: Period) -> Page:
    """Cost, quantity and quality of every method together, and the cost of a lead over time."""
    known = report.definitions
    names = [definition.kpi for definition in report.kpis_of("acquisition")]
    methods = parts.of_members(report, period, "method", names)
    whole = parts.values_of(report, period, ["cost_per_lead"])
    three = Three(known["leads"], known["cost_per_lead"], known["lead_quality_rate"])
    course = parts.values_over_time(report, period, ["cost_per_lead", "leads"])
    return _page(
        report,
        period,
        _Head(say("Attract"), "acquisition", "cost_per_quality_lead", "method"),
        OF_ATTRACTING,
        [
            Drawing(together(report, three, methods, whole.get("cost_per_lead")), 250),
            parts.members(
                report,
                period,
                "method",
                ("leads", "acquisition_cost", *OF_ATTRACTING[2:]),
                say("Cost, quantity and quality of each method"),
            ),
            Pair(
                Drawing(against(report, known["cost_per_lead"], known["leads"], course), SIDE),
                Drawing(free(report, methods), SIDE),
            ),
            Pair(
                parts.course(report, period, "cost_per_lead", SIDE),
                parts.members(
                    report,
                    period,
                    "campaign",
                    ("leads", "ad_spend", "cost_per_lead", "lead_quality_rate"),
                    say("The campaigns"),
                ),
            ),
        ],
    )


def sell(report: Report, period: Period) -> Page:
    """What becomes of leads, who turns them into customers, and whether the filter is followed."""
    view = parts.view_of(period)
    names = [definition.kpi for definition in report.kpis_of("sales")]
    compared = ("qualified_leads", *OF_SELLING[1:4], "lead_to_customer_rate", OF_SELLING[4])
    return _page(
        report,
        period,
        _Head(say("Sell"), "sales", "lead_to_customer_rate", "employee"),
        OF_SELLING,
        [
            Drawing(funnel(report, parts.values_of(report, period, names))),
            Pair(
                _shares(report, period, "lead_to_customer_rate", "unit"),
                _shares(report, period, "lead_to_customer_rate", "employee"),
            ),
            Pair(
                Drawing(matrix(discipline(report, view)), SIDE),
                Drawing(criteria_picture(report, criteria(report, view)), SIDE),
            ),
            parts.members(report, period, "employee", compared, say("How each employee sells")),
        ],
    )


def keep(report: Report, period: Period) -> Page:
    """Who comes back, and what keeping them costs."""
    known = report.definitions
    view = parts.view_over_time(period)
    both = ("profit_per_customer", "retention_cost_per_customer")
    course = parts.values_over_time(report, period, (*both, *REPEAT_RATES))
    profit, cost = (known[kpi] for kpi in both)
    return _page(
        report,
        period,
        _Head(say("Keep"), "retention", "repeat_purchase_rate", "method"),
        OF_KEEPING,
        [
            Drawing(heat_map(report, cohorts(report, period.end), "repeat_share"), 180),
            Pair(
                Drawing(came_back(report, period.grain, course, REPEAT_RATES), 170),
                _shares(report, period, "repeat_rate_90d", "method"),
            ),
            Pair(
                Drawing(against(report, profit, cost, course), LOW_SIDE),
                Drawing(members(report, loyalty(report, view.since, view.until)), LOW_SIDE),
            ),
            parts.members(
                report,
                period,
                "method",
                ("customer_base", "active_customers", *OF_KEEPING[2:], "profit_per_customer"),
                say("Whom each method won, and how they come back"),
            ),
        ],
    )


def customer(report: Report, period: Period) -> Page:
    """What a customer costs in three parts, and what they bring."""
    view = parts.view_over_time(period)
    asked = (TOTAL, *PARTS, PROFIT)
    methods = parts.of_members(report, period, "method", ("new_customers", *asked))
    order = parts.by_size(methods, "new_customers")
    course = parts.values_over_time(report, period, asked)
    groups = economics.cohorts(report, view.since, view.until)
    over_time = ("new_customers", TOTAL, PROFIT, "profit_to_cost", "payback_months")
    return _page(
        report,
        period,
        _Head(say("What a customer costs and brings"), "chain", TOTAL, "method"),
        OF_A_CUSTOMER,
        [
            Drawing(
                cost_by_method(report, parts.view_of(period), methods, order), ROW * len(order)
            ),
            Drawing(cost_over_time(report, view, course), SIDE),
            Drawing(economics_map(report, groups, "profit_to_cost", order), ROW * len(order)),
            parts.periods(
                report, period, over_time, say("What the customers of a period have brought"), 6
            ),
        ],
    )


def _shares(report: Report, period: Period, kpi: str, dimension: str) -> Drawing:
    """Draw a share of each member, with what chance alone would make of it."""
    values = parts.of_members(report, period, dimension, [kpi])
    whole = parts.values_of(report, period, [kpi]).get(kpi)
    drawn = intervals(report, report.definitions[kpi], values, whole)
    return Drawing(drawn, SHARE_ROW * max(len(values), 2))


def _page(
    report: Report, period: Period, head: _Head, kpis: Sequence[str], blocks: Sequence[Block]
) -> Page:
    values = parts.values_of(report, period, kpis)
    compared = parts.of_members(report, period, head.dimension, [head.kpi])
    answer = bars_title(report, report.definitions[head.kpi], compared)
    return Page(
        head.title,
        colours().of(head.process),
        f"{answer}.",
        [parts.tiles(report, parts.view_of(period), values, kpis), *blocks],
    )

"""Pages: what the printed report says of a period, in the order of the report's own pages."""

from collections.abc import Mapping, Sequence

from reporting import formats, prices, weak_places
from reporting.chain import FELT_AT, LINKS, verdict, weakest_sentence
from reporting.charts.at_stake import at_stake_title
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
from reporting.printed.processes import OF_A_CUSTOMER, attract, customer, keep, sell
from reporting.view import View, member_name

MOST_LOSSES = 5
MOST_PLACES = 16
PLACE_WIDTHS = (0.3, 3, 3, 0.8)  # of the columns: rank, what is weak, how it is reckoned, money
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
        weak(report, period),
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
        Drawing(waterfall(report, view, drivers(report, view)), 330),
        parts.course(report, period, "contribution", 250),
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


# ------------------------------------------------------------------------------ weak places


def weak(report: Report, period: Period) -> Page:
    """Rank what loses money, as bars of that money, and say of what each sum is made."""
    view = parts.view_of(period)
    found = weak_places.places(report, view)
    lost = [place for place in found if place.is_lost]
    most = max((float(place.money_at_stake or 0) for place in lost), default=0.0)
    rows = [_place_row(report, place, most) for place in lost[:MOST_PLACES]]
    heads = [
        Cell(text)
        for text in (say("Rank"), say("What is weak"), say("How it is reckoned"), say("Money lost"))
    ]
    cut = len(lost) > len(rows)
    note = say("The {shown} largest of {all}.", shown=len(rows), all=len(lost)) if cut else ""
    ranked = Table(say("Where money is lost"), heads, rows, note, 3, PLACE_WIDTHS)
    answer = at_stake_title(report, view, found)
    return Page(say("Weak places"), colours().chain, answer, [ranked] if rows else [])


def _place_row(report: Report, place: weak_places.Place, most: float) -> list[Cell]:
    weak_and_goal = (weak_places.sentence(report, place), weak_places.goal_sentence(report, place))
    return [
        Cell(str(place.rank)),
        Cell(" ".join(weak_and_goal)),
        Cell(prices.formula(report, place)),
        Cell(
            prices.stake(report, place),
            bar=float(place.money_at_stake or 0) / most,
            colour=colours().alarm,
        ),
    ]


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

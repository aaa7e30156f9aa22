"""Today: the chain of the three processes, from money spent to customers who come back."""

from collections.abc import Sequence

import streamlit as st
from components import chain, choice, customer_cost, frame, places, process_page, show, tables
from components.kept import kept

from reporting import formats, weak_places
from reporting.chain import LINKS as OF_PROCESSES
from reporting.chain import verdict
from reporting.charts.bars import MOST_BARS, bars
from reporting.charts.trend import trend
from reporting.charts.waterfall import drivers, waterfall
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.view import View, member_name

LINKS = tuple(kpi for kpis in OF_PROCESSES.values() for kpi in kpis)
# Cost, quantity and what is left: never one without the others.
TOGETHER = ("new_customers", "total_cost_per_customer", "contribution")
MORE = ("cost_per_lead", "lead_to_customer_rate", "gross_profit", "payback_months")
SHOWN = tuple(dict.fromkeys((*LINKS, *customer_cost.KPIS, *TOGETHER, *MORE)))
MOST_PLACES = 3


def main() -> None:
    """Show the page."""
    report = frame.open_page(say("Today"), say("Where is money lost, and why?"))
    kpis = [report.definitions[name] for name in SHOWN if name in report.definitions]
    view = choice.ask(report, process_page.dimensions_of(report.kpis_of("chain")))
    names = [known.kpi for known in kpis]
    values = report.scorecard(view.grain, view.dimension, names, view.since, view.until)
    own = values if view.compares else [v for v in values if v.member == (view.member or "all")]
    of_period = [value for value in own if value.period_start == view.start]
    if not of_period:
        process_page.nothing_here(report, view)
        return
    if view.compares:
        side_by_side(report, view, kpis, of_period)
    else:
        today(report, view, {value.kpi: value for value in of_period})
        course(report, view, kpis, own)
        with st.expander(say("What each number of {period} is made of", period=view.period)):
            tables.with_parts(report, view, process_page.in_order(of_period, kpis))
    process_page.offer_download(report, view, names, "today")


def today(report: Report, view: View, values: dict[str, Value]) -> None:
    """Show where money is lost, and why, on one screen."""
    found = weak_places.places(report, view)
    mine = view.dimension if view.member else "all"
    weakest = weak_places.costly([place for place in found if place.dimension == mine])
    show.answer(verdict(report, view, values))
    chain.picture(report, view, values, next(iter(weakest), None))
    customer_cost.show(report, view, values)
    left, right = st.columns(2, gap="medium")
    with left:
        places.show(report, view, weak_places.costly(found)[:MOST_PLACES])
    with right:
        show.picture(kept(waterfall, report, view, drivers(report, view)))


def course(report: Report, view: View, kpis: Sequence[Definition], values: Sequence[Value]) -> None:
    """Show how one number went on, and the table of all."""
    wanted = choice.current().kpi
    known = next((known for known in kpis if known.kpi == wanted), None)
    known = known or report.definitions["contribution"]
    choice.ask_kpi(kpis, known)
    show.picture(kept(trend, report, view, known, [v for v in values if v.kpi == known.kpi]))
    tables.by_period(report, view, kpis, values)


def most_and_least(report: Report, view: View, values: Sequence[Value]) -> str:
    """Say in a sentence who left most when everything was paid, and who least."""
    left = [v for v in values if v.kpi == "contribution" and v.value is not None]
    named = sorted(
        (value for value in left if not value.member.startswith("(")),
        key=lambda value: (value.value or 0.0, value.member),
    )
    if len(named) < 2:
        return say("There is nothing to compare {when} yet.", when=view.within)
    least, most = named[0], named[-1]
    return say(
        "{most} left over most {when} ({high}), {least} least ({low}).",
        when=view.within,
        most=member_name(most.member, most.dimension),
        least=member_name(least.member, least.dimension),
        high=formats.tile(most.value, "money", report.settings.currency),
        low=formats.tile(least.value, "money", report.settings.currency),
    )


def side_by_side(
    report: Report, view: View, kpis: Sequence[Definition], values: Sequence[Value]
) -> None:
    """Show the members of a dimension beside each other: how many, at what cost, for what."""
    show.answer(most_and_least(report, view, values))
    order = process_page.by_size(values, TOGETHER[0])
    for column, name in zip(st.columns(len(TOGETHER)), TOGETHER, strict=True):
        with column:
            own = [value for value in values if value.kpi == name]
            show.picture(kept(bars, report, report.definitions[name], own, order[:MOST_BARS]))
    tables.by_member(report, view, kpis, values, order)


main()

"""Weak places: where most money is lost, how it is reckoned, and what another value would bring."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st
from components import choice, downloads, frame, places, process_page, what_if
from components.show import answer, plain

from reporting import formats, prices, weak_places
from reporting.charts.at_stake import MOST_PLACES, at_stake, at_stake_title
from reporting.language import say, say_n
from reporting.marts import DIMENSIONS, Report
from reporting.view import View
from reporting.weak_places import Place
from reporting.workbook import Sheet


def main() -> None:
    """Show the page."""
    report = frame.open_page(
        say("Weak places"), say("Where is most money lost, and what would mending it bring?")
    )
    view = not_a_day(report, choice.ask(report, DIMENSIONS))
    if view.start is None:
        process_page.nothing_here(report, view)
        return
    head = st.container()
    kpi = chosen_kpi(report)
    found = weak_places.places(report, view, kpi)
    with head:
        answer(at_stake_title(report, view, found))
    show_places(report, view, found)
    show_unjudged(report, view)
    what_if.what_if(report, view)


def not_a_day(report: Report, view: View) -> View:
    """Return the view, of the month around it where it is of a day: nobody mends a day."""
    if view.grain != "day":
        return view
    st.caption(say("Weak places are told for a week or longer: this is the month."))
    periods = report.periods("month", view.since, view.until)
    day = view.start or view.until
    start, end = next(((start, end) for start, end in periods if start <= day <= end), (None, None))
    ended = [period for period in periods if period[1] <= report.settings.as_of]
    if end is not None and end > report.settings.as_of and ended:
        start, end = ended[0]
    return replace(view, grain="month", start=start, end=end)


def chosen_kpi(report: Report) -> str:
    """Ask whether one KPI alone is looked at."""
    known = [row["kpi"] for row in report.rows("select distinct kpi from kpi.levers order by kpi")]
    wanted = choice.current().kpi
    key = "widget_weak_kpi"
    st.session_state[key] = wanted if wanted in known else ""
    st.selectbox(
        say("Kind of place"),
        ["", *known],
        key=key,
        format_func=lambda name: say(report.definitions[name].label) if name else say("every kind"),
        on_change=lambda: choice.change(kpi=st.session_state[key]),
        width=340,
    )
    return str(st.session_state[key])


def show_places(report: Report, view: View, found: Sequence[Place]) -> None:
    """Show the dearest places as sentences, and all of them in a table."""
    if not found:
        st.info(
            plain(
                say(
                    "Nothing weak {when}: no value that is final misses its target, or what it "
                    "usually is. Values that still move are not judged.",
                    when=view.within,
                )
            )
        )
        return
    places.ranked(report, found[:MOST_PLACES])
    overlap = say(
        "Places overlap: the leads of a unit are also those of its sellers. "
        "So their money is not to be added up."
    )
    priced_by = prices.taken_from(found[:MOST_PLACES])
    st.caption(plain(f"{overlap} {priced_by}".strip()))
    all_places = say_n("The one weak place", "All {number} weak places", len(found))
    with st.expander(all_places):
        show_table(report, found)
        show_formulas(report)
    parameters = (view.grain, view.start, view.dimension, view.member, choice.current().kpi)
    table = report.table(weak_places.PLACES, *parameters)
    sheet = Sheet(say("Weak places"), table, weak_places.UNITS, row_unit="unit")
    downloads.menu(
        report,
        f"weak_places_by_{view.grain}_{view.start}",
        sheet,
        at_stake(report, view, found),
    )


def show_table(report: Report, found: Sequence[Place]) -> None:
    """Show every place with its parts."""
    currency = report.settings.currency
    table = pd.DataFrame(
        {
            say("Rank"): place.rank,
            say("Kind of place"): say(report.definitions[place.kpi].label),
            say("Who"): weak_places.who(place.dimension, place.member),
            say("Value"): formats.exact(place.value, place.unit, currency),
            say("Goal"): formats.exact(place.goal, place.unit, currency),
            say("The goal is"): prices.goal_name(place),
            say("At stake"): prices.stake(report, place),
            say("How it is reckoned"): prices.formula(report, place),
            say("How sure"): say("few cases") if place.is_small else say("final"),
        }
        for place in found
    )
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt=say("All weak places with their money"),
    )


def show_formulas(report: Report) -> None:
    """Say in words how the money of each kind of place is reckoned."""
    what = {
        "gap": say("gap"),
        "quantity": say("number of"),
        "conversion": say("share that"),
        "worth": say("average"),
    }
    kinds = [row["kpi"] for row in report.rows("select distinct kpi from kpi.levers order by kpi")]
    lines = (
        f"**{plain(say(report.definitions[kpi].label))}**: {plain(prices.priced(kpi, **what))}"
        for kpi in kinds
    )
    st.markdown("  \n".join(lines))


def show_unjudged(report: Report, view: View) -> None:
    """Name what is not judged yet, because it still moves."""
    rows = report.rows(
        "select distinct kpi from kpi.levers where period_grain = ? and period_start = ? "
        "and not is_mature order by kpi",
        view.grain,
        view.start,
    )
    if rows:
        labels = " · ".join(say(report.definitions[row["kpi"]].label) for row in rows)
        st.caption(plain(say("Not judged yet, because it still moves: {kpis}.", kpis=labels)))


main()

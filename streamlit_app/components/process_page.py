"""Process page: tiles, chart and table of one process, the same rhythm on each of the three."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components import choice, frame, tables, tiles
from components.show import picture, plain
from reporting import formats
from reporting.charts.bars import MOST_BARS, bars
from reporting.charts.trend import trend, trends
from reporting.marts import DIMENSIONS, Definition, Report, Value
from reporting.view import View


@dataclass(frozen=True)
class Process:
    """What one page shows: its KPIs come from `kpi.definitions`, the main ones are named here."""

    name: str
    title: str
    question: str
    main: tuple[str, ...]
    # Cost, quantity and quality of a process are never shown one without the others.
    together: tuple[str, str, str]


def show(process: Process) -> None:
    """Show the page of a process."""
    report = frame.open_page(process.title, process.question)
    kpis = ordered(report.kpis_of(process.name), process.main)
    view = choice.ask(report, dimensions_of(kpis))
    body(report, view, kpis, process)


def body(report: Report, view: View, kpis: Sequence[Definition], process: Process) -> None:
    """Show tiles, chart, table and download of some KPIs."""
    names = [known.kpi for known in kpis]
    values = report.scorecard(view.grain, view.dimension, names, view.since, view.until)
    if view.start is None or not kpis:
        nothing_here(report, view)
        return
    if view.compares:
        compare(report, view, kpis, values, process)
    else:
        own = [value for value in values if value.member == (view.member or "all")]
        one(report, view, kpis, own, process)
    offer_download(report, view, names, process.name)


def one(
    report: Report,
    view: View,
    kpis: Sequence[Definition],
    values: Sequence[Value],
    process: Process,
) -> None:
    """Show one member, or the whole business: tiles of the period, and how it went on."""
    of_period = in_order([value for value in values if value.period_start == view.start], kpis)
    if not of_period:
        nothing_here(report, view)
        return
    main, more = split(of_period, process.main)
    tiles.tiles(report, view, main)
    if more:
        with st.expander(f"{len(more)} more numbers of this process"):
            tiles.tiles(report, view, more)
    known = chosen_kpi(kpis, process)
    series = [value for value in values if value.kpi == known.kpi]
    picture(trend(report, view, known, series))
    tables.by_period(report, view, kpis, values)
    with st.expander(f"What each number of {view.period} is made of"):
        tables.with_parts(report, view, of_period)


def compare(
    report: Report,
    view: View,
    kpis: Sequence[Definition],
    values: Sequence[Value],
    process: Process,
) -> None:
    """Show the members of a dimension side by side: quantity, cost and quality together."""
    of_period = [value for value in values if value.period_start == view.start]
    if not of_period:
        nothing_here(report, view)
        return
    order = by_size(of_period, process.together[0])
    known_by_name = {known.kpi: known for known in kpis}
    drawn = [name for name in process.together if name in known_by_name]
    st.markdown(f"##### {view.period} by {view.dimension}")
    if len(order) > MOST_BARS:
        st.caption(f"The charts show the {MOST_BARS} largest of {len(order)}.")
    for column, name in zip(st.columns(len(drawn) or 1), drawn, strict=False):
        with column:
            own = [value for value in of_period if value.kpi == name]
            picture(bars(report, known_by_name[name], own, order[:MOST_BARS]))
    st.caption("Paler bars are still moving or rest on few cases; a thin line is the likely range.")
    tables.by_member(report, view, kpis, of_period, order)
    known = chosen_kpi(kpis, process)
    own = [value for value in values if value.kpi == known.kpi]
    picture(trends(report, view, known, own))


def offer_download(report: Report, view: View, names: Sequence[str], what: str) -> None:
    """Offer the scorecard's own rows of what is shown, exact and with all parts."""
    table = report.scorecard_table(view.grain, view.dimension, names, view.since, view.until)
    if view.dimension != "all" and view.member:
        table = table.filter([member == view.member for member in table["member"].to_pylist()])
    span = f"{view.since.isoformat()}_{view.until.isoformat()}"
    tables.download(
        f"Download these numbers with their parts ({table.num_rows:,} rows, CSV)",
        table,
        f"{what}_by_{view.grain}_{view.dimension}_{span}",
    )


def chosen_kpi(kpis: Sequence[Definition], process: Process) -> Definition:
    """Ask which KPI the chart over time shows."""
    known = {definition.kpi: definition for definition in kpis}
    default = next((name for name in process.main if name in known), next(iter(known)))
    wanted = choice.current().kpi
    key = f"widget_kpi_{process.name}"
    st.session_state[key] = wanted if wanted in known else default
    st.selectbox(
        "Over time",
        list(known),
        key=key,
        format_func=lambda name: known[name].label,
        on_change=lambda: choice.change(kpi=st.session_state[key]),
        width=320,
    )
    return known[st.session_state[key]]


def nothing_here(report: Report, view: View) -> None:
    """Say that the choice has no numbers, and what to do about it."""
    whose = f" of {plain(view.whose)}" if view.whose else ""
    st.info(
        f"There are no numbers{whose} from {formats.day(view.since)} to {formats.day(view.until)}. "
        f"Choose other dates, up to {formats.day(report.settings.as_of)}, or the whole business."
    )


def ordered(kpis: Sequence[Definition], main: Sequence[str]) -> list[Definition]:
    """Put the main KPIs first and keep the dictionary's order for the rest."""
    return sorted(
        kpis,
        key=lambda known: main.index(known.kpi) if known.kpi in main else len(main),
    )


def in_order(values: Sequence[Value], kpis: Sequence[Definition]) -> list[Value]:
    """Put values into the order of their KPIs."""
    names = [known.kpi for known in kpis]
    return sorted(values, key=lambda value: names.index(value.kpi))


def split(values: Sequence[Value], main: Sequence[str]) -> tuple[list[Value], list[Value]]:
    """Part the values of the main KPIs from those of the others."""
    return (
        [value for value in values if value.kpi in main],
        [value for value in values if value.kpi not in main],
    )


def by_size(values: Sequence[Value], kpi: str) -> list[str]:
    """Return the members, the largest by a KPI first; those without it at the end."""
    sizes = {value.member: value.value or 0.0 for value in values if value.kpi == kpi}
    members = {value.member for value in values}
    return sorted(members, key=lambda member: (-sizes.get(member, -1.0), member))


def dimensions_of(kpis: Sequence[Definition]) -> list[str]:
    """Return the dimensions that any of the KPIs knows."""
    known = {name for definition in kpis for name in definition.dimensions} | {"all"}
    return [name for name in DIMENSIONS if name in known]

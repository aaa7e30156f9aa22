"""Process page: tiles, chart and table of one process, the same rhythm on each of the three."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from components import choice, downloads, frame, tables, tiles
from components.kept import kept
from components.show import picture, plain
from reporting import formats, sheets
from reporting.charts.picture import Picture
from reporting.charts.together import Three, together
from reporting.charts.trend import trend, trends
from reporting.language import say, say_n
from reporting.marts import DIMENSIONS, Definition, Report, Value
from reporting.view import View, member_name


@dataclass(frozen=True)
class Process:
    """What one page shows: its KPIs come from `kpi.definitions`, the main ones are named here."""

    name: str
    title: str
    question: str
    main: tuple[str, ...]
    # Cost, quantity and quality of a process are never shown one without the others.
    together: tuple[str, str, str]
    # Whose members stand beside each other where the whole business is looked at.
    beside: str = "method"


@dataclass(frozen=True)
class Shown:
    """One page's numbers: those of who is looked at, and those of the members beside each other."""

    report: Report
    view: View
    process: Process
    kpis: Sequence[Definition]
    # Every period of the dates, of the one member that is looked at or of the whole business.
    course: Sequence[Value]
    # The one period, of the whole business and of every member of `beside`.
    whole: Mapping[str, Value]
    members: Sequence[Value]
    beside: str

    @property
    def names(self) -> list[str]:
        return [known.kpi for known in self.kpis]

    @property
    def of_period(self) -> dict[str, Value]:
        """The numbers of the period, of who is looked at, by KPI."""
        own = [value for value in self.course if value.period_start == self.view.start]
        return {value.kpi: value for value in in_order(own, self.kpis)}

    def known(self, kpi: str) -> Definition:
        return self.report.definitions[kpi]

    def of(self, kpi: str) -> list[Value]:
        """Return one KPI of the period, of every member."""
        return [value for value in self.members if value.kpi == kpi]

    def of_dimension(self, dimension: str, kpi: str, start: date) -> list[Value]:
        """Return one KPI of any period, of every member of a dimension."""
        if dimension not in self.known(kpi).dimensions:
            return []
        values = self.report.scorecard(self.view.grain, dimension, [kpi], start, start)
        return [value for value in values if value.period_start == start]


def begin(process: Process) -> Shown:
    """Begin the page of a process: ask what is wanted, and read its numbers.

    Where there is nothing to show, the page says what to choose instead, and ends here.
    """
    report = frame.open_page(process.title, process.question)
    kpis = ordered(report.kpis_of(process.name), process.main)
    view = choice.ask(report, dimensions_of(kpis))
    names = [known.kpi for known in kpis]
    if view.start is None:
        nothing_here(report, view)
        st.stop()
    dimension, member = (view.dimension, view.member) if view.member else ("all", "all")
    course = report.scorecard(view.grain, dimension, names, view.since, view.until)
    beside = view.dimension if view.dimension != "all" else process.beside
    of_period = report.scorecard(view.grain, beside, names, view.start, view.start)
    whole = report.scorecard(view.grain, "all", names, view.start, view.start)
    shown = Shown(
        report=report,
        view=view,
        process=process,
        kpis=kpis,
        course=[value for value in course if value.member == member],
        whole={value.kpi: value for value in whole if value.period_start == view.start},
        members=[value for value in of_period if value.period_start == view.start],
        beside=beside,
    )
    if not shown.of_period:
        nothing_here(report, view)
        st.stop()
    return shown


def numbers(shown: Shown) -> None:
    """Show the tiles: the main numbers, and behind a click all others of the process."""
    main, more = split(list(shown.of_period.values()), shown.process.main)
    tiles.tiles(shown.report, shown.view, main)
    if more:
        label = say_n(
            "{number} more number of this process",
            "{number} more numbers of this process",
            len(more),
        )
        with st.expander(label):
            tiles.tiles(shown.report, shown.view, more)


def side_by_side(shown: Shown) -> Picture:
    """Show the members by cost, quantity and quality together: the picture, and the table.

    Returns:
        The picture.
    """
    quantity, cost, quality = (shown.known(kpi) for kpi in shown.process.together)
    three = Three(quantity=quantity, cost=cost, quality=quality)
    drawn = kept(together, shown.report, three, shown.members, shown.whole.get(cost.kpi))
    picture(drawn)
    show_members(shown, three)
    return drawn


def show_members(shown: Shown, three: Three) -> None:
    """Show the table of the members, what each costs over time, and every other number."""
    first = (three.quantity, three.cost, three.quality)
    kpis = [*first, *(known for known in shown.kpis if known not in first)]
    costs = shown.report.scorecard(
        shown.view.grain, shown.beside, [three.cost.kpi], shown.view.since, shown.view.until
    )
    by_start = {(value.member, value.period_start): value.value for value in costs}
    starts = sorted({value.period_start for value in costs})
    lines = [
        tables.Line(
            member_name(member, shown.beside),
            {value.kpi: value for value in shown.members if value.member == member},
            [by_start.get((member, start)) for start in starts],
        )
        for member in by_size(shown.members, three.quantity.kpi)
    ]
    head = tables.dimension_name(shown.beside)
    course = say("{kpi} over time", kpi=say(three.cost.label))
    tables.numbers(shown.report, head, lines, kpis, is_compared=True, course=course)


def over_time(shown: Shown) -> None:
    """Show how one KPI went on: of who is looked at, or of the members beside each other."""
    asked = choice.current().kpi or shown.process.main[0]
    known = next((known for known in shown.kpis if known.kpi == asked), shown.kpis[0])
    choice.ask_kpi(shown.kpis, known)
    if not shown.view.compares:
        own = [value for value in shown.course if value.kpi == known.kpi]
        picture(kept(trend, shown.report, shown.view, known, own))
        return
    values = shown.report.scorecard(
        shown.view.grain, shown.view.dimension, [known.kpi], shown.view.since, shown.view.until
    )
    picture(kept(trends, shown.report, shown.view, known, values))


def behind(shown: Shown, drawn: Picture) -> None:
    """Show the tables behind the page, and offer them and its own chart for download."""
    # Above the tables, so that what it opens has room on the screen.
    offer_download(shown.report, shown.view, shown.names, shown.process.name, drawn)
    tables.by_period(shown.report, shown.view, shown.kpis, shown.course)
    with st.expander(say("What each number of {period} is made of", period=shown.view.period)):
        tables.with_parts(shown.report, shown.view, list(shown.of_period.values()))


def offer_download(
    report: Report,
    view: View,
    names: Sequence[str],
    what: str,
    drawn: Picture | None = None,
) -> None:
    """Offer the scorecard's own rows of what is shown, exact and with all parts.

    Args:
        report: the publication.
        view: what is shown.
        names: of the KPIs.
        what: the page, as the files are called.
        drawn: the page's own chart.
    """
    span = f"{view.since.isoformat()}_{view.until.isoformat()}"
    wide, long = sheets.numbers(report, view, names)
    name = f"{what}_by_{view.grain}_{view.dimension}_{span}"
    downloads.menu(report, name, long, drawn, before=[wide], view=view)


def one_word(what: str, options: Sequence[str], written: Callable[[str], str]) -> str:
    """Ask which of a few things a chart shows; the first unless another is chosen."""
    chosen = st.segmented_control(
        say("Show"),
        list(options),
        default=options[0],
        required=True,
        format_func=written,
        key=f"widget_{what}",
        label_visibility="collapsed",
    )
    return str(chosen or options[0])


def period_of(shown: Shown, known: Definition) -> date:
    """Ask of which period a KPI is shown that may still move: the chosen one, or the last final."""
    start = shown.view.start or shown.view.since
    own = [value for value in shown.course if value.kpi == known.kpi and value.value is not None]
    moving = any(value.period_start == start and not value.is_mature for value in own)
    final = [value.period_start for value in own if value.is_mature and value.period_start < start]
    if not moving or not final:
        return start
    grain = shown.view.grain

    def written(option: str) -> str:
        of = formats.period(grain, date.fromisoformat(option))
        if option == start.isoformat():
            return say("{period}, still moving", period=of)
        return say("{period}, final", period=of)

    options = [start.isoformat(), max(final).isoformat()]
    return date.fromisoformat(one_word(f"period_of_{known.kpi}", options, written))


def nothing_here(report: Report, view: View) -> None:
    """Say that the choice has no numbers, and what to do about it."""
    what = {
        "since": formats.day(view.since),
        "until": formats.day(view.until),
        "last": formats.day(report.settings.as_of),
        "whose": view.whose,
    }
    if view.whose:
        said = say(
            "There are no numbers of {whose} from {since} to {until}. Choose other dates, up to "
            "{last}, or the whole business.",
            **what,
        )
    else:
        said = say(
            "There are no numbers from {since} to {until}. Choose other dates, up to {last}.",
            **what,
        )
    st.info(plain(said))


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

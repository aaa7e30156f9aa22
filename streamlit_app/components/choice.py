"""Choice: period, comparison, dimension and member; in the address, the same on all pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from components import bar, widgets
from components.health import Wanted
from reporting import formats, language
from reporting.language import say
from reporting.marts import DIMENSIONS, GRAINS, Definition, Report
from reporting.view import View, dimension_choice

REMEMBERED = "choice"
WRITTEN = "choice_in_the_address"

# How far back a page looks unless asked: enough for a trend, little enough to read.
DEFAULT_PERIODS = {"day": 30, "week": 26, "month": 13, "quarter": 8, "year": 6}

COMPARISONS = ("previous", "last_year")


@dataclass(frozen=True)
class Choice:
    """What a visitor asked for; None and `""` stand for "as the page thinks best"."""

    grain: str = "month"
    since: date | None = None
    until: date | None = None
    period: date | None = None
    compare: str = "previous"
    dimension: str = "all"
    member: str = ""
    kpi: str = ""
    feed: str = ""
    source: str = ""
    example: str = ""
    language: str = ""

    def as_parameters(self) -> dict[str, str]:
        """Return the address's parameters; what is left to the page is left out."""
        every = {
            "grain": self.grain,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "period": self.period.isoformat() if self.period else "",
            "compare": "" if self.compare == "previous" else self.compare,
            "dimension": "" if self.dimension == "all" else self.dimension,
            "member": self.member,
            "kpi": self.kpi,
            "feed": self.feed,
            "source": self.source,
            "example": self.example,
            "lang": self.language,
        }
        return {name: text for name, text in every.items() if text}


def from_parameters(parameters: dict[str, str]) -> Choice:
    """Read a choice from an address; what cannot be read is left to the page."""
    grain, dimension = parameters.get("grain", ""), parameters.get("dimension", "")
    compare = parameters.get("compare", "")
    since, until = _date(parameters.get("from")), _date(parameters.get("to"))
    if since and until and since > until:
        since, until = until, since
    return Choice(
        grain=grain if grain in GRAINS else "month",
        since=since,
        until=until,
        period=_date(parameters.get("period")),
        compare=compare if compare in COMPARISONS else "previous",
        dimension=dimension if dimension in DIMENSIONS else "all",
        member=parameters.get("member", ""),
        kpi=parameters.get("kpi", ""),
        feed=parameters.get("feed", ""),
        source=parameters.get("source", ""),
        example=parameters.get("example", ""),
        language=_one_known(parameters.get("lang", "")),
    )


def current() -> Choice:
    """Return the visitor's choice: the address's if it was changed by hand, else what they chose.

    Going to another page empties the address; the choice is then written there again.
    """
    remembered = st.session_state.get(REMEMBERED, Choice())
    parameters = st.query_params.to_dict()
    if parameters and parameters != st.session_state.get(WRITTEN):
        remembered = from_parameters(parameters)
    _remember(remembered)
    return remembered


def _remember(choice: Choice) -> None:
    st.session_state[REMEMBERED] = choice
    st.session_state[WRITTEN] = choice.as_parameters()
    if st.query_params.to_dict() != choice.as_parameters():
        st.query_params.from_dict(choice.as_parameters())


def change(**what: Any) -> None:
    """Change a part of the choice; used by the widgets when a visitor moves them."""
    choice = replace(st.session_state.get(REMEMBERED, Choice()), **what)
    st.session_state[REMEMBERED] = choice
    # The address still says the old choice when the next run begins: that is not a new wish.
    st.session_state[WRITTEN] = st.query_params.to_dict()


# ------------------------------------------------------------------------------ what pages ask


def ask(report: Report, dimensions: Sequence[str]) -> View:
    """Show the choices in the page's bar and return what is to be shown.

    Args:
        report: the publication.
        dimensions: those that this page knows.
    """
    choice = current()
    since, until = _dates_of(report, choice)
    periods = report.periods(choice.grain, since, until)
    start = _period_of(report, choice, periods)
    dimension = choice.dimension if choice.dimension in dimensions else "all"
    members = [] if dimension == "all" else report.members(choice.grain, dimension, since, until)
    member = choice.member if choice.member in members else ""
    end = dict(periods).get(start) if start else None
    view = View(choice.grain, since, until, start, end, dimension, member, choice.compare)
    with bar.choices():
        with st.popover(_period_label(report, view), key="choose_period"):
            widgets.grain(choice.grain, change)
            widgets.period(report, choice.grain, periods, start, change)
            widgets.dates(report, since, until, change)
        with st.popover(_comparison_label(view), key="choose_comparison"):
            widgets.comparison(view.compare, COMPARISONS, change)
        with st.popover(_dimension_label(view), key="choose_dimension"):
            widgets.dimension(dimensions, dimension, change)
            widgets.member(members, dimension, member, change)
    if choice.dimension != dimension:
        st.caption(_no_such_dimension(choice.dimension))
    return view


def ask_kpi(kpis: Sequence[Definition], chosen: Definition) -> None:
    """Show the choice of the KPI that a chart over time shows."""
    widgets.kpi({known.kpi: say(known.label) for known in kpis}, chosen.kpi, change)


def ask_deliveries(report: Report, feeds: Sequence[str]) -> Wanted:
    """Show the choices of the data-health page: grain, dates, feed and source."""
    choice = current()
    since, until = _dates_of(report, choice)
    rows = report.rows("select distinct feed, source from ops.sources order by 1, 2")
    feed = choice.feed if choice.feed in feeds else ""
    sources = list(dict.fromkeys(row["source"] for row in rows if feed in ("", row["feed"])))
    source = choice.source if choice.source in sources else ""
    span = say("{first} to {last}", first=formats.day(since), last=formats.day(until))
    with bar.choices():
        with st.popover(span, key="choose_period"):
            widgets.grain(choice.grain, change)
            widgets.dates(report, since, until, change)
        with st.popover(source or feed or say("every source"), key="choose_source"):
            widgets.feed(feeds, feed, change)
            widgets.source(sources, source, change)
    return Wanted(feed, source, choice.grain, since, until)


def _dates_of(report: Report, choice: Choice) -> tuple[date, date]:
    as_of = report.settings.as_of
    first = min(report.first_day() or as_of, as_of)
    until = _within(choice.until or as_of, first, as_of)
    return _within(choice.since or _long_enough(choice.grain, until), first, until), until


def _period_of(report: Report, choice: Choice, periods: list[tuple[date, date]]) -> date | None:
    """Return the period of the numbers; the latest that has ended, unless chosen."""
    starts = [start for start, _ in periods]
    if choice.period in starts:
        return choice.period
    ended = [start for start, end in periods if end <= report.settings.as_of]
    return next(iter(ended or starts), None)


def _long_enough(grain: str, until: date) -> date:
    since = formats.starting(grain, until)
    for _ in range(DEFAULT_PERIODS[grain] - 1):
        since = formats.previous(grain, since)
    return since


def _period_label(report: Report, view: View) -> str:
    if view.start is None or view.end is None:
        return say("none in these dates")
    if view.end > report.settings.as_of:
        return say("{period} (so far)", period=view.period)
    return view.period


def _comparison_label(view: View) -> str:
    if view.start is None:
        return say("vs the period before")
    return say("vs {period}", period=formats.period(view.grain, view.start_before))


def _dimension_label(view: View) -> str:
    return view.whose if view.member else dimension_choice(view.dimension)


def _no_such_dimension(dimension: str) -> str:
    sentences = {
        "method": say("This page has no numbers by method, so it shows the whole business."),
        "campaign": say("This page has no numbers by campaign, so it shows the whole business."),
        "unit": say("This page has no numbers by unit, so it shows the whole business."),
        "employee": say("This page has no numbers by employee, so it shows the whole business."),
    }
    return sentences[dimension]


def _within(day: date, first: date, last: date) -> date:
    return max(first, min(day, last))


def _one_known(code: str) -> str:
    return code if code in language.LANGUAGES else ""


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None

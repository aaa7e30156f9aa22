"""Choice: grain, dates, period, dimension and member; in the address, and the same on all pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from components.health import Wanted
from reporting import formats, language
from reporting.marts import DIMENSIONS, GRAINS, Report
from reporting.view import View

REMEMBERED = "choice"
WRITTEN = "choice_in_the_address"
EVERY = "every member"

# How far back a page looks unless asked: enough for a trend, little enough to read.
DEFAULT_PERIODS = {"day": 30, "week": 26, "month": 13, "quarter": 8, "year": 6}

DIMENSION_WORDS = {
    "all": "the whole business",
    "method": "method",
    "campaign": "campaign",
    "unit": "unit",
    "employee": "employee",
}


@dataclass(frozen=True)
class Choice:
    """What a visitor asked for; None and `""` stand for "as the page thinks best"."""

    grain: str = "month"
    since: date | None = None
    until: date | None = None
    period: date | None = None
    dimension: str = "all"
    member: str = ""
    kpi: str = ""
    feed: str = ""
    source: str = ""
    language: str = ""

    def as_parameters(self) -> dict[str, str]:
        """Return the address's parameters; what is left to the page is left out."""
        every = {
            "grain": self.grain,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "period": self.period.isoformat() if self.period else "",
            "dimension": "" if self.dimension == "all" else self.dimension,
            "member": self.member,
            "kpi": self.kpi,
            "feed": self.feed,
            "source": self.source,
            "lang": self.language,
        }
        return {name: text for name, text in every.items() if text}


def from_parameters(parameters: dict[str, str]) -> Choice:
    """Read a choice from an address; what cannot be read is left to the page."""
    grain, dimension = parameters.get("grain", ""), parameters.get("dimension", "")
    since, until = _date(parameters.get("from")), _date(parameters.get("to"))
    if since and until and since > until:
        since, until = until, since
    return Choice(
        grain=grain if grain in GRAINS else "month",
        since=since,
        until=until,
        period=_date(parameters.get("period")),
        dimension=dimension if dimension in DIMENSIONS else "all",
        member=parameters.get("member", ""),
        kpi=parameters.get("kpi", ""),
        feed=parameters.get("feed", ""),
        source=parameters.get("source", ""),
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


# ------------------------------------------------------------------------------ the row of widgets


def ask(report: Report, dimensions: Sequence[str]) -> View:
    """Show the row of choices and return what is to be shown.

    Args:
        report: the publication.
        dimensions: those that this page knows.
    """
    choice = current()
    columns = st.columns([1.0, 1.5, 1.35, 1.1, 1.6], vertical_alignment="bottom")
    with columns[0]:
        _grain(choice)
    with columns[1]:
        since, until = _dates(report, choice)
    periods = report.periods(choice.grain, since, until)
    with columns[2]:
        start, end = _period(report, choice, periods)
    with columns[3]:
        dimension = _dimension(choice, dimensions)
    with columns[4]:
        member = _member(report, choice, dimension, since, until)
    if choice.dimension != dimension:
        st.caption(
            f"This page has no numbers by {DIMENSION_WORDS[choice.dimension]}, "
            "so it shows the whole business."
        )
    return View(choice.grain, since, until, start, end, dimension, member)


def ask_language() -> None:
    """Show the switch between the report's languages."""
    key = "widget_language"
    st.session_state[key] = language.current()
    st.segmented_control(
        "Language",
        list(language.LANGUAGES),
        key=key,
        format_func=lambda code: language.LANGUAGES[code],
        on_change=lambda: change(language=st.session_state[key] or language.current()),
        label_visibility="collapsed",
    )


def ask_deliveries(report: Report, feeds: Sequence[str]) -> Wanted:
    """Show the choices of the data-health page: grain, dates, feed and source."""
    choice = current()
    rows = report.rows("select distinct feed, source from ops.sources order by 1, 2")
    feed = choice.feed if choice.feed in feeds else ""
    sources = list(dict.fromkeys(row["source"] for row in rows if feed in ("", row["feed"])))
    source = choice.source if choice.source in sources else ""
    columns = st.columns([1.0, 1.5, 1.35, 1.6], vertical_alignment="bottom")
    with columns[0]:
        _grain(choice)
    with columns[1]:
        since, until = _dates(report, choice)
    with columns[2]:
        _one_of("Feed", "feed", ["", *feeds], feed, "every feed")
    with columns[3]:
        _one_of("Source", "source", ["", *sources], source, "every source")
    return Wanted(feed, source, choice.grain, since, until)


def _one_of(label: str, name: str, options: list[str], chosen: str, nothing: str) -> None:
    key = f"widget_{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda option: option or nothing,
        on_change=lambda: change(**{name: st.session_state[key]}),
    )


def _grain(choice: Choice) -> None:
    key = "widget_grain"
    st.session_state[key] = choice.grain
    st.selectbox(
        "By",
        GRAINS,
        key=key,
        on_change=lambda: change(grain=st.session_state[key], period=None),
    )


def _dates(report: Report, choice: Choice) -> tuple[date, date]:
    as_of = report.settings.as_of
    first = min(report.first_day() or as_of, as_of)
    until = _within(choice.until or as_of, first, as_of)
    since = _within(choice.since or _long_enough(choice.grain, until), first, until)
    key = "widget_dates"
    st.session_state[key] = (since, until)

    def changed() -> None:
        chosen = st.session_state[key]
        # While a visitor has picked only one of two days, nothing is asked yet.
        if isinstance(chosen, tuple) and len(chosen) == 2:
            change(since=chosen[0], until=chosen[1], period=None)

    st.date_input(
        "From, to",
        key=key,
        min_value=first,
        max_value=as_of,
        on_change=changed,
        format="DD/MM/YYYY",
    )
    return since, until


def _long_enough(grain: str, until: date) -> date:
    since = formats.starting(grain, until)
    for _ in range(DEFAULT_PERIODS[grain] - 1):
        since = formats.previous(grain, since)
    return since


def _period(
    report: Report, choice: Choice, periods: list[tuple[date, date]]
) -> tuple[date | None, date | None]:
    """Ask for the period of the numbers; the latest that has ended, unless chosen."""
    as_of = report.settings.as_of
    ends = dict(periods)
    ended = [start for start, end in periods if end <= as_of]
    start = choice.period if choice.period in ends else next(iter(ended or ends), None)
    key = "widget_period"
    st.session_state[key] = start

    def written(option: date | None) -> str:
        if option is None:
            return "none in these dates"
        running = "" if ends[option] <= as_of else " (so far)"
        return formats.period(choice.grain, option) + running

    st.selectbox(
        "Numbers of",
        list(ends) or [None],
        key=key,
        format_func=written,
        on_change=lambda: change(period=st.session_state[key]),
        disabled=not ends,
    )
    return start, ends.get(start) if start else None


def _dimension(choice: Choice, dimensions: Sequence[str]) -> str:
    dimension = choice.dimension if choice.dimension in dimensions else "all"
    key = "widget_dimension"
    st.session_state[key] = dimension
    st.selectbox(
        "Look at",
        list(dimensions),
        key=key,
        format_func=lambda name: "whole business" if name == "all" else f"by {name}",
        on_change=lambda: change(dimension=st.session_state[key], member=""),
    )
    return dimension


def _member(report: Report, choice: Choice, dimension: str, since: date, until: date) -> str:
    key = "widget_member"
    members = [] if dimension == "all" else report.members(choice.grain, dimension, since, until)
    member = choice.member if choice.member in members else ""
    st.session_state[key] = member
    st.selectbox(
        "Which",
        ["", *members],
        key=key,
        format_func=lambda name: name or ("everything" if dimension == "all" else EVERY),
        on_change=lambda: change(member=st.session_state[key]),
        disabled=dimension == "all",
    )
    return member


def _within(day: date, first: date, last: date) -> date:
    return max(first, min(day, last))


def _one_known(code: str) -> str:
    return code if code in language.LANGUAGES else ""


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None

"""Widgets: what a visitor moves to choose; each writes its choice into the address."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from reporting import formats, language
from reporting.language import say
from reporting.marts import GRAINS, Report
from reporting.view import dimension_choice, member_name

Change = Callable[..., None]


def grain(chosen: str, change: Change) -> None:
    """Ask by which periods the numbers are shown."""
    key = "widget_grain"
    st.session_state[key] = chosen
    words = {
        "day": say("day"),
        "week": say("week"),
        "month": say("month"),
        "quarter": say("quarter"),
        "year": say("year"),
    }
    st.segmented_control(
        say("By"),
        GRAINS,
        key=key,
        required=True,
        format_func=lambda name: words[name],
        on_change=lambda: change(grain=st.session_state[key], period=None),
    )


def period(
    report: Report,
    of_grain: str,
    periods: Sequence[tuple[date, date]],
    chosen: date | None,
    change: Change,
) -> None:
    """Ask for the period of the numbers."""
    key = "widget_period"
    ends = dict(periods)
    st.session_state[key] = chosen

    def written(option: date | None) -> str:
        if option is None:
            return say("none in these dates")
        name = formats.period(of_grain, option)
        if ends[option] > report.settings.as_of:
            return say("{period} (so far)", period=name)
        return name

    st.selectbox(
        say("Numbers of"),
        list(ends) or [None],
        key=key,
        format_func=written,
        on_change=lambda: change(period=st.session_state[key]),
        disabled=not ends,
    )


def dates(report: Report, since: date, until: date, change: Change) -> None:
    """Ask for the days that charts and tables reach over."""
    key = "widget_dates"
    as_of = report.settings.as_of
    st.session_state[key] = (since, until)

    def changed() -> None:
        chosen = st.session_state[key]
        # While a visitor has picked only one of two days, nothing is asked yet.
        if isinstance(chosen, tuple) and len(chosen) == 2:
            change(since=chosen[0], until=chosen[1], period=None)

    st.date_input(
        say("Charts and tables from, to"),
        key=key,
        min_value=min(report.first_day() or as_of, as_of),
        max_value=as_of,
        on_change=changed,
        format="DD/MM/YYYY",
    )


def comparison(chosen: str, options: Sequence[str], change: Change) -> None:
    """Ask what the numbers are held against."""
    key = "widget_compare"
    st.session_state[key] = chosen
    words = {
        "previous": say("the period before"),
        "last_year": say("the same period last year"),
    }
    st.segmented_control(
        say("Compare with"),
        options,
        key=key,
        required=True,
        format_func=lambda name: words[name],
        on_change=lambda: change(compare=st.session_state[key]),
    )


def dimension(options: Sequence[str], chosen: str, change: Change) -> None:
    """Ask by what the business is looked at."""
    key = "widget_dimension"
    st.session_state[key] = chosen
    st.selectbox(
        say("Look at"),
        list(options),
        key=key,
        format_func=dimension_choice,
        on_change=lambda: change(dimension=st.session_state[key], member=""),
    )


def member(members: Sequence[str], of_dimension: str, chosen: str, change: Change) -> None:
    """Ask for one member of a dimension, or all side by side."""
    key = "widget_member"
    st.session_state[key] = chosen
    st.selectbox(
        say("Which"),
        ["", *members],
        key=key,
        format_func=lambda name: (
            member_name(name, of_dimension) if name else say("all side by side")
        ),
        on_change=lambda: change(member=st.session_state[key]),
        disabled=not members,
    )


def kpi(labels: Mapping[str, str], chosen: str, change: Change) -> None:
    """Ask which KPI a chart shows."""
    key = "widget_kpi"
    st.session_state[key] = chosen
    st.selectbox(
        say("Over time"),
        list(labels),
        key=key,
        format_func=lambda name: labels[name],
        on_change=lambda: change(kpi=st.session_state[key]),
        width=320,
    )


def feed(options: Sequence[str], chosen: str, change: Change) -> None:
    """Ask for one feed, or all."""
    _one_of(say("Feed"), "feed", options, chosen, say("every feed"), change)


def source(options: Sequence[str], chosen: str, change: Change) -> None:
    """Ask for one source, or all."""
    _one_of(say("Source"), "source", options, chosen, say("every source"), change)


def spoken(change: Change) -> None:
    """Ask for the report's language."""
    key = "widget_language"
    st.session_state[key] = language.current()
    st.segmented_control(
        say("Language"),
        list(language.LANGUAGES),
        key=key,
        required=True,
        format_func=str.upper,
        on_change=lambda: change(language=st.session_state[key]),
        label_visibility="collapsed",
    )


def _one_of(
    label: str, name: str, options: Sequence[str], chosen: str, nothing: str, change: Change
) -> None:
    key = f"widget_{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        ["", *options],
        key=key,
        format_func=lambda option: option or nothing,
        on_change=lambda: change(**{name: st.session_state[key]}),
    )

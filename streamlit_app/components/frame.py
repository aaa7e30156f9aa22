"""Frame: what surrounds every page: whose numbers, as of when, and whether the last load failed."""

from html import escape
from typing import NoReturn

import streamlit as st

from components import bar, choice, marts, style, widgets
from components.show import plain
from marketing_warehouse import read
from reporting import formats, palette
from reporting.language import say
from reporting.marts import Report

# An open page looks for a new publication this often; looking costs one symlink and one folder.
LOOK_AGAIN_SECONDS = 10.0

State = tuple[str, str, str]


def open_page(title: str, question: str) -> Report:
    """Begin a page: follow publications, say whose numbers these are, and open them.

    Where there is nothing to show, the page says what is missing and what to do, and ends here.

    Args:
        title: the page's name.
        question: what the page answers, in a sentence.
    """
    palette.use(st.context.theme.type)
    st.html(style.sheet())
    try:
        home = read.home_from_environment()
    except read.WarehouseError as error:
        _nothing_to_show(title, str(error))
    attempt = read.last_attempt(home)
    follow(home, state_of(home, attempt))
    try:
        report = marts.open_report(read.publication(home))
    except read.NothingPublishedError as error:
        _not_yet(title, attempt, str(error))
    except read.WarehouseError as error:
        _nothing_to_show(title, str(error))
    bar.show(report, lambda: widgets.spoken(choice.change))
    st.html(f'<p class="wh-question" title="{escape(title)}">{escape(question)}</p>')
    _banner(report, attempt)
    return report


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def follow(home: read.Home, seen: State) -> None:
    """Run the page again when something was published, or a load began or ended."""
    if state_of(home, read.last_attempt(home)) != seen:
        st.rerun()


def state_of(home: read.Home, attempt: read.Attempt | None) -> State:
    """Return what a page depends on beside a visitor's choice."""
    try:
        build_id = read.publication(home).build_id
    except read.NothingPublishedError:
        build_id = ""
    if attempt is None:
        return build_id, "", ""
    return build_id, attempt.load_id, attempt.outcome.value


def _banner(report: Report, attempt: read.Attempt | None) -> None:
    if attempt is None:
        return
    when = formats.moment(attempt.started_at, report.settings.timezone)
    as_of = formats.day(report.settings.as_of)
    if attempt.outcome is read.Outcome.RUNNING:
        at_work = say(
            "A load began at {moment} and is at work; this page will follow it by itself.",
            moment=when,
        )
        st.caption(plain(at_work))
    elif attempt.outcome is read.Outcome.INCOMPLETE:
        incomplete = say(
            "The load of {moment} was published without everything: {why}",
            moment=when,
            why=attempt.message,
        )
        st.warning(plain(incomplete), icon=":material/warning:")
    elif not attempt.is_published:
        failed = say(
            "The last load ({moment}) did not publish: {why} "
            "You see the numbers of the publication before it, as of {day}.",
            moment=when,
            why=attempt.message or say("it was stopped before its end. Run it again."),
            day=as_of,
        )
        st.error(plain(failed), icon=":material/error:")
    elif attempt.load_id != report.publication.build_id:
        put_back = say(
            "An earlier publication was put back: you see build {build}, as of {day}; "
            "the next load publishes anew.",
            build=report.publication.build_id,
            day=as_of,
        )
        st.info(plain(put_back))


def _not_yet(title: str, attempt: read.Attempt | None, what_to_do: str) -> NoReturn:
    st.title(title)
    if attempt and attempt.outcome is read.Outcome.RUNNING:
        at_work = say(
            "The first load is at work. This page will show its numbers as soon as they have "
            "passed their audit."
        )
        st.info(plain(at_work))
    elif attempt and attempt.message:
        failed = say(
            "Nothing is published yet, because the last load failed: {why}", why=attempt.message
        )
        st.error(plain(failed))
    else:
        st.info(plain(what_to_do))
    st.stop()


def _nothing_to_show(title: str, why: str) -> NoReturn:
    st.title(title)
    st.error(plain(why))
    st.stop()

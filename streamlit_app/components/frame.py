"""Frame: what surrounds every page: whose numbers, as of when, and whether the last load failed."""

from html import escape
from typing import NoReturn

import streamlit as st

from components import access, choice, marts, style
from components.show import plain
from marketing_warehouse import read
from reporting import formats
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
    _headline(report, title, question)
    with st.container(horizontal=True, vertical_alignment="center"):
        choice.ask_language()
        access.show_visitor()
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


def _headline(report: Report, title: str, question: str) -> None:
    settings = report.settings
    built = formats.moment(settings.built_at, settings.timezone)
    st.html(
        '<div class="wh-line">'
        f"<b>{escape(settings.business_name)} · {escape(title)}</b>"
        f"<span>{escape(question)}</span>"
        f"<span>Data as of {formats.day(settings.as_of)} · {_audited(report)} · "
        f"built {built} · amounts in {escape(settings.currency)}</span></div>"
    )


def _audited(report: Report) -> str:
    row = report.rows(
        "select count(*) as checks, count(*) filter (where not success) as unmet from ops.audits"
    )[0]
    if not row["checks"]:
        return "no audit on record"
    unmet = f", {row['unmet']} to look at" if row["unmet"] else ""
    return f"audit passed ({row['checks']} checks{unmet})"


def _banner(report: Report, attempt: read.Attempt | None) -> None:
    if attempt is None:
        return
    when = formats.moment(attempt.started_at, report.settings.timezone)
    as_of = formats.day(report.settings.as_of)
    if attempt.outcome is read.Outcome.RUNNING:
        st.caption(f"A load began at {when} and is at work; this page will follow it by itself.")
    elif attempt.outcome is read.Outcome.INCOMPLETE:
        st.warning(
            f"The load of {when} was published without everything: {plain(attempt.message)}",
            icon=":material/warning:",
        )
    elif not attempt.is_published:
        why = plain(attempt.message) or "it was stopped before its end\\. Run it again\\."
        st.error(
            f"The last load ({when}) did not publish: {why} "
            f"You see the numbers of the publication before it, as of {as_of}\\.",
            icon=":material/error:",
        )
    elif attempt.load_id != report.publication.build_id:
        st.info(
            f"An earlier publication was put back: you see build {report.publication.build_id}, "
            f"as of {as_of}; the next load publishes anew."
        )


def _not_yet(title: str, attempt: read.Attempt | None, what_to_do: str) -> NoReturn:
    st.subheader(title)
    if attempt and attempt.outcome is read.Outcome.RUNNING:
        st.info(
            "The first load is at work. This page will show its numbers as soon as they have "
            "passed their audit."
        )
    elif attempt and attempt.message:
        st.error(
            f"Nothing is published yet, because the last load failed: {plain(attempt.message)}"
        )
    else:
        st.info(plain(what_to_do))
    st.stop()


def _nothing_to_show(title: str, why: str) -> NoReturn:
    st.subheader(title)
    st.error(plain(why))
    st.stop()

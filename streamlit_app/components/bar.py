"""Bar: the one line over every page: whose numbers, which of them, and whether to trust them."""

from collections.abc import Callable
from contextvars import ContextVar
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import access
from reporting import formats
from reporting.language import say, say_n
from reporting.marts import Report

# Where the page that is run puts its choices; each run has a thread of its own.
_slot: ContextVar[DeltaGenerator | None] = ContextVar("slot", default=None)


def show(report: Report, ask_language: Callable[[], None]) -> None:
    """Show the bar, with room for the choices of the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="wh_bar"):
        name = escape(report.settings.business_name)
        st.html(f'<div class="wh-business">{name}</div>', width="content")
        slot = st.container(horizontal=True, width="content", gap="xsmall", key="wh_choices")
        ask_language()
        st.html(_status(report), width="content")
        access.show_visitor()
    _slot.set(slot)


def choices() -> DeltaGenerator:
    """Return the place of a page's choices."""
    return _slot.get() or st.container(horizontal=True)


def _status(report: Report) -> str:
    """Return the HTML that says until when the numbers count and whether they passed."""
    settings = report.settings
    built = formats.moment(settings.built_at, settings.timezone)
    checks, unmet = _audited(report)
    last_day = formats.day(settings.as_of)
    as_of = say("Data as of {day}", day=last_day)
    known = (
        (
            say("Until when do they count?"),
            say("to the end of {day}", day=last_day),
        ),
        (say("When were they made?"), say("built {moment}", moment=built)),
        (say("Were they checked?"), _checked(checks, unmet)),
        (say("In which money?"), say("amounts in {currency}", currency=settings.currency)),
    )
    rows = "".join(f"<dt>{escape(ask)}</dt><dd>{escape(answer)}</dd>" for ask, answer in known)
    passed = say("audit passed") if checks else say("no audit on record")
    return (
        '<button type="button" class="wh-status wh-asked" popovertarget="wh-about">'
        f"{escape(as_of)} · {escape(passed)}</button>"
        f'<div class="wh-facts" id="wh-about" popover role="dialog" aria-label="{escape(as_of)}">'
        f"<b>{escape(say('These numbers'))}</b><dl>{rows}</dl></div>"
    )


def _audited(report: Report) -> tuple[int, int]:
    [row] = report.rows(
        "select count(*) as checks, count(*) filter (where not success) as unmet from ops.audits"
    )
    return row["checks"], row["unmet"]


def _checked(checks: int, unmet: int) -> str:
    if not checks:
        return say("no audit on record")
    passed = say_n(
        "{number} check was met before publishing",
        "{number} checks were met before publishing",
        checks - unmet,
    )
    if not unmet:
        return passed
    noticed = say_n("{number} more to look at", "{number} more to look at", unmet)
    return f"{passed}; {noticed}"

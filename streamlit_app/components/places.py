"""Places: the most expensive weak places as sentences, with the money that they lose."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from reporting import formats, weak_places
from reporting.language import say
from reporting.marts import Report
from reporting.view import View
from reporting.weak_places import Place


def show(report: Report, view: View, worst: Sequence[Place]) -> None:
    """Show weak places, the most expensive first.

    Args:
        report: the publication.
        view: the period that they are of.
        worst: the places to show, each with its money.
    """
    heading = say("Where most money is lost")
    st.html(f'<h2 class="wh-heading">{escape(heading)}</h2>')
    if not worst:
        st.html(f'<p class="line">{escape(_why_none(view))}</p>')
        return
    most = max(place.money_at_stake or 0 for place in worst)
    rows = "".join(
        f"<li><div>{escape(weak_places.sentence(report, place))} "
        f'<span class="goal">{escape(weak_places.goal_sentence(report, place))}</span></div>'
        f'<div class="money"><b>{escape(_money(report, place))}</b><i aria-hidden="true" '
        f'style="width:{100 * (place.money_at_stake or 0) / most:.1f}%"></i></div></li>'
        for place in worst
    )
    st.html(f'<ol class="wh-places">{rows}</ol>')


def _why_none(view: View) -> str:
    if view.grain not in weak_places.GRAINS:
        return say("A day is too short to find weak places: choose a week or a longer period.")
    return say(
        "No link is worse than its target or than usual in this period. Periods that still move "
        "are not judged, and a link without a target is judged from its seventh period on."
    )


def _money(report: Report, place: Place) -> str:
    return formats.tile(place.money_at_stake, "money", report.settings.currency)

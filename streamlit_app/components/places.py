"""Places: weak places as sentences, with the money that they lose and how it is reckoned."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from reporting import formats, prices, weak_places
from reporting.language import say
from reporting.marts import Report
from reporting.palette import colours
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


def ranked(report: Report, places: Sequence[Place]) -> None:
    """Show places in their order, each with its formula; the bar is as long as the money."""
    most = max((float(place.money_at_stake or 0) for place in places), default=0.0)
    lines = "".join(_line(report, place, most) for place in places)
    st.html(f'<ol class="wh-ranked">{lines}</ol>')


def _line(report: Report, place: Place, most: float) -> str:
    said = f"{weak_places.sentence(report, place)} {weak_places.goal_sentence(report, place)}"
    told = (prices.formula(report, place), say("few cases") if place.is_small else "")
    how = " · ".join(part for part in told if part)
    share = 100 * float(place.money_at_stake or 0) / most if place.is_lost and most else 0
    mark = "money lost" if place.is_lost else "money"
    return (
        f'<li style="--wh-colour: {colours().of(place.process)}">'
        f'<span class="rank">{place.rank}</span>'
        f'<div><div>{escape(said)}</div><div class="how">{escape(how)}</div></div>'
        f'<div class="{mark}"><b>{escape(prices.stake(report, place))}</b>'
        f'<i aria-hidden="true" style="width:{share:.1f}%"></i></div></li>'
    )


def _why_none(view: View) -> str:
    if view.grain not in weak_places.GRAINS:
        return say("A day is too short to find weak places: choose a week or a longer period.")
    return say(
        "No link is worse than its target or than usual in this period. Periods that still move "
        "are not judged, and a link without a target is judged from its seventh period on."
    )


def _money(report: Report, place: Place) -> str:
    return formats.tile(place.money_at_stake, "money", report.settings.currency)

"""Chain: the three processes as one picture, from money spent to customers who come back."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from components import tiles
from reporting import chain
from reporting.language import say
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import short_change, short_target
from reporting.view import View
from reporting.weak_places import Place


def picture(report: Report, view: View, values: Mapping[str, Value], weakest: Place | None) -> None:
    """Show the links from money spent to customers who come back, and the weakest of them.

    Args:
        report: the publication.
        view: what the numbers are compared with.
        values: the numbers by KPI.
        weakest: the place that loses most money, if one is known.
    """
    felt_at = chain.FELT_AT.get(weakest.kpi, "") if weakest else ""
    sections = "".join(
        f'<section style="--wh-colour: {colours().of(process)}; --wh-links: {len(kpis)}">'
        f"<h2>{escape(_process_name(process))}</h2><ol>"
        + "".join(_link(report, view, values[kpi], kpi == felt_at) for kpi in kpis if kpi in values)
        + "</ol></section>"
        for process, kpis in chain.LINKS.items()
    )
    st.html(f'<div class="wh-chain">{sections}</div>{_weakest_link(report, values, weakest)}')


# ------------------------------------------------------------------------------ parts


def _process_name(process: str) -> str:
    words = {"acquisition": say("Attract"), "sales": say("Sell"), "retention": say("Keep")}
    return words[process]


def _link(report: Report, view: View, value: Value, is_weakest: bool) -> str:
    lines = [short_change(report, view, value), short_target(report, value)]
    said = "".join(f'<div class="line">{escape(line)}</div>' for line in lines if line)
    name = tiles.asked(report, view, value, chain.link_name(report, value.kpi))
    mark = ' class="weakest"' if is_weakest else ""
    return f"<li{mark}><div class='label'>{name}</div>{tiles.number(report, value)}{said}</li>"


def _weakest_link(report: Report, values: Mapping[str, Value], weakest: Place | None) -> str:
    if weakest is None or weakest.money_at_stake is None:
        return ""
    said = chain.weakest_sentence(report, weakest)
    links = [kpi for kpis in chain.LINKS.values() for kpi in kpis if kpi in values]
    felt_at = chain.FELT_AT.get(weakest.kpi, "")
    column = links.index(felt_at) + 1 if felt_at in links else 1
    return f'<div class="wh-weakest" style="--wh-column: {column}">⚠ {escape(said)}</div>'

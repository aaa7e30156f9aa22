"""Chain: the three processes as one picture, from money spent to customers who come back."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from components import tiles
from reporting import formats
from reporting.language import say
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import is_running, short_change, short_target
from reporting.view import View
from reporting.weak_places import Place

LINKS = {
    "acquisition": ("acquisition_cost", "leads", "lead_quality_rate"),
    "sales": ("filter_pass_rate", "new_customers"),
    "retention": ("repeat_purchase_rate", "contribution"),
}
# The link of the picture under which a weak KPI is felt.
FELT_AT = {
    "cost_per_lead": "acquisition_cost",
    "filter_pass_rate": "filter_pass_rate",
    "ignored_lead_rate": "new_customers",
    "qualified_to_customer_rate": "new_customers",
    "sales_cost_per_customer": "new_customers",
    "repeat_rate_90d": "repeat_purchase_rate",
    "retention_cost_per_customer": "repeat_purchase_rate",
    "profit_per_customer": "contribution",
}


def picture(report: Report, view: View, values: Mapping[str, Value], weakest: Place | None) -> None:
    """Show the links from money spent to customers who come back, and the weakest of them.

    Args:
        report: the publication.
        view: what the numbers are compared with.
        values: the numbers by KPI.
        weakest: the place that loses most money, if one is known.
    """
    felt_at = FELT_AT.get(weakest.kpi, "") if weakest else ""
    sections = "".join(
        f'<section style="--wh-colour: {colours().of(process)}; --wh-links: {len(kpis)}">'
        f"<h2>{escape(_process_name(process))}</h2><ol>"
        + "".join(_link(report, view, values[kpi], kpi == felt_at) for kpi in kpis if kpi in values)
        + "</ol></section>"
        for process, kpis in LINKS.items()
    )
    st.html(f'<div class="wh-chain">{sections}</div>{_weakest_link(report, values, weakest)}')


def verdict(report: Report, view: View, values: Mapping[str, Value]) -> str:
    """Say in a sentence what is left when everything is paid, and how that changed."""
    value = values.get("contribution")
    if value is None or value.value is None:
        return say("There is no contribution {when} yet.", when=view.within)
    what = {
        "money": formats.tile(abs(value.value), "money", report.settings.currency),
        "when": view.within,
        "who": view.whose,
    }
    if view.whose:
        return _verdict_of_a_member(value, what)
    if is_running(report, value):
        if value.value < 0:
            return say("{money} lost {when} so far, when everything is paid.", **what)
        return say("{money} left over {when} so far, when everything is paid.", **what)
    line = short_change(report, view, value)
    what["change"] = line
    if value.value < 0:
        if line:
            return say("{money} lost {when}, when everything is paid ({change}).", **what)
        return say("{money} lost {when}, when everything is paid.", **what)
    if line:
        return say("{money} left over {when}, when everything is paid ({change}).", **what)
    return say("{money} left over {when}, when everything is paid.", **what)


# ------------------------------------------------------------------------------ parts


def _process_name(process: str) -> str:
    words = {"acquisition": say("Attract"), "sales": say("Sell"), "retention": say("Keep")}
    return words[process]


def _link_name(report: Report, kpi: str) -> str:
    """Name a link in one or two words; the dictionary's name opens with it."""
    words = {
        "acquisition_cost": say("spent"),
        "leads": say("leads"),
        "lead_quality_rate": say("good leads"),
        "filter_pass_rate": say("worth working on"),
        "new_customers": say("customers won"),
        "repeat_purchase_rate": say("came back"),
        "contribution": say("left over"),
    }
    return words.get(kpi) or say(report.definitions[kpi].label)


def _link(report: Report, view: View, value: Value, is_weakest: bool) -> str:
    lines = [short_change(report, view, value), short_target(report, value)]
    said = "".join(f'<div class="line">{escape(line)}</div>' for line in lines if line)
    name = tiles.asked(report, view, value, _link_name(report, value.kpi))
    mark = ' class="weakest"' if is_weakest else ""
    return f"<li{mark}><div class='label'>{name}</div>{tiles.number(report, value)}{said}</li>"


def _weakest_link(report: Report, values: Mapping[str, Value], weakest: Place | None) -> str:
    if weakest is None or weakest.money_at_stake is None:
        return ""
    money = formats.tile(weakest.money_at_stake, "money", report.settings.currency)
    what = {"kpi": say(report.definitions[weakest.kpi].label).lower(), "money": money}
    sentences = {
        "week": say("Weakest link: {kpi}. It cost about {money} in that week.", **what),
        "month": say("Weakest link: {kpi}. It cost about {money} in that month.", **what),
        "quarter": say("Weakest link: {kpi}. It cost about {money} in that quarter.", **what),
        "year": say("Weakest link: {kpi}. It cost about {money} in that year.", **what),
    }
    said = sentences[weakest.period_grain]
    links = [kpi for kpis in LINKS.values() for kpi in kpis if kpi in values]
    felt_at = FELT_AT.get(weakest.kpi, "")
    column = links.index(felt_at) + 1 if felt_at in links else 1
    return f'<div class="wh-weakest" style="--wh-column: {column}">⚠ {escape(said)}</div>'


def _verdict_of_a_member(value: Value, what: dict[str, str]) -> str:
    if (value.value or 0.0) < 0:
        return say("{who}: {money} lost {when}, when everything is paid.", **what)
    return say("{who}: {money} left over {when}, when everything is paid.", **what)

"""Tiles: a number with its parts, its change, how final and how sure it is."""

from collections.abc import Iterable
from datetime import timedelta
from html import escape

import streamlit as st

from components import formats
from components.choice import View
from components.marts import Definition, Report, Value
from components.palette import colour_of

# Parts that are no KPIs of their own.
PART_WORDS = {
    "filtered_leads": "leads",
    "cut_leads": "cut leads",
    "leads_due_for_contact": "qualified leads",
    "people_with_order": "people with an order",
    "first_buyers": "first buyers",
    "identified_revenue": "revenue of identified customers",
    "identified_gross_profit": "gross profit of identified customers",
    "profit_90d": "gross profit",
    "gross_sold": "sold",
}
AMOUNTS = {"refunded", "gross_sold"}  # amounts of a KPI that is itself a share


def tiles(report: Report, view: View, values: Iterable[Value]) -> None:
    """Show a grid of tiles."""
    cells = "".join(tile(report, view, value) for value in values)
    st.html(f'<div class="wh-tiles">{cells}</div>')


def tile(report: Report, view: View, value: Value) -> str:
    """Return the HTML of one tile; all text of the data is escaped."""
    known = report.definitions[value.kpi]
    shown = formats.tile(value.value, value.unit, report.settings.currency)
    mark = "" if value.is_mature or value.value is None else " immature"
    lines = "".join(
        f'<div class="line">{escape(line)}</div>'
        for line in (
            change_line(report, view, value),
            parts_line(report, value),
            target_line(report, value),
            maturity_line(report, value),
        )
        if line
    )
    return (
        f'<div class="wh-tile" style="--wh-colour: {colour_of(known.process)}" '
        f'title="{escape(known.formula, quote=True)}">'
        f'<div class="label">{escape(known.label)}</div>'
        f'<div class="value{mark}">{escape(shown)}</div>'
        f"<div>{_interval(value)}{lines}</div></div>"
    )


def change_line(report: Report, view: View, value: Value) -> str:
    """Say how a value moved, with an arrow and a word."""
    before = value.previous_value
    if value.value is None or before is None:
        return ""
    start = formats.previous(value.period_grain, value.period_start)
    name, then = (
        formats.period(value.period_grain, start),
        formats.within(value.period_grain, start),
    )
    if is_running(report, value) or not value.is_mature:
        # A part of a period against a whole one says nothing.
        was = formats.tile(before, value.unit, report.settings.currency)
        return f"{name}: {was}"
    if value.value == before:
        return f"= as {then}"
    arrow = "▲" if value.value > before else "▼"
    word = change_word(report.definitions[value.kpi], value.value, before)
    much = formats.change(value.value, before, value.unit)
    return f"{arrow} {much}{word} than {then}" if word else f"{arrow} {much} since {name}"


def change_word(known: Definition, value: float, before: float) -> str:
    """Say whether a move is good: `, better`; nothing where neither way is."""
    if known.direction not in ("up", "down") or value == before:
        return ""
    is_better = (value > before) == (known.direction == "up")
    return ", better" if is_better else ", worse"


def parts_line(report: Report, value: Value) -> str:
    """Say what a value is made of: `12 of 31`, or `€340 acquisition cost / 12 leads`."""
    known = report.definitions[value.kpi]
    if value.denominator is None:
        return ""
    below = _part(report, known.denominator, value.denominator, "count")
    if value.numerator is None:
        return f"over {below}"
    if known.is_proportion:
        return f"{formats.exact(value.numerator, 'count', '')} of {below}"
    unit = "money" if value.unit == "money" else "count"
    above = _part(report, known.numerator, value.numerator, unit)
    return f"{above} / {below}"


def _part(report: Report, name: str, size: float, unit: str) -> str:
    known = report.definitions.get(name)
    label = known.label.lower() if known else PART_WORDS.get(name, name.replace("_", " "))
    unit = known.unit if known else "money" if name in AMOUNTS else unit
    written = formats.exact(size, unit, report.settings.currency)
    return f"{written} {label}".strip()


def target_line(report: Report, value: Value) -> str:
    """Say the target and whether it is met; a value that may still move is not judged."""
    if value.target is None:
        return ""
    goal = formats.tile(value.target, value.unit, report.settings.currency)
    words = {"on_target": "✓ on target", "off_target": "✗ off target"}
    verdict = words.get(value.status, "target")
    return f"{verdict} ({goal})" if value.status in words else f"target {goal}, not judged yet"


def maturity_line(report: Report, value: Value) -> str:
    """Say until when a value moves, or that it rests on few cases."""
    said = []
    if not value.is_mature:
        said.append(_until(report, value))
    if value.is_small and value.value is not None:
        said.append("few cases" + _between(report, value))
    return "; ".join(said)


def _until(report: Report, value: Value) -> str:
    days = report.definitions[value.kpi].days_to_maturity
    if days is None:
        return "still moving"
    return f"still moving until {formats.day(value.period_end + timedelta(days=days))}"


def _between(report: Report, value: Value) -> str:
    if value.low is None or value.high is None:
        return ""
    low = formats.tile(value.low, value.unit, report.settings.currency)
    high = formats.tile(value.high, value.unit, report.settings.currency)
    return f": likely {low} to {high}"


def _interval(value: Value) -> str:
    """Draw the interval of a proportion as a thin bar from 0 to 100 %."""
    if value.low is None or value.high is None or not value.is_small:
        return ""
    left, width = 100 * value.low, 100 * (value.high - value.low)
    return (
        f'<div class="interval"><i style="left:{left:.1f}%;width:{max(width, 1):.1f}%"></i></div>'
    )


def is_running(report: Report, value: Value) -> bool:
    """Say whether a value's period goes on after the last counted day."""
    return value.period_end > report.settings.as_of

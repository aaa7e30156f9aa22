"""Tiles: a number with its parts, its change, how final and how sure it is."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from components.kept import kept
from reporting import formats
from reporting.facts import facts
from reporting.language import say
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import maturity_line, parts_line, short_change, target_line
from reporting.view import View


def tiles(report: Report, view: View, values: Iterable[Value]) -> None:
    """Show a grid of tiles."""
    st.html(kept(_grid, report, view, list(values)))


def _grid(report: Report, view: View, values: Sequence[Value]) -> str:
    cells = "".join(tile(report, view, value) for value in values)
    return f'<div class="wh-tiles">{cells}</div>'


def tile(report: Report, view: View, value: Value, remark: str = "") -> str:
    """Return the HTML of one tile; all text of the data is escaped.

    Args:
        report: the publication.
        view: what the numbers are compared with.
        value: the number.
        remark: a sentence that stands under the number as an alarm.
    """
    known = report.definitions[value.kpi]
    lines = (
        short_change(report, view, value),
        parts_line(report, value),
        target_line(report, value),
        maturity_line(report, value),
    )
    said = "".join(f'<div class="line">{escape(line)}</div>' for line in lines if line)
    alarm = f'<div class="line alarm">{escape(remark)}</div>' if remark else ""
    return (
        f'<div class="wh-tile" style="--wh-colour: {colours().of(known.process)}">'
        f'<div class="label">{asked(report, view, value, say(known.label))}</div>'
        f"{number(report, value)}<div>{interval(value)}{said}{alarm}</div></div>"
    )


def number(report: Report, value: Value) -> str:
    """Return the HTML of a value with three digits; what may still move is light and dashed."""
    shown = formats.tile(value.value, value.unit, report.settings.currency)
    mark = "" if value.is_mature or value.value is None else " immature"
    return f'<div class="value{mark}">{escape(shown)}</div>'


def asked(report: Report, view: View, value: Value, text: str) -> str:
    """Return the HTML of a text that opens all that is known of its number.

    It is a button, so the keyboard reaches it; what it opens closes with Esc or a click elsewhere.
    """
    about = "-".join((value.kpi, value.member, value.period_grain, value.period_start.isoformat()))
    place = "wh-" + "".join(sign if sign.isalnum() else f"_{ord(sign):x}" for sign in about)
    rows = "".join(
        f"<dt>{escape(fact.question)}</dt><dd>{escape(fact.answer)}</dd>"
        for fact in facts(report, view, value)
    )
    label = escape(say(report.definitions[value.kpi].label))
    return (
        f'<button type="button" class="wh-asked" popovertarget="{place}">{escape(text)}</button>'
        f'<div class="wh-facts" id="{place}" popover role="dialog" aria-label="{label}">'
        f"<b>{label}</b><dl>{rows}</dl></div>"
    )


def interval(value: Value) -> str:
    """Draw the interval of a small share as a thin bar from 0 to 100 %."""
    if value.low is None or value.high is None or not value.is_small:
        return ""
    left, width = 100 * value.low, 100 * (value.high - value.low)
    return (
        f'<div class="interval"><i style="left:{left:.1f}%;width:{max(width, 1):.1f}%"></i></div>'
    )

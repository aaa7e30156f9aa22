"""Tiles: a number with its parts, its change, how final and how sure it is."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from reporting import formats
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import change_line, maturity_line, parts_line, target_line
from reporting.view import View


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
        f'<div class="wh-tile" style="--wh-colour: {colours().of(known.process)}" '
        f'title="{escape(known.formula, quote=True)}">'
        f'<div class="label">{escape(known.label)}</div>'
        f'<div class="value{mark}">{escape(shown)}</div>'
        f"<div>{_interval(value)}{lines}</div></div>"
    )


def _interval(value: Value) -> str:
    """Draw the interval of a proportion as a thin bar from 0 to 100 %."""
    if value.low is None or value.high is None or not value.is_small:
        return ""
    left, width = 100 * value.low, 100 * (value.high - value.low)
    return (
        f'<div class="interval"><i style="left:{left:.1f}%;width:{max(width, 1):.1f}%"></i></div>'
    )

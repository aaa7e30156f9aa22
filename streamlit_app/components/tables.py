"""Tables: the numbers behind a chart, to compare, to ask, and to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from components.kept import kept
from components.sparkline import sparkline
from reporting import formats, phrases
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import colours
from reporting.view import View, member_name

CENTS_MATTER_UNDER = 1000
MOST_LINES = 60


@dataclass(frozen=True)
class Line:
    """A line of a table: what it is about, and its numbers by KPI."""

    name: str
    cells: Mapping[str, Value]
    course: Sequence[float | None] = ()  # of one KPI, period by period


def by_period(
    report: Report, view: View, kpis: Sequence[Definition], values: Sequence[Value]
) -> None:
    """Show one line per period, the newest first, and one column per KPI."""
    starts = sorted({value.period_start for value in values}, reverse=True)
    lines = [
        Line(
            _period_name(report, view, start, values),
            {value.kpi: value for value in values if value.period_start == start},
        )
        for start in starts
    ]
    numbers(report, say("Period"), lines, kpis)


def by_member(
    report: Report,
    view: View,
    kpis: Sequence[Definition],
    values: Sequence[Value],
    order: Sequence[str],
) -> None:
    """Show one line per member and one column per KPI, of one period, with bars to compare."""
    lines = [
        Line(
            member_name(member, view.dimension),
            {value.kpi: value for value in values if value.member == member},
        )
        for member in order
    ]
    numbers(report, dimension_name(view.dimension), lines, kpis, is_compared=True)


def numbers(
    report: Report,
    head: str,
    lines: Sequence[Line],
    kpis: Sequence[Definition],
    is_compared: bool = False,
    course: str = "",
) -> None:
    """Show a table of the scorecard's numbers that scrolls on its own.

    A line's name opens what its numbers are made of; the pointer says it of each number.

    Args:
        report: the publication.
        head: what the lines are.
        lines: at most `MOST_LINES` of them are shown.
        kpis: a column for each.
        is_compared: whether the lines stand beside each other, and so get bars.
        course: what each line's `course` shows, as the head of its column; none without it.
    """
    st.html(kept(_table, report, head, list(lines), list(kpis), is_compared, course))
    if len(lines) > MOST_LINES:
        st.caption(
            say(
                "The first {shown} of {all}; the download has all.",
                shown=MOST_LINES,
                all=len(lines),
            )
        )
    cells = [cell for line in lines[:MOST_LINES] for cell in line.cells.values()]
    if any(phrases.is_unsure(cell) for cell in cells):
        st.caption(say("Light, dashed numbers are still moving; ≈ marks those of few cases."))


def with_parts(report: Report, view: View, values: Sequence[Value]) -> None:
    """Show every KPI of one period with its parts, its target and its interval."""
    currency = report.settings.currency
    frame = pd.DataFrame(
        {
            say("KPI"): say(report.definitions[value.kpi].label),
            say("Value"): formats.exact(value.value, value.unit, currency),
            say("Made of"): phrases.parts_line(report, value),
            say("Before"): formats.exact(phrases.before_of(view, value), value.unit, currency),
            say("Target"): phrases.target_line(report, value),
            say("How sure"): phrases.maturity_line(report, value) or say("final"),
            say("What it is"): say(report.definitions[value.kpi].formula),
        }
        for value in values
    )
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt=say("Every number with its parts"),
    )


def dimension_name(dimension: str) -> str:
    """Name what the members of a dimension are."""
    words = {
        "all": say("Business"),
        "method": say("Method"),
        "campaign": say("Campaign"),
        "unit": say("Unit"),
        "employee": say("Employee"),
    }
    return words[dimension]


# ------------------------------------------------------------------------------ parts of a table


def _table(
    report: Report,
    head: str,
    lines: Sequence[Line],
    kpis: Sequence[Definition],
    is_compared: bool,
    course: str,
) -> str:
    """Return the HTML of the table."""
    colour = colours().of(kpis[0].process)
    heads = f'<th scope="col">{escape(course)}</th>' if course else ""
    heads += "".join(_head(report, known, lines) for known in kpis)
    body = "".join(
        f'<tr><th scope="row">{_asked(report, line, kpis)}</th>'
        + (f"<td>{sparkline(line.course, colour)}</td>" if course else "")
        + "".join(_cell(report, known, line, lines, is_compared) for known in kpis)
        + "</tr>"
        for line in lines[:MOST_LINES]
    )
    label = escape(say("Table of numbers; it scrolls sideways."))
    return (
        f'<div class="wh-scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="wh-table"><thead><tr><th scope="col">{escape(head)}</th>{heads}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _period_name(report: Report, view: View, start: date, values: Sequence[Value]) -> str:
    name = formats.period(view.grain, start)
    is_running = any(
        phrases.is_running(report, value) for value in values if value.period_start == start
    )
    return say("{period} (so far)", period=name) if is_running else name


def _head(report: Report, known: Definition, lines: Sequence[Line]) -> str:
    label = say(known.label)
    if known.unit == "money":
        label = f"{label}, {report.settings.currency}"
    elif known.unit in ("days", "hours", "months"):
        label = f"{label}, {formats.unit_name(known.unit)}"
    return (
        f'<th scope="col" style="--wh-colour: {colours().of(known.process)}" '
        f'title="{escape(say(known.formula), quote=True)}">{escape(label)}</th>'
    )


def _cell(
    report: Report, known: Definition, line: Line, lines: Sequence[Line], is_compared: bool
) -> str:
    value = line.cells.get(known.kpi)
    if value is None:
        return f"<td>{formats.NO_VALUE}</td>"
    classes = " moving" if value.value is not None and not value.is_mature else ""
    few = "≈ " if value.is_small and value.value is not None else ""
    sizes = [other.value for row in lines if (other := row.cells.get(known.kpi)) and other.value]
    shown = few + formats.cell(value.value, known.unit, _needs_cents(known, sizes))
    bar = _bar(known, value, sizes) if is_compared else ""
    said = escape(_behind(report, value), quote=True)
    return f'<td class="{classes.strip()}" title="{said}"><span>{escape(shown)}</span>{bar}</td>'


def _needs_cents(known: Definition, sizes: Sequence[float]) -> bool:
    """Whole numbers read best, unless a column's are so small that the cents matter."""
    return known.unit == "money" and max(map(abs, sizes), default=0) < CENTS_MATTER_UNDER


def _bar(known: Definition, value: Value, sizes: Sequence[float]) -> str:
    """Draw a bar from zero, as long as the largest of its column allows."""
    most = max(sizes, default=0.0)
    if not value.value or value.value < 0 or most <= 0:
        return ""
    return (
        f'<i style="width:{100 * value.value / most:.1f}%;'
        f'background:{colours().of(known.process)}"></i>'
    )


def _behind(report: Report, value: Value) -> str:
    """Say what is behind a number in one line."""
    exact = formats.exact(value.value, value.unit, report.settings.currency)
    said = (
        exact,
        phrases.parts_line(report, value),
        phrases.target_line(report, value),
        phrases.maturity_line(report, value),
    )
    return " · ".join(text for text in said if text)


def _asked(report: Report, line: Line, kpis: Sequence[Definition]) -> str:
    """Return the HTML of a line's name, which opens what its numbers are made of."""
    having = [(known, line.cells[known.kpi]) for known in kpis if known.kpi in line.cells]
    if not having:
        return escape(line.name)
    first = having[0][1]
    about = f"{first.period_grain}{first.period_start}{first.dimension}{first.member}{len(kpis)}"
    place = "wh-line-" + "".join(sign if sign.isalnum() else f"_{ord(sign):x}" for sign in about)
    rows = "".join(
        f"<dt>{escape(say(known.label))}</dt><dd>{escape(_behind(report, value))}</dd>"
        for known, value in having
    )
    name = escape(line.name)
    return (
        f'<button type="button" class="wh-asked" popovertarget="{place}">{name}</button>'
        f'<div class="wh-facts" id="{place}" popover role="dialog" aria-label="{name}">'
        f"<b>{name}</b><dl>{rows}</dl></div>"
    )

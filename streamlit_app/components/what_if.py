"""What if: a slider for each KPI that has a price, and the contribution at another value."""

from decimal import Decimal
from html import escape

import streamlit as st

from components.show import part, plain
from reporting import formats, levers
from reporting.language import say
from reporting.levers import Lever
from reporting.marts import Report
from reporting.palette import colours
from reporting.view import View

ORDER = (
    "cost_per_lead",
    "filter_pass_rate",
    "ignored_lead_rate",
    "qualified_to_customer_rate",
    "sales_cost_per_customer",
    "repeat_rate_90d",
    "retention_cost_per_customer",
    "profit_per_customer",
)


def what_if(report: Report, view: View) -> None:
    """Show a slider for each KPI of the one member that is looked at, or of the whole business."""
    if view.start is None:
        return
    dimension, member = (view.dimension, view.member) if view.member else ("all", "all")
    found = levers.levers(report, view.grain, view.start, dimension, member)
    left_over = levers.contribution(report, view.grain, view.start, dimension, member)
    title = (
        say("What if? {member}, {period}", member=view.whose, period=view.period)
        if view.member
        else say("What if? The whole business, {period}", period=view.period)
    )
    part(title)
    if not found:
        st.info(say("Nothing to move here: no KPI that has a price has a value in this period."))
        return
    st.caption(
        plain(
            say(
                "Each slider moves one KPI alone and leaves all others as they were; "
                "moved together they would bring another sum than theirs."
            )
        )
    )
    _sliders(report, sorted(found, key=lambda lever: ORDER.index(lever.kpi)), left_over)


@st.fragment
def _sliders(report: Report, found: list[Lever], left_over: Decimal | None) -> None:
    for lever in found:
        label, slider, told = st.columns([1.35, 1.5, 1.35], vertical_alignment="center")
        with label:
            st.html(_label(report, lever))
        with slider:
            value = _slider(report, lever)
        with told:
            st.html(_told(report, lever, value, left_over))


def _label(report: Report, lever: Lever) -> str:
    known = report.definitions[lever.kpi]
    currency = report.settings.currency
    now = formats.tile(lever.value, lever.unit, currency)
    parts = [say("now {value}", value=now)]
    if lever.goal is not None:
        goal = formats.tile(lever.goal, lever.unit, currency)
        is_target = lever.goal_is == "target"
        parts.append(
            say("target {goal}", goal=goal) if is_target else say("usual {goal}", goal=goal)
        )
    if not lever.is_mature:
        parts.append(say("still moving"))
    return (
        f'<div class="wh-lever" style="--wh-colour: {colours().of(known.process)}">'
        f"<div>{escape(say(known.label))}</div>"
        f'<div class="how">{escape(" · ".join(parts))}</div></div>'
    )


def _slider(report: Report, lever: Lever) -> float:
    """Return the value that a visitor wants to try; where nothing was moved, the KPI's own."""
    scale = 100 if lever.unit == "ratio" else 1
    decimals = 1 if lever.unit == "ratio" or abs(lever.value) >= 10 else 2
    own = round(lever.value * scale, decimals)
    goal = None if lever.goal is None else round(lever.goal * scale, decimals)
    widest = max(abs(own), abs(goal or 0.0), 1.0)
    top = 100.0 if scale == 100 else float(round(2 * widest, 0))
    unit = f"%.{decimals}f %%" if scale == 100 else f"%.{decimals}f {report.settings.currency}"
    chosen = st.slider(
        say(report.definitions[lever.kpi].label),
        min_value=min(0.0, -top if own < 0 else 0.0),
        max_value=max(top, own),
        value=own,
        step=10.0**-decimals,
        format=unit,
        key=f"what_if_{lever.kpi}",
        disabled=lever.money_per_unit is None,
        label_visibility="collapsed",
    )
    # What the slider shows rounded is meant exactly.
    if chosen == own:
        return lever.value
    if chosen == goal and lever.goal is not None:
        return lever.goal
    return chosen / scale


def _told(report: Report, lever: Lever, value: float, left_over: Decimal | None) -> str:
    """Say what the contribution would have been, and how far that is from what it is."""
    currency = report.settings.currency
    gained = levers.gain(lever, value)
    if gained is None:
        unknown = say("What it is worth is not known yet.")
        return f'<div class="wh-lever"><div class="how">{escape(unknown)}</div></div>'
    size = formats.tile(abs(gained), "money", currency)
    if gained > 0:
        change = say("▲ {money} more", money=size)
    elif gained < 0:
        change = say("▼ {money} less", money=size)
    else:
        change = say("as it is")
    if left_over is None:
        return f'<div class="wh-lever"><div><b>{escape(change)}</b></div></div>'
    then = formats.tile(left_over + gained, "money", currency)
    contribution = say("contribution {money}", money=then)
    return (
        f'<div class="wh-lever"><div><b>{escape(change)}</b></div>'
        f'<div class="how">{escape(contribution)}</div></div>'
    )

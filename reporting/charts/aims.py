"""Aims: each target with what came, on a scale of its own: the line is the target."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Picture, dressed
from reporting.language import say, say_n
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import maturity_line, parts_line
from reporting.view import View, member_name

ROW_HEIGHT = 38
MOST_ROWS = 24
# A bar of three times the target says as much as one of ten times.
LONGEST = 2.0


def aims(report: Report, view: View, values: Sequence[Value]) -> Picture:
    """Draw each value as a bar against its target.

    Args:
        report: the publication.
        view: what is looked at.
        values: of one period, each with a target; at most `MOST_ROWS` are drawn.
    """
    title = farthest_title(report, view, values)
    frame = _frame(report, values)
    shown = frame if frame.empty else frame[frame["is_drawn"]].head(MOST_ROWS)
    if shown.empty:
        missing = say("No target holds for this period: the file below proposes some.")
        return Picture(title, None, missing=missing)
    worn = colours()
    # Each name stands over its bar: beside it, a phone's width would be full of names.
    scale = alt.Scale(domain=[0, LONGEST * 1.02], nice=False)
    row = alt.Y("row:O", sort=None, title=None, axis=None)
    base = alt.Chart(shown).encode(y=row, tooltip=_pointer())
    bars = base.mark_bar(size=9, yOffset=8).encode(
        x=alt.X("reach:Q", title=None, scale=scale, axis=None),
        color=alt.Color(
            "process:N",
            legend=None,
            scale=alt.Scale(
                domain=["acquisition", "sales", "retention", "chain"],
                range=[worn.acquisition, worn.sales, worn.retention, worn.chain],
            ),
        ),
        opacity=alt.condition("datum.final", alt.value(0.95), alt.value(0.4)),
    )
    line = base.mark_tick(color=worn.text, thickness=2, height=15, yOffset=8).encode(
        x=alt.X("aim:Q", scale=scale, axis=None)
    )
    said = base.mark_text(align="left", dy=-7, fontSize=12).encode(x=alt.value(0), text="said:N")
    height = ROW_HEIGHT * len(shown)
    return Picture(
        title=title,
        chart=dressed(alt.layer(bars, line, said).properties(height=height)),
        rows=_rows(frame),
        note=_note(len(values), len(shown)),
    )


def aims_title(view: View, values: Sequence[Value]) -> str:
    """Say how many targets are met, and how many cannot be judged yet."""
    judged = [value for value in values if value.status in ("on_target", "off_target")]
    met = sum(value.status == "on_target" for value in judged)
    moving = sum(value.status == "immature" for value in values)
    if not values:
        return say("No target holds {when}", when=view.within)
    if not judged:
        return say("No target can be judged yet {when}: the values still move", when=view.within)
    said = say("{met} of {all} targets are met {when}", met=met, all=len(judged), when=view.within)
    if not moving:
        return said
    rest = say_n("{number} cannot be judged yet", "{number} cannot be judged yet", moving)
    return f"{said}; {rest}"


def farthest_title(report: Report, view: View, values: Sequence[Value]) -> str:
    """Name the target that is missed by most, measured by the target itself."""
    missed = [value for value in values if value.status == "off_target" and value.target]
    if not missed:
        return say("No target that can be judged is missed {when}", when=view.within)
    farthest = max(missed, key=lambda value: abs((value.value or 0.0) / (value.target or 1.0) - 1))
    currency = report.settings.currency
    return say(
        "Farthest from its target: {what} ({actual}, target {goal})",
        what=aim_name(report, farthest),
        actual=formats.tile(farthest.value, farthest.unit, currency),
        goal=formats.tile(farthest.target, farthest.unit, currency),
    )


def aim_name(report: Report, value: Value) -> str:
    """Name what a target is for: the KPI, and whose."""
    label = say(report.definitions[value.kpi].label)
    if value.dimension == "all":
        return label
    return say("{kpi}, {member}", kpi=label, member=member_name(value.member, value.dimension))


def verdict(value: Value) -> str:
    """Say whether a target is met, with a sign and a word."""
    words = {
        "on_target": say("✓ met"),
        "off_target": say("✗ missed"),
        "immature": say("still moving"),
        "no_value": say("no value"),
    }
    return words.get(value.status, "")


def _frame(report: Report, values: Sequence[Value]) -> pd.DataFrame:
    currency = report.settings.currency
    rows: list[dict[str, object]] = []
    for value in values:
        reach = max(0.0, min(LONGEST, (value.value or 0.0) / (value.target or 1.0)))
        actual = formats.tile(value.value, value.unit, currency)
        goal = formats.tile(value.target, value.unit, currency)
        rows.append(
            {
                "what": aim_name(report, value),
                "process": report.definitions[value.kpi].process,
                "reach": reach,
                "aim": 1.0,
                "is_drawn": value.value is not None and bool(value.target),
                "row": len(rows),
                "final": value.is_mature,
                "said": say(
                    "{what}: {actual}, target {goal} · {verdict}",
                    what=aim_name(report, value),
                    actual=actual,
                    goal=goal,
                    verdict=verdict(value),
                ),
                "actual": formats.exact(value.value, value.unit, currency),
                "goal": formats.exact(value.target, value.unit, currency),
                "verdict": verdict(value),
                "parts": parts_line(report, value),
                "note": maturity_line(report, value),
            }
        )
    return pd.DataFrame(rows)


def _names() -> dict[str, str]:
    return {
        "what": say("Target for"),
        "actual": say("Actual"),
        "goal": say("Target"),
        "verdict": say("Met?"),
        "parts": say("Made of"),
        "note": say("How sure"),
    }


def _pointer() -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in _names().items()]


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[list(_names())].rename(columns=_names())


def _note(known: int, drawn: int) -> str:
    note = say(
        "The line is the target; each bar has a scale of its own and ends at twice its target."
    )
    if known > drawn:
        left_out = say("{shown} of {all} are drawn; the table has all.", shown=drawn, all=known)
        return f"{note} {left_out}"
    return note

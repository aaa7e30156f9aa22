"""Together: cost, quantity and quality of each member in one picture, never one without the others.

From left to right: more of it. From bottom to top: dearer. The darker, the better. So the best lie
at the lower right and are dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.labels import beside, names_beside
from reporting.charts.parts import axis_format, axis_title
from reporting.charts.picture import Picture, dressed, where
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import colours
from reporting.phrases import is_unsure, maturity_line, parts_line
from reporting.view import member_name

MOST_MEMBERS = 15
HEIGHT = 330


@dataclass(frozen=True)
class Three:
    """The KPIs of a process that are shown together."""

    quantity: Definition
    cost: Definition
    quality: Definition


def together(
    report: Report, three: Three, values: Sequence[Value], whole: Value | None = None
) -> Picture:
    """Draw the members of one dimension in one period by cost, quantity and quality.

    Args:
        report: the publication.
        three: the KPIs.
        values: those of the three KPIs, of one period and dimension.
        whole: the cost of the whole business, drawn as a line to compare with.
    """
    frame = _frame(report, three, values)
    if frame.empty:
        missing = say("No member has both a number of cases and a cost per case in this period.")
        return Picture(three.cost.label, None, missing=missing)
    frame["side"] = beside(frame["quantity"], frame["cost"], frame["written"])
    layers: list[Any] = [*_whole(report, three, whole), *_members(report, three, frame)]
    return Picture(
        title=together_title(report, three, values),
        chart=dressed(alt.layer(*layers, data=frame, height=HEIGHT)),
        rows=_rows(three, frame),
        description=say("Each dot is one member: to the right more, to the top dearer, dark good."),
        note=_without_cost(report, three, values),
    )


def together_title(report: Report, three: Three, values: Sequence[Value]) -> str:
    """Name who brings most, who costs least and who is best; few cases decide nothing."""
    most = _extreme(values, three.quantity)
    cheapest = _extreme(values, three.cost)
    best = _extreme(values, three.quality)
    if most is None or cheapest is None or best is None:
        return say(three.cost.label)
    currency = report.settings.currency
    named = {
        "most": member_name(most.member, most.dimension),
        "number": formats.tile(most.value, most.unit, currency),
        "what": say(three.quantity.label).lower(),
        "cheapest": member_name(cheapest.member, cheapest.dimension),
        "cost": formats.tile(cheapest.value, cheapest.unit, currency),
        "best": member_name(best.member, best.dimension),
        "quality": formats.tile(best.value, best.unit, currency),
    }
    if most.member == cheapest.member == best.member:
        return say("{most} brings most ({number} {what}), costs least and is the best", **named)
    return say(
        "Most {what} from {most} ({number}), the cheapest from {cheapest} ({cost}), "
        "the best from {best} ({quality})",
        **named,
    )


def _extreme(values: Sequence[Value], known: Definition) -> Value | None:
    own = [value for value in values if value.kpi == known.kpi and value.value is not None]
    named = [value for value in own if not value.member.startswith("(")] or own
    judged = [value for value in named if not value.is_small] or named
    if not judged:
        return None
    sign = -1 if known.direction == "down" else 1
    # Of equals the first by name.
    best = max(sign * (value.value or 0.0) for value in judged)
    equals = [value for value in judged if sign * (value.value or 0.0) == best]
    return min(equals, key=lambda value: value.member)


def _frame(report: Report, three: Three, values: Sequence[Value]) -> pd.DataFrame:
    cells = {(value.member, value.kpi): value for value in values}
    currency = report.settings.currency
    rows: list[dict[str, Any]] = []
    for member in {value.member for value in values}:
        parts = [cells.get((member, known.kpi)) for known in _kpis(three)]
        quantity, cost, quality = parts
        if quantity is None or cost is None or quantity.value is None or cost.value is None:
            continue
        share = quality.value if quality else None
        name = member_name(member, quantity.dimension)
        written = [name]
        if quality and share is not None:
            written.append(formats.tile(share, quality.unit, currency))
        rows.append(
            {
                "member": name,
                "quantity": quantity.value,
                "cost": cost.value,
                "quality": share,
                "written": " · ".join(written),
                "firm": not any(part and is_unsure(part) for part in parts),
                "said_quantity": formats.exact(quantity.value, quantity.unit, currency),
                "said_cost": formats.exact(cost.value, cost.unit, currency),
                "said_quality": formats.exact(share, three.quality.unit, currency),
                "parts": parts_line(report, quality) if quality else "",
                "note": maturity_line(report, quality) if quality else "",
            }
        )
    rows.sort(key=lambda row: (-row["quantity"], row["member"]))
    return pd.DataFrame(rows[:MOST_MEMBERS])


def _kpis(three: Three) -> tuple[Definition, Definition, Definition]:
    return three.quantity, three.cost, three.quality


def _members(report: Report, three: Three, frame: pd.DataFrame) -> list[alt.Chart]:
    worn = colours()
    names = {
        "member": say("Who"),
        "said_quantity": say(three.quantity.label),
        "said_cost": say(three.cost.label),
        "said_quality": say(three.quality.label),
        "parts": say("Made of"),
        "note": say("How sure"),
    }
    room = 1.12  # for the labels of the dots at the edge
    base = alt.Chart().encode(
        x=alt.X(
            "quantity:Q",
            title=axis_title(report, three.quantity),
            scale=alt.Scale(domain=[0, float(frame["quantity"].max()) * room or 1], nice=False),
            axis=alt.Axis(
                format=axis_format(three.quantity, frame.assign(value=frame["quantity"])),
                tickCount=6,
            ),
        ),
        y=alt.Y(
            "cost:Q",
            title=axis_title(report, three.cost),
            scale=alt.Scale(domain=[0, float(frame["cost"].max()) * room or 1], nice=False),
            axis=alt.Axis(
                format=axis_format(three.cost, frame.assign(value=frame["cost"])), tickCount=5
            ),
        ),
        tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in names.items()],
    )
    own = worn.of(three.cost.process)
    dots = base.mark_circle(
        size=210, opacity=1, invalid="show", stroke=own, strokeWidth=1.6
    ).encode(
        # Quality is told apart by lightness alone, and each dot says its share in words.
        fill=alt.FillValue(
            worn.ground,
            condition={
                "test": "isValid(datum.quality)",
                "field": "quality",
                "type": "quantitative",
                "scale": {"range": [worn.ground, own], "interpolate": "lab", "zero": False},
                "legend": None,
            },
        ),
        strokeDash=alt.StrokeDashValue([3, 2], condition=where("datum.firm", [1, 0])),
    )
    return [dots, *names_beside(base, frame)]


def _whole(report: Report, three: Three, whole: Value | None) -> list[alt.Chart]:
    if whole is None or whole.value is None:
        return []
    worn = colours()
    shown = formats.tile(whole.value, whole.unit, report.settings.currency)
    line = alt.Chart(
        pd.DataFrame({"cost": [whole.value], "said": [say("all: {value}", value=shown)]})
    ).encode(y=alt.Y("cost:Q"))
    return [
        line.mark_rule(color=worn.comparison, strokeDash=[3, 3]),
        line.mark_text(align="left", baseline="bottom", dx=3, dy=-2, color=worn.muted).encode(
            x=alt.XDatum(0), text=alt.Text("said:N")
        ),
    ]


def _rows(three: Three, frame: pd.DataFrame) -> pd.DataFrame:
    names = {
        "member": say("Who"),
        "said_quantity": say(three.quantity.label),
        "said_cost": say(three.cost.label),
        "said_quality": say(three.quality.label),
        "parts": say("Made of"),
        "note": say("How sure"),
    }
    return frame[list(names)].rename(columns=names)


def _without_cost(report: Report, three: Three, values: Sequence[Value]) -> str:
    """Name those that cost something and brought nothing: they have no place in the picture."""
    spent = [
        say(
            "{member} ({amount})",
            member=member_name(value.member, value.dimension),
            amount=formats.tile(value.numerator, "money", report.settings.currency),
        )
        for value in values
        if value.kpi == three.cost.kpi and value.value is None and value.numerator
    ]
    if not spent:
        return ""
    return say("Spent, and nothing came of it yet: {members}.", members=", ".join(spent))

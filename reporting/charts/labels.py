"""Labels: where the name of a dot is written, so that no name lies on another or on a dot."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from reporting.palette import colours

# A phone's chart in pixels, about: names that have room on it have room on every wider one.
WIDTH, HEIGHT = 300.0, 290.0
LETTER, LINE, DOT = 6.3, 14.0, 9.0

Box = tuple[float, float, float, float]


def beside(across: Sequence[float], up: Sequence[float], names: Iterable[str]) -> list[str]:
    """Return for each dot the side on which its name has room: right, left, above or below."""
    widest, highest = max([*across, 0.0]) or 1.0, max([*up, 0.0]) or 1.0
    dots = [
        (WIDTH * x / widest, HEIGHT * (1 - y / highest)) for x, y in zip(across, up, strict=True)
    ]
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots]
    sides = []
    for (x, y), name in zip(dots, names, strict=True):
        boxes = _boxes(x, y, LETTER * len(name))
        side = min(boxes, key=lambda side: _overlap(boxes[side], taken))
        taken.append(boxes[side])
        sides.append(side)
    return sides


def names_beside(base: alt.Chart, frame: pd.DataFrame) -> list[alt.Chart]:
    """Return the layers that write `written` of each row on its `side`, for the sides in use."""
    worn = colours()

    def on(
        side: str, align: Literal["left", "center", "right"], dx: float, dy: float
    ) -> list[alt.Chart]:
        own = base.transform_filter(f"datum.side === '{side}'").encode(text=alt.Text("written:N"))
        where: dict[str, Any] = {"baseline": "middle", "dx": dx, "dy": dy, "fontSize": 12}
        # The ground around the letters keeps lines from crossing them.
        return [
            own.mark_text(align=align, stroke=worn.ground, strokeWidth=3, **where),
            own.mark_text(align=align, color=worn.text, **where),
        ]

    sides = set(frame["side"])
    every = {
        "right": on("right", "left", 11, 0),
        "left": on("left", "right", -11, 0),
        "above": on("above", "center", 0, -15),
        "below": on("below", "center", 0, 16),
    }
    return [layer for side, layers in every.items() if side in sides for layer in layers]


def _boxes(x: float, y: float, width: float) -> dict[str, Box]:
    """Return the room that a name takes on each side, the side that reads best first."""
    return {
        "right": (x + DOT, y - LINE / 2, x + DOT + width, y + LINE / 2),
        "left": (x - DOT - width, y - LINE / 2, x - DOT, y + LINE / 2),
        "above": (x - width / 2, y - DOT - LINE, x + width / 2, y - DOT),
        "below": (x - width / 2, y + DOT, x + width / 2, y + DOT + LINE),
    }


def _overlap(box: Box, taken: Sequence[Box]) -> float:
    """Return how much of a box is taken, or lies outside the chart."""
    left, top, right, bottom = box
    outside = max(0.0, -left) + max(0.0, right - WIDTH * 1.12) + max(0.0, bottom - HEIGHT)
    covered = sum(
        max(0.0, min(right, other[2]) - max(left, other[0]))
        * max(0.0, min(bottom, other[3]) - max(top, other[1]))
        for other in taken
    )
    return covered + outside * LINE

"""Sparkline: the course of a number inside a table's cell, as small as a word."""

from collections.abc import Sequence
from urllib.parse import quote

WIDTH, HEIGHT, EDGE = 90.0, 22.0, 3.0


def sparkline(course: Sequence[float | None], colour: str) -> str:
    """Return the drawing of values from zero up; a value that is missing breaks the line.

    Readers who cannot see it find the same values in the chart over time and its table.
    """
    having = [value for value in course if value is not None]
    if len(having) < 2:
        return ""
    top = max(having) or 1.0
    step = (WIDTH - 2 * EDGE) / (len(course) - 1)

    def place(number: int, value: float) -> str:
        share = max(value, 0.0) / top
        return f"{EDGE + step * number:.1f},{HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE):.1f}"

    pieces: list[list[str]] = [[]]
    for number, value in enumerate(course):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(place(number, value))
    lines = "".join(
        f'<polyline points="{" ".join(piece)}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        for piece in pieces
        if piece
    )
    last = max(number for number, value in enumerate(course) if value is not None)
    x, y = place(last, course[last] or 0.0).split(",")
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{HEIGHT:.0f}">'
        f'{lines}<circle cx="{x}" cy="{y}" r="2.2" fill="{colour}"/></svg>'
    )
    # Streamlit lets pictures through its HTML, and no drawing.
    return f'<img alt="" src="data:image/svg+xml,{quote(drawing)}">'

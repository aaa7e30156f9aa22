"""Pictures: a chart as PNG to send on, or as SVG to print, made without a browser or a network."""

import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from reporting.charts.picture import FONT, Picture
from reporting.marts import Report
from reporting.palette import colours
from reporting.phrases import source_line

FONTS = Path(__file__).resolve().parent / "fonts"
PRINTED_FONT = "Warehouse Sans"
WIDTH = 760
PNG_SCALE = 2.0  # sharp on a dense screen and in a slide
LETTERS_PER_LINE = 84
VEGALITE = "v6_4"


def png(report: Report, picture: Picture) -> bytes:
    """Return a chart as PNG under its title, with whose numbers these are and until when.

    Args:
        report: the publication that the chart was drawn of.
        picture: one with a chart.
    """
    worn = colours()
    spec = _spec(picture, WIDTH) | {
        "background": worn.ground,
        "padding": 20,
        "title": {
            "text": textwrap.wrap(picture.title, LETTERS_PER_LINE),
            "subtitle": [*textwrap.wrap(picture.note, LETTERS_PER_LINE), source_line(report)],
            "anchor": "start",
            "frame": "group",
            "fontSize": 16,
            "fontWeight": "bold",
            "color": worn.text,
            "subtitleFontSize": 12,
            "subtitleColor": worn.muted,
            "subtitlePadding": 6,
            "offset": 14,
        },
    }
    _know_our_font()
    image: bytes = vl_convert.vegalite_to_png(spec, scale=PNG_SCALE, allowed_base_urls=[])
    return image


def svg(picture: Picture, width: int, height: int | None = None) -> str:
    """Return a chart as SVG, its letters as letters of the printed font.

    Args:
        picture: one with a chart.
        width: of its drawing, in pixels.
        height: of its drawing, in pixels; as its module made it unless said.
    """
    _know_our_font()
    drawn: str = vl_convert.vegalite_to_svg(_spec(picture, width, height), allowed_base_urls=[])
    return drawn


def _spec(picture: Picture, width: int, height: int | None = None) -> dict[str, Any]:
    """Return a chart's specification in the printed font and with a width of its own."""
    if picture.chart is None:
        raise ValueError(f"There is no chart to draw: {picture.title}")
    spec: dict[str, Any] = _in_our_font(picture.specification)
    if "layer" in spec or "mark" in spec:  # a chart of several parts has the widths that it needs
        spec["width"] = width
        if height is not None:
            spec["height"] = height
    return spec


def _in_our_font(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _in_our_font(inner) for name, inner in part.items()}
    if isinstance(part, list):
        return [_in_our_font(inner) for inner in part]
    return PRINTED_FONT if part == FONT else part


@cache
def _know_our_font() -> None:
    vl_convert.register_font_directory(str(FONTS))

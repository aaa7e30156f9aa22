"""Colours can be read, told apart without seeing all of them, and are the same everywhere."""

import itertools
import math
import tomllib

import pytest

from marketing_warehouse.paths import PROJECT
from reporting import palette
from reporting.palette import THEMES, Colours

# How a person sees who lacks one kind of cones (Machado, Oliveira and Fernandes 2009, severity 1),
# as a matrix on linear red, green and blue.
SIGHTS = {
    "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TEXTS = ("text", "muted", "acquisition", "sales", "retention", "chain", "alarm")
MEANINGS = ("acquisition", "sales", "retention", "alarm")
JUST_NOTICEABLE = 2.3  # a distance in CIE L*a*b*


def linear(colour: str) -> list[float]:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, sight: list[list[float]]) -> tuple[float, float, float]:
    """Return where a colour is in CIE L*a*b* for a sight."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(part * share for part, share in zip(row, light, strict=True))))
        for row in sight
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    a, b, c = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * b - 16, 500 * (a - b), 200 * (b - c)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", TEXTS)
def test_what_is_read_stands_out_enough(theme: str, name: str) -> None:
    """4.5 : 1 is what WCAG 2.2 asks at level AA, here on the page and on a raised ground."""
    colours = THEMES[theme]
    assert contrast(getattr(colours, name), colours.ground) >= 4.5
    assert contrast(getattr(colours, name), colours.raised) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_drawn_stands_out_enough(theme: str) -> None:
    """3 : 1 is what WCAG 2.2 asks of parts of a picture."""
    colours = THEMES[theme]
    drawn = (*colours.series, colours.comparison)
    assert [colour for colour in drawn if contrast(colour, colours.ground) < 3] == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_no_two_meanings_look_alike_to_anybody(theme: str, sight: str) -> None:
    colours: Colours = THEMES[theme]
    for one, other in itertools.combinations(MEANINGS, 2):
        places = [seen(getattr(colours, name), SIGHTS[sight]) for name in (one, other)]
        assert math.dist(*places) > 5 * JUST_NOTICEABLE, f"{one} and {other}"


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_own_parts_wear_the_same_colours(theme: str) -> None:
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())["theme"][theme]
    colours = THEMES[theme]
    assert config == {
        "primaryColor": colours.acquisition,
        "backgroundColor": colours.ground,
        "secondaryBackgroundColor": colours.raised,
        "textColor": colours.text,
        "borderColor": colours.rule,
    }


def test_an_unknown_theme_is_light() -> None:
    for theme in (None, "", "sepia", "light"):
        palette.use("dark")
        palette.use(theme)
        assert palette.colours() == palette.LIGHT

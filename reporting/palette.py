"""Palette: the one place that says what a colour means; it never says more than a word does."""

from contextvars import ContextVar
from dataclasses import dataclass

DEFAULT = "light"


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, each at least 4.5 : 1 against the ground where it is text."""

    ground: str
    raised: str  # what lies on the ground: a field, a popover
    text: str
    muted: str
    rule: str
    grid: str
    acquisition: str
    sales: str
    retention: str
    chain: str  # what belongs to all three processes
    comparison: str  # the period before, the target, the others
    alarm: str  # only for money that is being lost
    # Seven members in one chart at most; the order keeps neighbours apart.
    series: tuple[str, ...]

    def of(self, process: str) -> str:
        """Return the colour of a process, or the chain's grey for what belongs to all three."""
        own = {
            "acquisition": self.acquisition,
            "sales": self.sales,
            "retention": self.retention,
        }
        return own.get(process, self.chain)


# Blue, amber and green after Okabe and Ito: colour-blind readers keep them apart by hue or by
# lightness; the alarm is apart from them by its lightness.
LIGHT = Colours(
    ground="#fcfcfb",
    raised="#f3f4f2",
    text="#1d2125",
    muted="#5a6169",
    rule="#d9dcdf",
    grid="#e8eaec",
    acquisition="#175598",
    sales="#9b6306",
    retention="#0b7a5a",
    chain="#565e68",
    comparison="#7d848c",
    alarm="#8f1024",
    series=("#175598", "#b97900", "#0b7a5a", "#99467a", "#3d90c4", "#7c6a1c", "#565e68"),
)
DARK = Colours(
    ground="#15171a",
    raised="#202429",
    text="#e7e9ec",
    muted="#a3abb3",
    rule="#363c43",
    grid="#2a2f35",
    acquisition="#58a6ea",
    sales="#f0b64f",
    retention="#93e6bf",
    chain="#a9b1ba",
    comparison="#8b939c",
    alarm="#f07f7a",
    series=("#58a6ea", "#f0b64f", "#93e6bf", "#d68fc0", "#b9d7ee", "#c9b65a", "#a9b1ba"),
)
THEMES = {"light": LIGHT, "dark": DARK}
MOST_SERIES = len(LIGHT.series)

# Each run of a page has a thread of its own, and in it one visitor.
_worn: ContextVar[str] = ContextVar("worn", default=DEFAULT)


def use(theme: str | None) -> None:
    """Draw in a theme for the rest of this run: `light` or `dark`; anything else is light."""
    _worn.set(theme if theme in THEMES else DEFAULT)


def colours() -> Colours:
    """Return the colours of the theme that is drawn in."""
    return THEMES[_worn.get()]

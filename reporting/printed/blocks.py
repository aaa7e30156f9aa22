"""Blocks: what stands on a printed page, in words and numbers already written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from reporting.charts.picture import Picture


@dataclass(frozen=True)
class Tile:
    """One number under its name, with what is said of it."""

    label: str
    value: str
    colour: str
    lines: Sequence[str] = ()
    is_moving: bool = False
    is_weak: bool = False


@dataclass(frozen=True)
class Chain:
    """The links from money spent to what is left, and what its weakest link costs."""

    tiles: Sequence[Tile]
    weakest: str = ""
    kind: str = "chain"


@dataclass(frozen=True)
class Tiles:
    """The numbers of a process, side by side."""

    tiles: Sequence[Tile]
    kind: str = "tiles"


@dataclass(frozen=True)
class Part:
    """One stretch of a bar."""

    share: float  # of the bar, from 0 to 1
    colour: str


@dataclass(frozen=True)
class Split:
    """A sentence, and a bar that shows how its sum is made up."""

    sentence: str
    parts: Sequence[Part]
    kind: str = "split"


@dataclass(frozen=True)
class Loss:
    """Where money is lost: what is weak, what it should be, and what is at stake."""

    sentence: str
    goal: str
    money: str


@dataclass(frozen=True)
class Losses:
    """The places where most money is lost."""

    title: str
    losses: Sequence[Loss]
    nothing: str = ""
    kind: str = "losses"


@dataclass(frozen=True)
class Cell:
    """One number of a table; `bar` is its length among the others, from 0 to 1."""

    text: str
    is_moving: bool = False
    bar: float = 0.0
    colour: str = ""


@dataclass(frozen=True)
class Table:
    """Rows to compare; the first `texts` cells of each are words."""

    title: str
    heads: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    texts: int = 1
    widths: Sequence[float] = ()  # of the columns against each other; else words are widest
    kind: str = "table"


@dataclass(frozen=True)
class Drawing:
    """A chart under its answer in words; `height` in pixels, or as its module made it."""

    picture: Picture
    height: int | None = None
    kind: str = "drawing"


@dataclass(frozen=True)
class Pair:
    """Two charts, or a chart and a table, side by side."""

    left: "Drawing | Table"
    right: "Drawing | Table"
    kind: str = "pair"


Block = Chain | Tiles | Split | Losses | Table | Drawing | Pair


@dataclass(frozen=True)
class Page:
    """One printed page: its question's answer, and what stands behind it."""

    title: str
    colour: str
    answer: str
    blocks: Sequence[Block] = field(default_factory=list)


def as_data(block: Block) -> dict[str, Any]:
    """Return a block as plain data; of a drawing only what is said of it."""
    if isinstance(block, Pair):
        return {"kind": block.kind, "sides": [as_data(block.left), as_data(block.right)]}
    if isinstance(block, Drawing):
        shown = block.picture
        return {
            "kind": block.kind,
            "title": shown.title,
            "note": shown.note or shown.missing,
            "alt": shown.text_alternative,
        }
    return asdict(block)

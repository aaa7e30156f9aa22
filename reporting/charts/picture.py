"""Picture: a chart with its answer in words, a description for who cannot see it, and its rows."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from reporting import formats
from reporting.charts.specified import specified
from reporting.language import say
from reporting.palette import Colours, colours

# Checking a chart against the schema of Vega-Lite takes longer than making it.
schemapi.DEBUG_MODE = False
alt.theme.enable("none")  # `dressed` says how a chart looks, and nothing else does

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'

Chart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.FacetChart


@dataclass(frozen=True)
class Picture:
    """What a chart shows, in all the ways in which it can be told.

    Attributes:
        title: the chart's question, answered in a sentence.
        chart: how it looks; None where there is nothing to draw yet.
        rows: the numbers behind it as people read them, a column name for each.
        description: what a reader who cannot see the chart should know beside its title.
        note: a sentence under the chart, such as what is left out.
        missing: where there is no chart, what is missing and what to do.
        is_wide: whether its numbers need more room than a phone has; it then scrolls on its own.
    """

    title: str
    chart: Chart | None
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    description: str = ""
    note: str = ""
    missing: str = ""
    is_wide: bool = False

    @cached_property
    def specification(self) -> dict[str, Any]:
        """Return the chart as Vega-Lite reads it, its data within; `{}` where there is none."""
        return {} if self.chart is None else specified(self.chart)

    @property
    def text_alternative(self) -> str:
        """Say the title, the description, and that the numbers can be read in a table."""
        behind = say("The numbers stand in the table behind the chart.") if len(self.rows) else ""
        said = (text.rstrip(".") + "." for text in (self.title, self.description, behind) if text)
        return " ".join(said)


def where(test: str, value: Any) -> Any:
    """Return what a channel is where a row passes a test.

    Altair's own `condition` makes the same, and looks through its whole schema for it each time.
    """
    return {"test": test, "value": value}


def dressed(chart: Chart, size: float = 12) -> Chart:
    """Return a chart in the theme that is drawn in, on the page's own ground.

    Args:
        chart: as its module made it.
        size: of the letters of its axes, in pixels.
    """
    worn = colours()
    finished: Chart = chart.configure(
        background="transparent",
        font=FONT,
        padding={"left": 4, "right": 8, "top": 6, "bottom": 4},
        **_parts(worn, size),
    )
    return finished


def _parts(worn: Colours, size: float) -> dict[str, Any]:
    letters = {
        "labelColor": worn.muted,
        "titleColor": worn.muted,
        "labelFontSize": size,
        "titleFontSize": size,
        "titleFontWeight": "normal",
    }
    axis = letters | {
        "domainColor": worn.rule,
        "tickColor": worn.rule,
        "gridColor": worn.grid,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "titlePadding": 8,
    }
    return {
        "view": {"stroke": None},
        "axis": axis,
        "legend": letters | {"titleFontWeight": "normal"},
        "header": letters,
        "title": {"color": worn.text, "fontSize": size + 1, "anchor": "start"},
        "text": {"color": worn.text, "fontSize": size},
        "range": {"category": list(worn.series)},
        "locale": formats.axis_locale(),
    }

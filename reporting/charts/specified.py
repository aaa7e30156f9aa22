"""Specified: a chart as Vega-Lite reads it, made without what Altair does only to be careful.

Altair cleans a copy of its rows for every layer and checks the chart against its schema, which
takes several times as long as making it. Here rows that layers share are written once.
"""

from contextvars import ContextVar
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

TRANSFORMER = "rows_by_name"

# The rows of the chart that is being specified, by the frame that holds them.
_frames: ContextVar[dict[int, pd.DataFrame] | None] = ContextVar("frames", default=None)


def specified(chart: Any) -> dict[str, Any]:
    """Return the specification of a chart with all its rows."""
    frames: dict[int, pd.DataFrame] = {}
    token = _frames.set(frames)
    try:
        specification: dict[str, Any] = chart.to_dict(validate=False)
    finally:
        _frames.reset(token)
    rows = {_name(place): _rows(frame) for place, frame in frames.items()}
    return specification | {"datasets": specification.get("datasets", {}) | rows}


def _rows_by_name(data: Any) -> Any:
    """Stand in for Altair's transformer of data: keep the frame, and leave its name in the chart.

    A chart that is not specified here, or rows of another kind, are Altair's own business.
    """
    frames = _frames.get()
    if frames is None or not isinstance(data, pd.DataFrame):
        return alt.default_data_transformer(data)
    frames[id(data)] = data
    return {"name": _name(id(data))}


def _name(place: int) -> str:
    return f"rows-{place}"


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [_column(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _column(cells: pd.Series) -> list[Any]:
    """Return cells as JSON knows them: moments as texts, and nothing where there is no value."""
    return [_cell(cell) for cell in cells.tolist()]


def _cell(cell: Any) -> Any:
    if cell != cell:  # NaN and NaT are not even themselves
        return None
    return cell.isoformat() if isinstance(cell, date) else cell  # a moment is a date too


alt.data_transformers.register(TRANSFORMER, _rows_by_name)
alt.data_transformers.enable(TRANSFORMER)

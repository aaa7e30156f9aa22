"""Sheets: the scorecard as tables for a workbook, wide to read and long to reckon with."""

from collections.abc import Sequence

import pyarrow as pa

from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.view import View, member_name
from reporting.workbook import Sheet


def numbers(report: Report, view: View, kpis: Sequence[str]) -> list[Sheet]:
    """Return the numbers of a view: a column for each KPI, and then every row with its parts."""
    known = [report.definitions[kpi] for kpi in kpis]
    values = report.scorecard(view.grain, view.dimension, kpis, view.since, view.until)
    rows = report.scorecard_table(view.grain, view.dimension, kpis, view.since, view.until)
    if view.dimension != "all" and view.member:
        values = [value for value in values if value.member == view.member]
        rows = rows.filter([member == view.member for member in rows["member"].to_pylist()])
    parts = Sheet(say("With parts"), rows, notes=_notes_of_parts(), row_unit="unit")
    return [wide(report, view, known, values), parts]


def wide(report: Report, view: View, known: Sequence[Definition], values: Sequence[Value]) -> Sheet:
    """Return a line per period and member, and a column for each KPI with its formula as a note."""
    cells = {(value.period_start, value.member, value.kpi): value for value in values}
    lines = sorted({(start, member) for start, member, _ in cells}, key=lambda line: line[1])
    lines.sort(key=lambda line: line[0], reverse=True)
    columns: dict[str, pa.Array] = {
        say("From"): pa.array([start for start, _ in lines], pa.date32())
    }
    if view.dimension != "all":
        names = [member_name(member, view.dimension) for _, member in lines]
        columns[say("Who")] = pa.array(names, pa.string())
    units, notes = {}, {}
    for definition in known:
        head = _head(report, definition)
        sizes = [
            cell.value if (cell := cells.get((*line, definition.kpi))) else None for line in lines
        ]
        columns[head] = pa.array(sizes, pa.float64())
        units[head], notes[head] = definition.unit, say(definition.formula)
    return Sheet(say("Numbers"), pa.table(columns), units, notes)


def _head(report: Report, known: Definition) -> str:
    label = say(known.label)
    return f"{label}, {report.settings.currency}" if known.unit == "money" else label


def _notes_of_parts() -> dict[str, str]:
    return {
        "kpi": say("What each KPI is stands on the last sheet."),
        "numerator": say("What stands above the line; of a count or an amount the value itself."),
        "denominator": say("What stands below the line; empty for a count or an amount."),
        "value": say("Numerator by denominator; empty where there is nothing to divide by."),
        "is_mature": say("Whether the value no longer moves."),
        "is_small": say("Whether the denominator is under 30."),
        "low": say("Lower bound of the 95 % interval of a share."),
        "high": say("Upper bound of the 95 % interval of a share."),
    }

"""Parts: scorecard values as blocks of a printed page."""

from collections.abc import Mapping, Sequence

from reporting import chain, formats, phrases
from reporting.charts.trend import trend
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.palette import colours
from reporting.printed.blocks import Cell, Drawing, Table, Tile, Tiles
from reporting.printed.period import Period
from reporting.view import View, member_name

CENTS_MATTER_UNDER = 1000
MOST_ROWS = 14
TREND_PERIODS = {"day": 30, "week": 26, "month": 13, "quarter": 8, "year": 6}


def view_of(period: Period, periods_before: int = 0, dimension: str = "all") -> View:
    """Return the view of a period, with some before it for a trend."""
    since = period.start
    for _ in range(periods_before):
        since = formats.previous(period.grain, since)
    return View(period.grain, since, period.end, period.start, period.end, dimension, "")


def values_of(report: Report, period: Period, kpis: Sequence[str]) -> dict[str, Value]:
    """Return the whole business's values of a period, by KPI."""
    found = report.scorecard(period.grain, "all", kpis, period.start, period.start)
    return {value.kpi: value for value in found}


def view_over_time(period: Period) -> View:
    """Return the view of a period with as many before it as a trend needs."""
    return view_of(period, TREND_PERIODS[period.grain] - 1)


def values_over_time(report: Report, period: Period, kpis: Sequence[str]) -> list[Value]:
    """Return the whole business's values up to a period, for a trend."""
    view = view_over_time(period)
    return report.scorecard(period.grain, "all", kpis, view.since, view.until)


def of_members(report: Report, period: Period, dimension: str, kpis: Sequence[str]) -> list[Value]:
    """Return a period's values of every member of a dimension."""
    return report.scorecard(period.grain, dimension, kpis, period.start, period.start)


def by_size(values: Sequence[Value], kpi: str) -> list[str]:
    """Return the members, the largest by a KPI first; those without it at the end."""
    sizes = {value.member: value.value or 0.0 for value in values if value.kpi == kpi}
    return sorted(
        {value.member for value in values}, key=lambda member: (-sizes.get(member, -1.0), member)
    )


def tiles(report: Report, view: View, values: Mapping[str, Value], kpis: Sequence[str]) -> Tiles:
    """Return the tiles of the KPIs that have a value or a numerator."""
    return Tiles([tile(report, view, values[kpi]) for kpi in kpis if kpi in values])


def tile(report: Report, view: View, value: Value) -> Tile:
    """Return one number with its change, its parts, its target and how sure it is."""
    lines = (
        phrases.short_change(report, view, value),
        phrases.parts_line(report, value),
        phrases.target_line(report, value),
        phrases.maturity_line(report, value),
    )
    return _tile(report, value, say(report.definitions[value.kpi].label), lines)


def link(report: Report, view: View, value: Value, is_weak: bool) -> Tile:
    """Return one link of the chain, in few words."""
    lines = (phrases.short_change(report, view, value), phrases.short_target(report, value))
    return _tile(report, value, chain.link_name(report, value.kpi), lines, is_weak)


def _tile(
    report: Report, value: Value, label: str, lines: Sequence[str], is_weak: bool = False
) -> Tile:
    process = report.definitions[value.kpi].process
    return Tile(
        label=label,
        value=formats.tile(value.value, value.unit, report.settings.currency),
        colour=colours().of(process),
        lines=[line for line in lines if line],
        is_moving=value.value is not None and not value.is_mature,
        is_weak=is_weak,
    )


def course(report: Report, period: Period, kpi: str, height: int = 170) -> Drawing:
    """Draw how a KPI of the whole business went on up to a period."""
    values = values_over_time(report, period, [kpi])
    return Drawing(trend(report, view_over_time(period), report.definitions[kpi], values), height)


def members(
    report: Report, period: Period, dimension: str, kpis: Sequence[str], title: str
) -> Table:
    """Compare the members of a dimension, the largest by the first KPI first."""
    known = [report.definitions[kpi] for kpi in kpis]
    values = of_members(report, period, dimension, kpis)
    cells = {(value.member, value.kpi): value for value in values}
    order = by_size(values, kpis[0])
    rows = [
        [
            Cell(member_name(member, dimension)),
            *(
                _cell(definition, cells.get((member, definition.kpi)), values)
                for definition in known
            ),
        ]
        for member in order[:MOST_ROWS]
        if any(cells[key].value is not None for key in cells if key[0] == member)
    ]
    heads = [Cell(_dimension_name(dimension)), *(_head(report, definition) for definition in known)]
    return Table(title, heads, rows, _note(values, len(order)))


def periods(report: Report, period: Period, kpis: Sequence[str], title: str, count: int) -> Table:
    """Compare a period with those before it, the newest first."""
    known = [report.definitions[kpi] for kpi in kpis]
    view = view_of(period, count - 1)
    values = report.scorecard(period.grain, "all", kpis, view.since, view.until)
    cells = {(value.period_start, value.kpi): value for value in values}
    starts = sorted({value.period_start for value in values}, reverse=True)
    rows = [
        [
            Cell(formats.period(period.grain, start)),
            *(
                _cell(definition, cells.get((start, definition.kpi)), values, has_bar=False)
                for definition in known
            ),
        ]
        for start in starts
    ]
    heads = [Cell(say("Period")), *(_head(report, definition) for definition in known)]
    return Table(title, heads, rows, _note(values, len(starts)))


def _cell(
    known: Definition, value: Value | None, values: Sequence[Value], has_bar: bool = True
) -> Cell:
    if value is None:
        return Cell(formats.NO_VALUE)
    sizes = [abs(other.value or 0.0) for other in values if other.kpi == known.kpi]
    most = max(sizes, default=0.0)
    few = "≈ " if value.is_small and value.value is not None else ""
    has_cents = known.unit == "money" and most < CENTS_MATTER_UNDER
    return Cell(
        text=few + formats.cell(value.value, known.unit, has_cents),
        is_moving=value.value is not None and not value.is_mature,
        bar=max(value.value or 0.0, 0.0) / most if has_bar and most else 0.0,
        colour=colours().of(known.process),
    )


def _head(report: Report, known: Definition) -> Cell:
    label = say(known.label)
    if known.unit == "money":
        label = f"{label}, {report.settings.currency}"
    elif known.unit in ("days", "hours", "months"):
        label = f"{label}, {formats.unit_name(known.unit)}"
    return Cell(label, colour=colours().of(known.process))


def _note(values: Sequence[Value], rows: int) -> str:
    said = []
    if rows > MOST_ROWS:
        said.append(say("The {shown} largest of {all}.", shown=MOST_ROWS, all=rows))
    if any(phrases.is_unsure(value) for value in values):
        said.append(say("Grey, slanted numbers are still moving; ≈ marks those of few cases."))
    return " ".join(said)


def _dimension_name(dimension: str) -> str:
    words = {
        "method": say("Method"),
        "campaign": say("Campaign"),
        "unit": say("Unit"),
        "employee": say("Employee"),
    }
    return words[dimension]

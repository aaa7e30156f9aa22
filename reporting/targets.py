"""Targets: what was agreed against what came, and a file of targets to edit and deliver."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from marketing_warehouse import read
from reporting import formats
from reporting.marts import Report, Value

Aim = tuple[str, str, str]  # KPI, dimension, member

COLUMNS = ("kpi", "dimension", "member", "period_start", "period_end", "target")

AIMED = """
    select
        period_grain, period_start, period_end, kpi, dimension, member, numerator, denominator,
        value, unit, target, previous_value, null as last_year_value, is_mature, is_small, low,
        high, status
    from kpi.scorecard
    where period_grain = $1 and period_start = $2 and target is not null
        and ($3 = 'all' or dimension = $3) and ($4 = '' or member = $4)
    order by dimension <> 'all', kpi, dimension, member
"""
IN_FORCE = """
    select kpi, dimension, member, period_start, period_end, target
    from core.kpi_targets
    where period_end > $1
    order by kpi, dimension, member, period_start, period_end
"""
LATEST_MATURE = """
    select kpi, dimension, member, unit, max_by(value, period_start) as value
    from kpi.scorecard
    where period_grain = $1 and dimension = $2 and ($3 = '' or member = $3)
        and is_mature and value is not null
    group by kpi, dimension, member, unit
    order by kpi, member
"""
# How exactly a suggestion is worth writing: a target of 0.3871 is no plan of anybody's.
PLACES = {"ratio": "0.001", "money": "0.01", "count": "1"}


@dataclass(frozen=True)
class Target:
    """One row of the feed `kpi_targets`; a suggestion is one that nobody has agreed to yet."""

    kpi: str
    dimension: str
    member: str
    period_start: date
    period_end: date
    target: Decimal
    is_suggestion: bool = False

    @property
    def aim(self) -> Aim:
        return self.kpi, self.dimension, self.member

    @property
    def days(self) -> int:
        return (self.period_end - self.period_start).days + 1

    def covers(self, start: date, end: date) -> bool:
        """Say whether it is the target of a period: that very one, or one inside its own."""
        return self.period_start <= start and end <= self.period_end

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its line, in the order of `COLUMNS`."""
        exact = format(self.target.normalize(), "f")
        days = self.period_start.isoformat(), self.period_end.isoformat()
        return self.kpi, self.dimension, self.member, *days, exact


def aimed(
    report: Report, grain: str, start: date, dimension: str = "all", member: str = ""
) -> list[Value]:
    """Return the values of a period that have a target, those of the whole business first.

    Args:
        report: the publication.
        grain: of the period.
        start: its first day.
        dimension: one alone; `all` stands for every one.
        member: one alone; `""` stands for every one.
    """
    return report.values(AIMED, grain, start, dimension, member)


def next_period(report: Report, grain: str) -> tuple[date, date]:
    """Return the first and the last day of the first period that lies wholly after as-of."""
    start = formats.starting(grain, report.settings.as_of)
    start = formats.following(grain, start)
    return start, formats.following(grain, start) - timedelta(days=1)


def proposed(report: Report, grain: str, dimension: str = "all", member: str = "") -> list[Target]:
    """Return the targets that are in force, and suggestions for a next period without one.

    A suggestion is the target that is in force, or else the latest value that is final.

    Args:
        report: the publication.
        grain: of the suggestions' period.
        dimension: for whose members suggestions are made.
        member: one alone; `""` stands for every one.
    """
    in_force = [Target(**row) for row in report.rows(IN_FORCE, report.settings.as_of)]
    start, end = next_period(report, grain)
    planned = {target.aim for target in in_force if target.covers(start, end)}
    # The narrowest comes last and so is the one that is carried on.
    agreed = {
        target.aim: target.target
        for target in sorted(in_force, key=lambda target: target.days, reverse=True)
    }
    suggestions = [
        Target(*aim, start, end, agreed.get(aim, _rounded(value, unit)), is_suggestion=True)
        for aim, value, unit in _latest(report, grain, dimension, member)
        if aim not in planned
    ]
    return [*in_force, *suggestions]


def _latest(
    report: Report, grain: str, dimension: str, member: str
) -> Iterator[tuple[Aim, float, str]]:
    for row in report.rows(LATEST_MATURE, grain, dimension, member):
        yield (row["kpi"], row["dimension"], row["member"]), row["value"], row["unit"]


def fits_a_spreadsheet(target: Target) -> bool:
    """Say whether a member's name can go through a spreadsheet and come back as it was.

    One that begins like a formula would be guarded by a sign that the feed then takes for a part
    of the name.
    """
    return read.text_guarded(target.member) == target.member


def file_text(targets: Sequence[Target]) -> str:
    """Write targets as the file that the feed `kpi_targets` reads without a mapping."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(_lines(targets))
    return written.getvalue()


def _lines(targets: Sequence[Target]) -> Iterator[tuple[str, ...]]:
    for target in targets:
        if fits_a_spreadsheet(target):
            yield target.cells()


def _rounded(value: float, unit: str) -> Decimal:
    places = Decimal(PLACES.get(unit, "0.1"))
    return Decimal(repr(value)).quantize(places, ROUND_HALF_UP)

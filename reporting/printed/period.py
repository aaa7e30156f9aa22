"""Period: which days a report is about, as people write it: 2026-10-31, 2026-W44, 2026-Q4, 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from marketing_warehouse.errors import ConfigError
from reporting import formats
from reporting.marts import Report

EXAMPLES = "2026-10-31 (a day), 2026-W44 (a week), 2026-10 (a month), 2026-Q4, 2026"
WRITTEN = {
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "week": re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "quarter": re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE),
    "year": re.compile(r"(\d{4})"),
}


@dataclass(frozen=True)
class Period:
    """One period of a grain, by its first and its last day."""

    grain: str
    start: date

    @property
    def end(self) -> date:
        return formats.following(self.grain, self.start) - timedelta(days=1)

    @property
    def name(self) -> str:
        """The period as it is written in a command and in a file's name."""
        start = self.start
        if self.grain == "week":
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02}"
        names = {
            "day": start.isoformat(),
            "month": f"{start:%Y-%m}",
            "quarter": f"{start.year}-Q{(start.month + 2) // 3}",
        }
        return names.get(self.grain, str(start.year))


def read_period(text: str) -> Period:
    """Read a period as a person wrote it.

    Raises:
        ConfigError: it is none.
    """
    for grain, pattern in WRITTEN.items():
        if found := pattern.fullmatch(text.strip()):
            try:
                return Period(grain, _start(grain, found))
            except ValueError:
                break
    raise ConfigError(f"{text!r} is no period: write one as {EXAMPLES}.")


def _start(grain: str, found: re.Match[str]) -> date:
    if grain == "day":
        return date.fromisoformat(found[0])
    year = int(found[1])
    if grain == "week":
        return date.fromisocalendar(year, int(found[2]), 1)
    month = {"month": lambda: int(found[2]), "quarter": lambda: 3 * int(found[2]) - 2}
    return date(year, month.get(grain, lambda: 1)(), 1)


def latest_ended(grain: str, as_of: date) -> Period:
    """Return the last period of a grain that has ended by a day, that day included."""
    current = Period(grain, formats.starting(grain, as_of))
    if current.end <= as_of:
        return current
    return Period(grain, formats.previous(grain, current.start))


def require_numbers(report: Report, period: Period) -> None:
    """Refuse a period of which the marts know nothing.

    Raises:
        ConfigError: it lies before the first or after the last counted day.
    """
    as_of = report.settings.as_of
    if period.start > as_of:
        raise ConfigError(
            f"{period.name} lies after {as_of}, the last day that the published marts count."
        )
    if not has_numbers(report, period):
        raise ConfigError(
            f"{period.name} lies before the first {period.grain} of which the published marts "
            "have numbers."
        )


def has_numbers(report: Report, period: Period) -> bool:
    """Say whether the marts know anything of a period."""
    return bool(report.periods(period.grain, period.start, period.start))

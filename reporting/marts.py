"""Marts: the published numbers as they are asked for; nothing is computed on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from marketing_warehouse import read
from marketing_warehouse.errors import EarlierMartsError
from reporting.language import say

DIMENSIONS = ("all", "method", "campaign", "unit", "employee")
GRAINS = ("day", "week", "month", "quarter", "year")

FEEDS = (
    "ad_spend",
    "leads",
    "lead_activities",
    "orders",
    "loyalty_events",
    "process_costs",
    "kpi_targets",
    "fx_rates",
)
# All that pages, downloads and the printed report read: a publication has it, or is an earlier
# version's.
RELATIONS = frozenset(
    {
        *(f"core.{feed}" for feed in FEEDS),
        "kpi.change_drivers",
        "kpi.definitions",
        "kpi.levers",
        "kpi.restatements",
        "kpi.scorecard",
        "kpi.unit_economics",
        "kpi.weak_places",
        *(f"ops.{name}" for name in ("audits", "loads", "rows", "settings", "sources")),
        *(f"quarantine.{feed}" for feed in FEEDS),
        "retention.cohorts_monthly",
        "retention.loyalty_monthly",
        "sales.filter_discipline",
    }
)
PUBLISHED = """
    select schema_name || '.' || table_name as relation from duckdb_tables()
    union all select schema_name || '.' || view_name from duckdb_views()
"""

SETTINGS = ("business_name", "currency", "timezone", "as_of", "built_at")

SCORECARD = """
    with asked as (
        select * from kpi.scorecard
        where period_grain = $1 and dimension = $2 and list_contains($3, kpi)
    )
    select
        asked.period_grain, asked.period_start, asked.period_end, asked.kpi, asked.dimension,
        asked.member, asked.numerator, asked.denominator, asked.value, asked.unit, asked.target,
        asked.previous_value, last_year.value as last_year_value, asked.is_mature, asked.is_small,
        asked.low, asked.high, asked.status
    from asked
    left join asked as last_year
        on last_year.kpi = asked.kpi
        and last_year.member = asked.member
        -- A year is 52 weeks of weeks: `formats.a_year_before` says the same.
        and last_year.period_start = case
            when $1 = 'week' then asked.period_start - 364
            else cast(asked.period_start - interval 1 year as date)
        end
    where asked.period_start <= $4 and asked.period_end >= $5
    order by asked.period_start desc, list_position($3, asked.kpi), asked.member
"""


# Answers a query on one build; who asks often keeps the answers.
Ask = Callable[[str, tuple[Any, ...]], pa.Table]


@dataclass(frozen=True)
class Definition:
    """What `kpi.definitions` says of one KPI; a ratio that is no share has the unit `times`."""

    kpi: str
    process: str
    label: str
    unit: str
    direction: str
    dimensions: tuple[str, ...]
    # None where the business itself sets them, and the marts do not say to what.
    days_to_maturity: int | None
    is_proportion: bool
    formula: str
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Value:
    """One row of `kpi.scorecard`."""

    period_grain: str
    period_start: date
    period_end: date
    kpi: str
    dimension: str
    member: str
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str
    target: float | None
    previous_value: float | None
    last_year_value: float | None
    is_mature: bool
    is_small: bool
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True)
class Settings:
    """Whose numbers these are, and until when they count."""

    business_name: str
    currency: str
    timezone: str
    as_of: date
    built_at: datetime


@dataclass(frozen=True)
class Report:
    """One published build, and what every page needs to know about it."""

    publication: read.Publication
    settings: Settings
    definitions: dict[str, Definition]
    ask: Ask = field(repr=False, compare=False)

    def table(self, sql: str, *parameters: Any) -> pa.Table:
        """Return the rows of a query on this build."""
        return self.ask(sql, parameters)

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        return list(self.table(sql, *parameters).to_pylist())

    def kpis_of(self, process: str) -> list[Definition]:
        return [known for known in self.definitions.values() if known.process == process]

    def first_day(self) -> date | None:
        """Return the first day that the scorecard knows, or None if it is empty."""
        [row] = self.rows("select min(period_start) as first from kpi.scorecard")
        first: date | None = row["first"]
        return first

    def periods(self, grain: str, since: date, until: date) -> list[tuple[date, date]]:
        """Return the first and the last day of each period that the dates touch, newest first."""
        rows = self.rows(
            "select distinct period_start, period_end from kpi.scorecard where period_grain = ? "
            "and dimension = 'all' and period_start <= ? and period_end >= ? order by 1 desc",
            grain,
            until,
            since,
        )
        return [(row["period_start"], row["period_end"]) for row in rows]

    def members(self, grain: str, dimension: str, since: date, until: date) -> list[str]:
        """Return the members of a dimension that have a number between two dates."""
        rows = self.rows(
            "select distinct member from kpi.scorecard where period_grain = ? and dimension = ? "
            "and period_start <= ? and period_end >= ? order by 1",
            grain,
            dimension,
            until,
            since,
        )
        return [row["member"] for row in rows]

    def scorecard_table(
        self, grain: str, dimension: str, kpis: Sequence[str], since: date, until: date
    ) -> pa.Table:
        """Return the scorecard's rows with the units in which they are shown, for a download."""
        rows = self.table(SCORECARD, grain, dimension, list(kpis), until, since)
        units = [self.definitions[kpi].unit for kpi in rows["kpi"].to_pylist()]
        place = rows.column_names.index("unit")
        return rows.set_column(place, "unit", pa.array(units, pa.string()))

    def scorecard(
        self, grain: str, dimension: str, kpis: Sequence[str], since: date, until: date
    ) -> list[Value]:
        """Return the values of KPIs in the periods that two dates touch."""
        return self.values(SCORECARD, grain, dimension, list(kpis), until, since)

    def values(self, sql: str, *parameters: Any) -> list[Value]:
        """Return the rows of a query that asks for all that a `Value` has."""
        return [
            Value(**_floats(row) | {"unit": self.definitions[row["kpi"]].unit})
            for row in self.rows(sql, *parameters)
        ]


def report_of(opened: read.Marts) -> Report:
    """Return the report of opened marts, for who asks each question once."""
    return open_report(opened.publication, opened.query)


def open_report(publication: read.Publication, ask: Ask) -> Report:
    """Read what every reader needs to know of a publication.

    Args:
        publication: the build.
        ask: answers a query on it.

    Raises:
        EarlierMartsError: an earlier version published it, without a mart that is read now.
    """
    published = set(ask(PUBLISHED, ())["relation"].to_pylist())
    if lacking := sorted(RELATIONS - published):
        raise EarlierMartsError(
            say(
                "These marts were published by an earlier version, without {marts}: run "
                "`warehouse load --home {home}` to publish them anew.",
                marts=", ".join(lacking),
                home=publication.file.parent.parent,
            )
        )
    settings = ask("select * from ops.settings limit 1", ()).to_pylist()[0]
    definitions = ask("select * from kpi.definitions", ()).to_pylist()
    return Report(
        publication,
        Settings(**{name: settings[name] for name in SETTINGS}),
        {row["kpi"]: _definition(row, settings) for row in definitions},
        ask,
    )


def _definition(row: dict[str, Any], settings: dict[str, Any]) -> Definition:
    names = ("kpi", "process", "label", "unit", "direction", "formula", "numerator", "denominator")
    known = {name: row[name] or "" for name in names}
    # What a group of customers brought to what they cost is both money, but no part of it.
    if (row["unit"], row["shape"]) == ("ratio", "cohort"):
        known["unit"] = "times"
    dimensions = {name.strip() for name in (row["dimensions"] or "all").split(",")}
    return Definition(
        **known,
        dimensions=tuple(name for name in DIMENSIONS if name in dimensions),
        days_to_maturity=(
            settings.get(row["cohort_setting"])
            if row["cohort_setting"]
            else row["cohort_days"] or 0
        ),
        is_proportion=bool(row["is_proportion"]),
    )


def _floats(row: dict[str, Any]) -> dict[str, Any]:
    """Turn exact decimals into floats: what is shown has at most a dozen digits."""
    exact = (
        *("numerator", "denominator", "value", "target"),
        *("previous_value", "last_year_value", "low", "high"),
    )
    return row | {name: None if row[name] is None else float(row[name]) for name in exact}

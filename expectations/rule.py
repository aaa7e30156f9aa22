"""Rule: an expectation said as the SQL of the rows that must not be there."""

from dataclasses import dataclass
from typing import Any, ClassVar

from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.metadata_types import FailureSeverity

CRITICAL = "critical"
WARNING = "warning"
LOADS_COMPARED = 28
LOADS_NEEDED = 3


class ExpectNoRows(UnexpectedRowsExpectation):
    """Expects a query to find nothing; counts what it finds without fetching it.

    The parent runs every query a second time, for a sample of rows: the audit keeps all of them.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        found = metrics["unexpected_rows_query.row_count"]
        return {"success": found == 0, "result": {"observed_value": found}}


@dataclass(frozen=True)
class Rule:
    """One expectation about one mart.

    Attributes:
        name: what is expected, as words joined by underscores.
        finds: the SQL of the rows that break it; `mart` is the mart, `expected.*` what
            business.yml and the feeds say of it (expected.py).
        notes: a sentence for whoever is woken up: what it means and where to look first.
        severity: critical for the impossible, which blocks; warning for a suspicion.
    """

    name: str
    finds: str
    notes: str
    severity: str = CRITICAL

    def expectation(self) -> ExpectNoRows:
        """Return this rule as Great Expectations knows it."""
        # Braces are fields to Great Expectations (and a colon before a word is one to SQLAlchemy).
        finds = self.finds.replace("{", "{{").replace("}", "}}")
        return ExpectNoRows(
            unexpected_rows_query=f"with mart as (select * from {{batch}}) select * from ({finds})",
            description=f"{self.name.replace('_', ' ').capitalize()}. {self.notes}",
            notes=self.notes,
            severity=FailureSeverity(self.severity),
            meta={"rule": self.name},
        )


@dataclass(frozen=True)
class Suite:
    """The rules of one mart."""

    name: str
    mart: str
    rules: tuple[Rule, ...]

    def sql(self, rule: Rule) -> str:
        """Return the SQL of the rows that break a rule, to be run on the candidate as it is."""
        return f"with mart as (select * from {self.mart}) select * from ({rule.finds})"


def impossible(name: str, condition: str, notes: str) -> Rule:
    """Expect no row of the mart that meets a condition."""
    return Rule(name, f"select * from mart where {condition}", notes)


def same_rows(key: str, expected: str, values: str, notes: str) -> Rule:
    """Expect the mart's rows to be the feed's, one for one, with the same values to the last place.

    Args:
        key: the columns that name a row, joined by commas.
        expected: the relation with the rows that the feed calls for.
        values: the columns that must be equal, joined by commas.
        notes: for whoever is woken up.
    """
    # Counted, because a row that is there twice is as wrong as one that is missing.
    return Rule(
        "rows_and_amounts_are_the_feeds",
        f"""
        with compared as (
            select {key}, {values}, 1 as copies from mart
            union all
            select {key}, {values}, -1 as copies from {expected}
        )
        select {key}, {values}, sum(copies) as too_many_in_the_marts
        from compared group by all having sum(copies) <> 0
        """,
        notes,
    )


def fresh(date: str) -> Rule:
    """Suspect a mart that has been silent for longer than ever in its last 28 days with rows."""
    return Rule(
        "is_as_fresh_as_usual",
        f"""
        with days as (
            select distinct {date} as day from mart order by day desc limit {LOADS_COMPARED}
        ),
        gaps as (
            select day, day - lag(day) over (order by day) as gap from days
        )
        select max(day) as newest_day, any_value(as_of) as as_of, max(gap) as longest_gap
        from gaps, expected.settings
        having count(*) > {LOADS_NEEDED} and any_value(as_of) - max(day) > max(gap) + 1
        """,
        "The newest rows are older than this feed's longest pause so far: ask whoever delivers it "
        "whether the export still runs.",
        WARNING,
    )


def usual_volume(mart: str) -> Rule:
    """Suspect a load that brought far more or fewer rows a day than the last 28 loads.

    Loads are compared with those of the same weekday: a shop that rests on Sundays is no news.
    """
    return Rule(
        "grows_as_in_the_last_28_loads",
        f"""
        with loads as (
            select as_of, mart_rows from expected.mart_rows where mart = '{mart}'
            union all
            select as_of, (select count(*) from mart) from expected.settings
        ),
        growth as (
            select
                as_of,
                (mart_rows - lag(mart_rows) over by_day)
                    / cast(as_of - lag(as_of) over by_day as double) as rows_a_day
            from loads
            window by_day as (order by as_of)
        ),
        usual as (
            select
                median(rows_a_day) as usual_rows_a_day,
                mad(rows_a_day) as spread,
                count(rows_a_day) as loads_compared
            from growth
            where as_of < (select as_of from expected.settings)
                and isodow(as_of) = (select isodow(as_of) from expected.settings)
        )
        select growth.as_of, growth.rows_a_day, usual.*
        from growth, usual
        where growth.as_of = (select as_of from expected.settings)
            and loads_compared >= {LOADS_NEEDED}
            and abs(rows_a_day - usual_rows_a_day)
                > greatest(10, usual_rows_a_day / 2, 5 * spread)
        """,
        "This load brought far more or fewer rows a day than earlier ones: compare the newest "
        "delivery with the source before trusting yesterday's numbers.",
        WARNING,
    )

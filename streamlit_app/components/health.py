"""Health: what was delivered, what counts, and what did not fit, as the marts tell it."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from reporting.marts import Report

# Where the rows of a feed are, and the day on which they count.
DATED = {
    "ad_spend": ("core.ad_spend", "spend_date"),
    "leads": ("core.leads", "lead_date"),
    "lead_activities": ("core.lead_activities", "activity_date"),
    "orders": ("core.orders", "order_date"),
    "loyalty_events": ("core.loyalty_events", "event_date"),
    "process_costs": ("core.process_costs", "period_start"),
    "kpi_targets": ("core.kpi_targets", "period_start"),
    "fx_rates": ("core.fx_rates", "rate_date"),
}
EXAMPLES = 200


@dataclass(frozen=True)
class Wanted:
    """Which deliveries a visitor wants to see; `""` is all of them."""

    feed: str
    source: str
    grain: str
    since: date
    until: date


def sources(report: Report, wanted: Wanted) -> pa.Table:
    """Return each source of each feed: how fresh, and how its rows were used."""
    return report.table(
        """
        select
            sources.feed, sources.source, sources.connector, sources.fresh_until,
            rows.read as rows_read, rows.current as rows_current,
            rows.superseded as rows_superseded, rows.after_as_of as rows_after_as_of,
            rows.quarantined as rows_quarantined, sources.last_loaded_at, sources.new_columns,
            sources.refused_reason
        from ops.sources as sources
        left join ops.rows as rows
            on rows.feed = sources.feed and rows.source = sources.source
        where ($1 = '' or sources.feed = $1) and ($2 = '' or sources.source = $2)
        order by sources.feed, sources.source
        """,
        wanted.feed,
        wanted.source,
    )


def rows_by_period(report: Report, wanted: Wanted) -> pa.Table:
    """Return how many rows of a feed count in each period: a gap is a day without data."""
    table, day = DATED[wanted.feed]
    return report.table(
        f"""
        select cast(date_trunc($1, {day}) as date) as period_start, _source as source,
            count(*) as rows
        from {table}
        where {day} between $2 and $3 and ($4 = '' or _source = $4)
        group by all order by period_start, source
        """,  # noqa: S608 - the names come from the table above, not from a visitor
        wanted.grain,
        wanted.since,
        wanted.until,
        wanted.source,
    )


def reasons(report: Report, wanted: Wanted) -> pa.Table:
    """Return why rows did not fit, most frequent first."""
    parts = [
        f"select '{feed}' as feed, _source as source, _reason as reason, count(*) as rows "  # noqa: S608
        f"from quarantine.{feed} group by all"
        for feed in DATED
    ]
    return report.table(
        f"select * from ({' union all '.join(parts)}) "  # noqa: S608 - names of feeds only
        "where ($1 = '' or feed = $1) and ($2 = '' or source = $2) "
        "order by rows desc, feed, source, reason",
        wanted.feed,
        wanted.source,
    )


def quarantined(report: Report, wanted: Wanted) -> pa.Table:
    """Return examples of a feed's rows that did not fit, with their place."""
    return report.table(
        f"""
        select _reason as reason, _source as source, _file as file, _line as line,
            * exclude (_reason, _source, _file, _line, _delivery)
        from quarantine.{wanted.feed}
        where $1 = '' or _source = $1
        order by _source, _file, _line limit {EXAMPLES}
        """,  # noqa: S608 - the feed is one of ours
        wanted.source,
    )


def orders_without_cost(report: Report) -> tuple[int, int]:
    """Return how many orders lack their cost of goods, which then counts as 0, and all orders."""
    row = report.rows(
        "select count(*) filter (where cost_of_goods is null) as without, count(*) as orders "
        "from core.orders where is_completed"
    )[0]
    return row["without"], row["orders"]


def audits(report: Report) -> pa.Table:
    """Return what the audit of this build expected, what was not met first."""
    return report.table(
        "select suite, expectation, severity, success, observed, failing_rows, notes "
        "from ops.audits order by success, suite, expectation"
    )


def loads(report: Report) -> pa.Table:
    """Return the steps of the loads that this build knows, the newest load first."""
    return report.table(
        "select load_id, through, step, source, started_at, seconds, outcome, message "
        "from ops.loads order by load_id desc, started_at"
    )


def restatements(report: Report, wanted: Wanted) -> pa.Table:
    """Return the published numbers of some dates that moved since, the largest move first."""
    return report.table(
        """
        select
            calendar_date, kpi, first_value, previous_value, value_now, change, times_moved,
            first_published_at, moved_at, moved_by, reason
        from kpi.restatements
        where times_moved > 0 and calendar_date between $1 and $2
        order by abs(change) desc, calendar_date desc, kpi
        """,
        wanted.since,
        wanted.until,
    )

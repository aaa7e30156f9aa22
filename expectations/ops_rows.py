"""ops.rows: every row that was read is current, superseded, after as-of or quarantined."""

from expectations.rule import Rule
from marketing_warehouse.feeds import FEEDS

_HELD = " union all ".join(
    f"""
    select '{feed}' as feed, _source as source, 1 as current, 0 as quarantined from core.{feed}
    union all
    select '{feed}', _source, 0, 1 from quarantine.{feed}
    """
    for feed in FEEDS
)

RULES = (
    Rule(
        "every_row_read_is_accounted_for",
        """
        select * from mart
        where read is distinct from current + superseded + after_as_of + quarantined
            or least(read, current, superseded, after_as_of, quarantined) < 0
        """,
        "Rows got lost or were counted twice between landing and the marts: compare ops.rows with "
        "raw.deliveries for that source.",
    ),
    Rule(
        "every_row_of_every_delivery_is_read",
        """
        with delivered as (
            select feed, source, sum(rows_read) as rows_read
            from raw.raw.deliveries where status = 'loaded' group by all
        )
        select feed, source, delivered.rows_read, mart.read
        from delivered full join mart using (feed, source)
        where coalesce(delivered.rows_read, 0) is distinct from coalesce(mart.read, 0)
        """,
        "A delivery was loaded that the marts do not know of: run the build again.",
    ),
    Rule(
        "every_delivery_in_landing_was_loaded",
        """
        select delivery from expected.landed
        where delivery not in (select delivery from raw.raw.deliveries)
        """,
        "A delivery was landed and then passed over, so the marts depend on when it came: run the "
        "load again.",
    ),
    Rule(
        "a_row_delivered_again_is_kept_once",
        "select * from expected.rows_kept where rows_kept <> versions",
        "The marts depend on how often a file was delivered: raw.duckdb holds the same version of "
        "a row twice; move it away and load again, landing holds all that was delivered.",
    ),
    Rule(
        "every_row_counted_is_in_core_or_in_quarantine",
        f"""
        with held as (
            select feed, source, sum(current) as current, sum(quarantined) as quarantined
            from ({_HELD}) group by all
        )
        select
            feed, source, mart.current, held.current as in_core,
            mart.quarantined, held.quarantined as in_quarantine
        from mart full join held using (feed, source)
        where coalesce(mart.current, 0) <> coalesce(held.current, 0)
            or coalesce(mart.quarantined, 0) <> coalesce(held.quarantined, 0)
        """,
        "Rows are counted that nobody can find: compare core and quarantine with ops.rows for that "
        "source.",
    ),
)

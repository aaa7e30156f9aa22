"""ops.rows: every row that was read is current, superseded, after as-of or quarantined."""

from expectations.rule import Rule

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
)

"""ops.sources: what is said of each source's freshness is so, and whether one was left out."""

from expectations.rule import WARNING, Rule, impossible

RULES = (
    Rule(
        "every_source_that_delivered_is_told_of",
        """
        select distinct deliveries.feed, deliveries.source
        from raw.raw.deliveries as deliveries
        left join mart on mart.source = deliveries.source and mart.feed = deliveries.feed
        where deliveries.status in ('loaded', 'refused') and mart.source is null
        """,
        "The page on the data's health hides a source: look at the model of sources.",
    ),
    impossible(
        "nothing_is_fresher_than_as_of",
        "fresh_until > (select as_of from expected.settings)",
        "The marts hold rows of days that were not asked for: run the build again.",
    ),
    Rule(
        "no_source_was_left_out",
        "select source, feed, refused_reason from mart where refused_reason is not null",
        "The newest delivery of a source was refused, so its numbers stand still: the reason says "
        "what to mend.",
        WARNING,
    ),
)

"""core.kpi_targets: the targets that the business set, as it set them."""

from expectations.rule import same_rows

RULES = (
    same_rows(
        "kpi, dimension, member, period_start, period_end",
        "expected.kpi_targets",
        "target",
        "KPIs are compared with targets that nobody set: compare the rows kept with the deliveries "
        "of targets.",
    ),
)

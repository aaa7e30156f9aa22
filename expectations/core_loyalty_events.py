"""core.loyalty_events: every event once, and every cent of what it cost."""

from expectations.rule import fresh, impossible, same_rows, usual_volume

RULES = (
    same_rows(
        "event_id",
        "expected.loyalty_events",
        "happened_at, event_date, event, points, cost, cost_converted, program, tier",
        "Loyalty events of the feed are missing, doubled or altered in the marts: compare the rows "
        "kept with the deliveries of loyalty events.",
    ),
    impossible(
        "nothing_happens_after_as_of_or_costs_less_than_nothing",
        "event_date > (select as_of from expected.settings) or cost < 0 or cost_converted < 0",
        "An event that lies in the future or brings money in cannot be: the build let through "
        "what belongs in quarantine.",
    ),
    fresh("event_date"),
    usual_volume("core.loyalty_events"),
)

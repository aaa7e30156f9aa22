"""core.lead_activities: every activity of the sellers once."""

from expectations.rule import WARNING, Rule, fresh, impossible, same_rows, usual_volume

RULES = (
    same_rows(
        "activity_id",
        "expected.lead_activities",
        "lead_id, happened_at, activity_date, activity, employee, reason",
        "Activities of the feed are missing, doubled or altered in the marts: compare the rows "
        "kept with the deliveries of lead activities.",
    ),
    impossible(
        "nothing_happens_after_as_of",
        "activity_date > (select as_of from expected.settings)",
        "The marts hold activities of days that were not asked for: run the build again.",
    ),
    Rule(
        "most_activities_name_a_known_lead",
        """
        select count(*) as activities, count(*) - count(leads.lead_id) as without_lead
        from mart left join core.leads as leads on leads.lead_id = mart.lead_id
        having count(leads.lead_id) < 0.9 * count(*)
        """,
        "One activity in ten names a lead that nobody knows: the sources of leads and activities "
        "may count their ids differently (`ids:` in business.yml).",
        WARNING,
    ),
    fresh("activity_date"),
    usual_volume("core.lead_activities"),
)

"""core.leads: every contact once, and what is said of a lead is not at odds with itself."""

from expectations.rule import Rule, fresh, impossible, same_rows, usual_volume

RULES = (
    same_rows(
        "lead_id",
        "expected.leads",
        "created_at, lead_date, lead_event, method, campaign_id, customer_id, is_decision_maker, "
        "country, employee, unit",
        "Contacts of the feed are missing, doubled or altered in the marts: compare the rows kept "
        "with the deliveries of leads.",
    ),
    Rule(
        "an_explicit_act_makes_a_lead_or_a_duplicate",
        """
        select lead_id, mart.lead_event, mart.is_lead, mart.is_duplicate, leads.is_explicit
        from mart inner join expected.leads as leads using (lead_id)
        where (mart.is_lead or mart.is_duplicate) is distinct from leads.is_explicit
            or (mart.is_lead and mart.is_duplicate)
            or (mart.counted_lead_id is not null) is distinct from leads.is_explicit
        """,
        "A contact counts as a lead that is none, or the other way round: look at lead_events in "
        "business.yml and at the model of counted leads.",
    ),
    Rule(
        "a_duplicate_repeats_an_earlier_lead_of_its_person",
        """
        select mart.lead_id, mart.counted_lead_id, mart.person_key, counted.created_at
        from mart left join core.leads as counted on counted.lead_id = mart.counted_lead_id
        where mart.counted_lead_id is not null
            and (
                counted.is_lead is distinct from true
                or counted.person_key is distinct from mart.person_key
                or counted.created_at > mart.created_at
                or mart.is_lead is distinct from (mart.counted_lead_id = mart.lead_id)
            )
        """,
        "Leads are counted as repeats of something else, so leads and their costs are wrong: look "
        "at identities and at the model of counted leads.",
    ),
    impossible(
        "verdicts_and_deeds_agree",
        "is_qualified is distinct from (cut_by is null) "
        "or (is_ignored and not (is_lead and is_qualified)) "
        "or (is_wasted and (is_qualified or not is_lead)) "
        "or first_activity_at < created_at",
        "A lead is said to be cut and qualified, or ignored and worked on, at once: look at the "
        "model of lead outcomes.",
    ),
    impossible(
        "nothing_happens_after_as_of",
        "lead_date > (select as_of from expected.settings)",
        "The marts hold leads of days that were not asked for: run the build again.",
    ),
    fresh("lead_date"),
    usual_volume("core.leads"),
)

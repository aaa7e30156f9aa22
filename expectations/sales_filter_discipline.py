"""sales.filter_discipline: under each criterion stands every lead once, with what became of it."""

from expectations.reconciliation import in_rows, same_amounts
from expectations.rule import Rule, impossible

MEASURES = {name: name for name in ("leads", "ignored_leads", "wasted_leads", "gross_profit")}
LEAD_KEY = "lead_month, unit, employee, method, became_customer"

# Every counted lead of core, with what its customers brought so far.
CORE_LEADS = """
    (
        select
            leads.lead_id,
            cast(date_trunc('month', leads.lead_date) as date) as lead_month,
            coalesce(leads.unit, '(none)') as unit,
            coalesce(leads.employee, '(none)') as employee,
            leads.method,
            leads.cut_by,
            leads.first_activity_at,
            leads.is_ignored,
            count(customers.person_key) > 0 as became_customer,
            1 as leads,
            cast(leads.is_ignored as int) as ignored_leads,
            cast(leads.is_wasted as int) as wasted_leads,
            coalesce(sum(customers.gross_profit), 0) as gross_profit
        from core.leads as leads
        left join core.customers as customers on customers.lead_id = leads.lead_id
        where leads.is_lead
        group by all
    )
"""
# Also where the mart has no row at all.
CRITERIA = "(select '(whole filter)' as criterion union select criterion from mart)"

RULES = (
    same_amounts(
        "every_criterion_holds_every_lead_of_core",
        f"criterion, {LEAD_KEY}",
        in_rows(f"criterion, {LEAD_KEY}", MEASURES),
        in_rows(
            f"criterion, {LEAD_KEY}",
            MEASURES,
            f"{CORE_LEADS}, {CRITERIA}",
        ),
        "Leads, or the profit of their customers, are missing under a criterion or stand there "
        "twice: look at the verdicts of counted leads and at the model of this mart.",
    ),
    same_amounts(
        "a_criterion_cuts_the_leads_that_core_says",
        f"criterion, {LEAD_KEY}",
        in_rows(f"criterion, {LEAD_KEY}", MEASURES, "(select * from mart where verdict = 'cut')"),
        " union all ".join(
            in_rows(
                f"{criterion} as criterion, {LEAD_KEY}",
                MEASURES,
                f"(select * from {CORE_LEADS} where cut_by is not null)",
            )
            for criterion in ("cut_by", "'(whole filter)'")
        ),
        "The filter is said to cut other leads than core.leads says: look at the verdicts of "
        "counted leads.",
    ),
    # Core knows of qualified leads alone whether a call came in time.
    Rule(
        "what_was_done_is_told_by_the_activities",
        f"""
        with deeds as (
            select
                leads.counted_lead_id as lead_id,
                bool_or(activity = 'offer') as has_offer,
                bool_or(activity = 'meeting') as has_meeting
            from core.lead_activities as activities
            inner join core.leads as leads on leads.lead_id = activities.lead_id
            where leads.counted_lead_id is not null
            group by all
        ),
        told as (
            select
                case
                    when has_offer then 'offer'
                    when has_meeting then 'meeting'
                    when first_activity_at is null then 'nothing'
                    when is_ignored then 'contacted_late'
                    when cut_by is not null then 'contacted'
                    else 'contacted_in_time'
                end as done,
                cut_by is not null as is_cut,
                count(*) as leads
            from {CORE_LEADS} left join deeds using (lead_id)
            group by all
        ),
        shown as (
            select
                case
                    when verdict = 'cut' and done in ('contacted_late', 'contacted_in_time')
                        then 'contacted' else done
                end as done,
                verdict = 'cut' as is_cut,
                sum(leads) as leads
            from mart where criterion = '(whole filter)' group by all
        )
        select done, is_cut, shown.leads as in_the_mart, told.leads as told_by_the_activities
        from shown full join told using (done, is_cut)
        where shown.leads is distinct from told.leads
        """,
        "The team is said to have done more or less than its activities tell: look at the model "
        "of lead outcomes.",
    ),
    impossible(
        "nothing_is_out_of_range",
        """
        lead_month > (select as_of from expected.settings)
        or lead_month <> date_trunc('month', lead_month)
        or leads < 1 or least(ignored_leads, wasted_leads) < 0
        or ignored_leads + wasted_leads > leads
        or (ignored_leads > 0 and done = 'contacted_in_time')
        or (wasted_leads > 0 and done not in ('meeting', 'offer'))
        or (ignored_leads > 0 and verdict in ('cut', 'also_failed'))
        or (criterion = '(whole filter)' and verdict not in ('passed', 'cut'))
        or (criterion = '(whole filter)' and verdict = 'passed' and wasted_leads > 0)
        or (gross_profit <> 0 and not became_customer)
        """,
        "A row contradicts itself: cut leads that were ignored, passed ones that were wasted, or "
        "profit of nobody.",
    ),
)

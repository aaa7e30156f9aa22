"""acquisition.campaigns_daily: every contact and every cent stands on its campaign."""

from expectations.acquisition_methods_daily import RATES
from expectations.reconciliation import in_rows, of_scorecard, quotients_of_parts, same_amounts
from expectations.rule import impossible

COUNTS = ("contacts", "leads", "duplicate_leads", "quality_leads", "impressions", "clicks")
IN_SCORECARD = {name: name for name in (*COUNTS, "ad_spend", "acquisition_cost")}

OF_LEADS = {
    "contacts": "1",
    "leads": "cast(is_lead as int)",
    "duplicate_leads": "cast(is_duplicate as int)",
    "quality_leads": "cast(is_lead and is_quality as int)",
}
OF_ADS = {"impressions": "impressions", "clicks": "clicks", "ad_spend": "amount"}
IN_CORE = " union all ".join(
    (
        in_rows(
            "lead_date as day, method, coalesce(campaign_id, '(none)') as campaign",
            OF_LEADS,
            "core.leads",
        ),
        in_rows(
            "spend_date as day, method, coalesce(nullif(campaign_id, ''), '(none)') as campaign",
            OF_ADS,
            "core.ad_spend",
        ),
        in_rows(
            "cost_date as day, method, '(no campaign)' as campaign",
            {"process_cost": "amount"},
            "(select * from core.process_cost_shares where process = 'acquisition')",
        ),
    )
)

RULES = (
    same_amounts(
        "days_methods_and_campaigns_are_those_of_core",
        "day, method, campaign",
        in_rows(
            "calendar_date as day, method, campaign",
            {name: name for name in (*OF_LEADS, *OF_ADS, "process_cost")},
        ),
        IN_CORE,
        "Contacts or money of core are not on their campaign, or more than once: look at the "
        "model of acquisition's measures for the days kept.",
    ),
    same_amounts(
        "days_and_campaigns_are_the_scorecard_s",
        "period_start, member",
        in_rows("calendar_date as period_start, campaign as member", IN_SCORECARD),
        of_scorecard("day", "campaign", IN_SCORECARD),
        "This table and the scorecard tell two stories of the same day and campaign: look at the "
        "models of measures and of this mart.",
    ),
    quotients_of_parts(RATES),
    impossible(
        "nothing_is_out_of_range",
        f"""
        calendar_date > (select as_of from expected.settings)
        or least({", ".join(COUNTS)}) < 0
        or quality_leads > leads
        or acquisition_cost <> ad_spend + process_cost
        or (process_cost <> 0 and campaign <> '(no campaign)')
        """,
        "A number cannot be: a part above its whole, a count below 0, a campaign that pays for "
        "what is no ad, or a day that was not asked for.",
    ),
)

"""Do the suites of the marts of acquisition and sales catch one that was tampered with?"""

import duckdb
import pytest

from tests.expectations.tampering import failing_rows, tamper


def one_row(mart: str, change: str, condition: str) -> str:
    """Return the SQL that changes the first row of a mart that meets a condition."""
    first = f"select min(rowid) from {mart} where {condition}"
    return f"update {mart} set {change} where rowid = ({first})"


# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a method without a cent of its ads",
        one_row(
            "acquisition.methods_daily",
            "ad_spend = ad_spend - 0.01, acquisition_cost = acquisition_cost - 0.01",
            "ad_spend > 1",
        ),
        "acquisition_methods_daily.every_day_adds_up_to_the_feeds",
    ),
    (
        "a method's day that is not there",
        """
        delete from acquisition.methods_daily
        where calendar_date = date '2026-10-01' and net_revenue > 0
        """,
        "acquisition_methods_daily.every_day_adds_up_to_the_feeds",
    ),
    (
        "leads of another method",
        "update acquisition.methods_daily set method = 'rumour' where method = 'google_ads'",
        "acquisition_methods_daily.days_and_methods_are_the_scorecard_s",
    ),
    (
        "a qualified lead that nobody counted",
        one_row(
            "acquisition.methods_daily",
            "qualified_leads = qualified_leads - 1",
            "qualified_leads > 0",
        ),
        "acquisition_methods_daily.days_and_methods_are_the_scorecard_s",
    ),
    (
        "a cost per lead of no lead",
        "update acquisition.methods_daily set cost_per_lead = 0 where leads = 0",
        "acquisition_methods_daily.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "a click that costs nothing",
        "update acquisition.methods_daily set cost_per_click = 0 where clicks > 0",
        "acquisition_methods_daily.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "more good leads than leads",
        "update acquisition.methods_daily set quality_leads = leads + 1",
        "acquisition_methods_daily.nothing_is_out_of_range",
    ),
    (
        "a method's day of tomorrow",
        one_row("acquisition.methods_daily", "calendar_date = date '2026-11-01'", "true"),
        "acquisition_methods_daily.nothing_is_out_of_range",
    ),
    (
        "a campaign without a cent of its ads",
        one_row(
            "acquisition.campaigns_daily",
            "ad_spend = ad_spend - 0.01, acquisition_cost = acquisition_cost - 0.01",
            "ad_spend > 1",
        ),
        "acquisition_campaigns_daily.days_methods_and_campaigns_are_those_of_core",
    ),
    (
        "contacts of another campaign",
        one_row("acquisition.campaigns_daily", "campaign = 'rumour'", "contacts > 0"),
        "acquisition_campaigns_daily.days_methods_and_campaigns_are_those_of_core",
    ),
    (
        "a campaign that the scorecard does not know",
        one_row("acquisition.campaigns_daily", "campaign = 'rumour'", "leads > 0"),
        "acquisition_campaigns_daily.days_and_campaigns_are_the_scorecard_s",
    ),
    (
        "a campaign's cost per lead of no lead",
        "update acquisition.campaigns_daily set cost_per_lead = 0 where leads = 0",
        "acquisition_campaigns_daily.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "a campaign that pays for what is no ad",
        one_row(
            "acquisition.campaigns_daily",
            "process_cost = process_cost + 1, acquisition_cost = acquisition_cost + 1",
            "campaign <> '(no campaign)'",
        ),
        "acquisition_campaigns_daily.nothing_is_out_of_range",
    ),
    (
        "a lead of another seller",
        one_row("sales.employees_monthly", "employee = 'Somebody Else'", "leads > 0"),
        "sales_employees_monthly.months_and_members_are_the_scorecard_s",
    ),
    (
        "a seller without a cent of what was sold",
        one_row("sales.employees_monthly", "gross_sold = gross_sold - 0.01", "gross_sold > 1"),
        "sales_employees_monthly.months_and_members_are_the_scorecard_s",
    ),
    (
        "a seller who called a minute earlier",
        one_row(
            "sales.employees_monthly",
            "hours_to_first_contact = hours_to_first_contact - 1 / 60",
            "hours_to_first_contact > 1",
        ),
        "sales_employees_monthly.waiting_times_are_those_of_core",
    ),
    (
        "a customer who was won at an unknown time",
        one_row("sales.employees_monthly", "days_to_customer = null", "days_to_customer > 1"),
        "sales_employees_monthly.waiting_times_are_those_of_core",
    ),
    (
        "sellers who ignore nobody",
        "update sales.employees_monthly set ignored_lead_rate = 0 where ignored_leads > 0",
        "sales_employees_monthly.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "a rate of nothing that is called 0",
        "update sales.employees_monthly set wasted_lead_rate = 0 where cut_leads = 0",
        "sales_employees_monthly.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "a lead that is neither qualified nor cut",
        one_row("sales.employees_monthly", "leads = leads + 1", "leads > 0"),
        "sales_employees_monthly.nothing_is_out_of_range",
    ),
    (
        "a seller's month to come",
        one_row("sales.employees_monthly", "month = date '2026-11-01'", "true"),
        "sales_employees_monthly.nothing_is_out_of_range",
    ),
    (
        "a running month that is called mature",
        """
        update sales.employees_monthly set is_mature = true where month = date '2026-10-01'
        """,
        "sales_employees_monthly.a_month_is_mature_when_its_days_have_passed",
    ),
    (
        "a criterion that has lost a lead",
        one_row("sales.filter_discipline", "leads = leads - 1", "leads > 1"),
        "sales_filter_discipline.every_criterion_holds_every_lead_of_core",
    ),
    (
        "a filter that nobody was judged by",
        "delete from sales.filter_discipline",
        "sales_filter_discipline.every_criterion_holds_every_lead_of_core",
    ),
    (
        "customers who brought a cent less",
        one_row(
            "sales.filter_discipline", "gross_profit = gross_profit - 0.01", "gross_profit > 1"
        ),
        "sales_filter_discipline.every_criterion_holds_every_lead_of_core",
    ),
    (
        "leads cut by the second criterion that the first had cut",
        """
        update sales.filter_discipline set verdict = 'cut'
        where criterion <> '(whole filter)' and verdict = 'also_failed'
        """,
        "sales_filter_discipline.a_criterion_cuts_the_leads_that_core_says",
    ),
    (
        "cut leads that are said to have passed",
        """
        update sales.filter_discipline set verdict = 'passed'
        where criterion = '(whole filter)' and verdict = 'cut'
        """,
        "sales_filter_discipline.a_criterion_cuts_the_leads_that_core_says",
    ),
    (
        "offers that nobody made",
        "update sales.filter_discipline set done = 'offer' where done = 'meeting'",
        "sales_filter_discipline.what_was_done_is_told_by_the_activities",
    ),
    (
        "late calls that came in time",
        """
        update sales.filter_discipline set done = 'contacted_in_time'
        where done = 'contacted_late' and verdict = 'passed'
        """,
        "sales_filter_discipline.what_was_done_is_told_by_the_activities",
    ),
    (
        "a wasted lead that was never met",
        one_row("sales.filter_discipline", "done = 'nothing'", "wasted_leads > 0"),
        "sales_filter_discipline.nothing_is_out_of_range",
    ),
    (
        "a lead of next month",
        one_row("sales.filter_discipline", "lead_month = date '2026-11-01'", "true"),
        "sales_filter_discipline.nothing_is_out_of_range",
    ),
]


@pytest.mark.parametrize(
    ("tampering", "title"),
    [(sql, title) for _, sql, title in TAMPERED],
    ids=[sentence.replace(" ", "_") for sentence, _, _ in TAMPERED],
)
def test_a_tampered_mart_is_caught(
    candidate: duckdb.DuckDBPyConnection, tampering: str, title: str
) -> None:
    tamper(candidate, tampering)

    assert failing_rows(candidate, title) > 0

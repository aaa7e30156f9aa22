"""Do the suites of retention and of what builds on it catch a bad mart?"""

import duckdb
import pytest

from tests.expectations.tampering import failing_rows, tamper

ONE_AMOUNT = "calendar_date = date '2026-09-15' and kpi = 'revenue'"
ONE_COHORT = """
    rowid = (select min(rowid) from kpi.unit_economics where customers > 1 and retention_cost > 0)
"""
ONE_COHORT_MONTH = "cohort_month = date '2026-08-01' and months_since = 1"
ONE_MONTH = "month = date '2026-09-01'"
MOVED = "times_moved = 1, moved_by = 'x', moved_at = first_published_at"

# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a day's revenue without a cent",
        f"update kpi.restatements set value_now = value_now - 0.01 where {ONE_AMOUNT}",
        "kpi_restatements.values_now_are_those_of_the_feeds",
    ),
    (
        "an amount that adds up to nothing",
        f"update kpi.restatements set kpi = 'customer_base' where {ONE_AMOUNT}",
        "kpi_restatements.values_now_are_those_of_the_feeds",
    ),
    (
        "a day of which nothing is told",
        f"delete from kpi.restatements where {ONE_AMOUNT}",
        "kpi_restatements.every_day_of_the_scorecard_has_its_amounts",
    ),
    (
        "another first value than readers saw",
        f"update kpi.restatements set first_value = first_value + 1 where {ONE_AMOUNT}",
        "kpi_restatements.what_was_published_is_not_forgotten",
    ),
    (
        "a move of a day that did not move",
        f"update kpi.restatements set {MOVED}, reason = 'rows' where {ONE_AMOUNT}",
        "kpi_restatements.what_was_published_is_not_forgotten",
    ),
    (
        "a day that has moved without a reason",
        f"update kpi.restatements set {MOVED}, reason = null where {ONE_AMOUNT}",
        "kpi_restatements.a_move_says_by_whom_when_and_why",
    ),
    (
        "a change of a day that did not move",
        f"update kpi.restatements set change = 1 where {ONE_AMOUNT}",
        "kpi_restatements.a_move_says_by_whom_when_and_why",
    ),
    (
        "a day before as-of without a value",
        f"update kpi.restatements set value_now = null where {ONE_AMOUNT}",
        "kpi_restatements.a_day_has_a_value_up_to_as_of_and_none_after",
    ),
    (
        "a customer of another month",
        f"update kpi.unit_economics set customers = customers + 1 where {ONE_COHORT}",
        "kpi_unit_economics.months_and_methods_are_the_scorecard_s",
    ),
    (
        "a method without its costs",
        "delete from kpi.unit_economics where customers = 0 and sales_cost > 0",
        "kpi_unit_economics.months_and_methods_are_the_scorecard_s",
    ),
    (
        "a lost cent of a cohort's revenue",
        f"update kpi.unit_economics set net_revenue = net_revenue - 0.01 where {ONE_COHORT}",
        "kpi_unit_economics.sales_to_date_are_those_of_the_customers_in_core",
    ),
    (
        "a cohort that nobody pays for keeping",
        f"update kpi.unit_economics set whole_cost = winning_cost where {ONE_COHORT}",
        "kpi_unit_economics.cohorts_pay_back_as_the_scorecard_says",
    ),
    (
        "a cohort that pays back at once",
        "update kpi.unit_economics set payback_months = 1 where payback_months is null",
        "kpi_unit_economics.cohorts_pay_back_as_the_scorecard_says",
    ),
    (
        "a cost per customer of nobody",
        "update kpi.unit_economics set cost_per_customer = 0 where customers = 0",
        "kpi_unit_economics.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "a cost that is no sum of its parts",
        f"update kpi.unit_economics set winning_cost = winning_cost + 1 where {ONE_COHORT}",
        "kpi_unit_economics.nothing_is_out_of_range",
    ),
    (
        "a month that is observed for longer than it has been",
        f"update kpi.unit_economics set months_observed = 99 where {ONE_COHORT}",
        "kpi_unit_economics.nothing_is_out_of_range",
    ),
    (
        "a person who is active in no order",
        f"""
        update retention.cohorts_monthly set active_people = active_people + 1
        where {ONE_COHORT_MONTH}
        """,
        "retention_cohorts_monthly.cohorts_are_those_of_core",
    ),
    (
        "people who came back a month too early",
        f"""
        update retention.cohorts_monthly set repeat_people = repeat_people + 1
        where {ONE_COHORT_MONTH}
        """,
        "retention_cohorts_monthly.cohorts_are_those_of_core",
    ),
    (
        "a cohort that is followed for too short",
        "delete from retention.cohorts_monthly where months_since = 2",
        "retention_cohorts_monthly.every_cohort_is_followed_up_to_as_of",
    ),
    (
        "a cohort that shrinks",
        f"update retention.cohorts_monthly set people = people - 1 where {ONE_COHORT_MONTH}",
        "retention_cohorts_monthly.every_cohort_is_followed_up_to_as_of",
    ),
    (
        "a cent that is not added up",
        f"""
        update retention.cohorts_monthly
        set cumulative_gross_profit = cumulative_gross_profit + 0.01 where {ONE_COHORT_MONTH}
        """,
        "retention_cohorts_monthly.sums_to_date_are_those_of_the_months",
    ),
    (
        "revenue per head of another cohort",
        f"""
        update retention.cohorts_monthly set revenue_per_head = revenue_per_head + 1
        where {ONE_COHORT_MONTH}
        """,
        "retention_cohorts_monthly.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "more active people than there are",
        f"update retention.cohorts_monthly set active_people = people + 1 where {ONE_COHORT_MONTH}",
        "retention_cohorts_monthly.nothing_is_out_of_range",
    ),
    (
        "a month that has not ended",
        f"update retention.cohorts_monthly set is_mature = false where {ONE_COHORT_MONTH}",
        "retention_cohorts_monthly.nothing_is_out_of_range",
    ),
    (
        "a base that the scorecard does not have",
        f"update retention.loyalty_monthly set customer_base = customer_base + 1 where {ONE_MONTH}",
        "retention_loyalty_monthly.months_are_the_scorecard_s",
    ),
    (
        "points that nobody earned",
        f"update retention.loyalty_monthly set points_earned = points_earned + 1 where {ONE_MONTH}",
        "retention_loyalty_monthly.what_happened_in_the_programme_is_the_feed_s",
    ),
    (
        "an enrolment that is not told",
        """
        update retention.loyalty_monthly set enrolled = enrolled - 1
        where enrolled = (select max(enrolled) from retention.loyalty_monthly)
        """,
        "retention_loyalty_monthly.what_happened_in_the_programme_is_the_feed_s",
    ),
    (
        "members among the others",
        f"""
        update retention.loyalty_monthly
        set active_members = active_members - 1, active_non_members = active_non_members + 1
        where {ONE_MONTH}
        """,
        "retention_loyalty_monthly.the_groups_are_those_of_core",
    ),
    (
        "revenue of the other group",
        f"""
        update retention.loyalty_monthly
        set revenue_of_members = revenue_of_members - 1,
            revenue_of_non_members = revenue_of_non_members + 1
        where {ONE_MONTH}
        """,
        "retention_loyalty_monthly.the_groups_are_those_of_core",
    ),
    (
        "a month that is not there",
        f"delete from retention.loyalty_monthly where {ONE_MONTH}",
        "retention_loyalty_monthly.every_month_up_to_as_of_is_there",
    ),
    (
        "a rate of members that is no quotient",
        f"update retention.loyalty_monthly set loyalty_member_rate = 0.5 where {ONE_MONTH}",
        "retention_loyalty_monthly.rates_are_the_quotients_of_what_stands_beside_them",
    ),
    (
        "more members than customers",
        f"""
        update retention.loyalty_monthly set loyalty_members = customer_base + 1
        where {ONE_MONTH}
        """,
        "retention_loyalty_monthly.nothing_is_out_of_range",
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

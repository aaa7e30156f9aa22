"""The oracle's costs, chain, cohorts, targets and intervals, worked out in comments."""

from datetime import date
from decimal import Decimal
from math import isclose

import pytest

from tests.oracle.costs import share_out, spread
from tests.oracle.feed_rows import (
    Card,
    activity,
    company,
    cost,
    lead,
    loyalty,
    order,
    rate,
)
from tests.oracle.money import rounded

ANNA = {"email": "anna@example.com"}
BEN = {"email": "ben@example.com"}
CARA = {"email": "cara@example.com"}


def test_halves_are_rounded_away_from_zero():
    assert rounded(Decimal("0.00005")) == Decimal("0.0001")
    assert rounded(Decimal("-0.00005")) == Decimal("-0.0001")
    assert rounded(Decimal("0.00004999")) == 0


def test_a_cost_is_spread_over_its_days_and_the_last_takes_the_rest():
    # 100 / 3 = 33.3333 a day; the last: 100 - 66.6666.
    amounts = [amount for _, amount in spread(Decimal(100), date(2025, 1, 1), date(2025, 1, 3))]
    assert amounts == [Decimal("33.3333"), Decimal("33.3333"), Decimal("33.3334")]


def test_the_largest_share_takes_the_rest_and_of_equals_the_smallest_by_code_point():
    even = {("b", "u", "e"): 1, ("Z", "u", "e"): 1, ("ă", "u", "e"): 1}
    # 0.0100 / 3 = 0.0033 each; 0.0001 is left for "Z", which stands before "b" and "ă".
    shares = share_out(Decimal("0.0100"), (None, "u", None), even)
    assert shares["Z", "u", "e"] == Decimal("0.0034")
    assert shares["b", "u", "e"] == shares["ă", "u", "e"] == Decimal("0.0033")
    # Of a credit note too the place with the most leads takes the rest: -1 = -0.6667 - 0.3333.
    credit = share_out(Decimal("-1"), (None, None, None), {("a", "u", "e"): 1, ("b", "u", "e"): 2})
    assert credit == {("a", "u", "e"): Decimal("-0.3333"), ("b", "u", "e"): Decimal("-0.6667")}


def test_costs_of_a_month_without_leads_stay_unallocated_and_named_parts_stay_named():
    made = company(
        "2025-02-28",
        leads=[lead("1", "2025-02-10T12:00:00Z", unit="north", employee="eva")],
        process_costs=[
            cost("a", "2025-01-01", "2025-01-31", "acquisition", "31"),
            cost("b", "2025-02-01", "2025-02-28", "acquisition", "28", method="fair"),
            cost("c", "2025-02-01", "2025-02-28", "sales", "56", unit="north"),
            cost("d", "2025-01-15", "2025-01-15", "sales", "-7", unit="north"),
        ],
    )

    card = Card(made)
    assert card.members("acquisition_cost", "2025-01-01", "method") == {"(unallocated)": 31}
    assert card.members("acquisition_cost", "2025-02-01", "method") == {"fair": 28}
    assert card.members("acquisition_cost", "2025-02-01", "campaign") == {"(no campaign)": 28}
    assert card.members("sales_cost", "2025-02-01", "employee") == {"eva": 56}
    assert card.members("sales_cost", "2025-01-01", "employee") == {"(unallocated)": -7}
    assert card.members("sales_cost", "2025-01-01", "unit") == {"north": -7}
    # 31 spent and no lead yet: a numerator without a value.
    row = card.row("cost_per_lead", "2025-01-01")
    assert (row.numerator, row.denominator, row.value) == (31, 0, None)
    assert card.members("cost_per_lead", "2025-02-01", "method") == {"fair": None, "search": 0}


def test_every_cent_of_the_ledger_is_in_every_dimension_up_to_as_of():
    made = company(
        "2025-03-10",
        fx_rates=[rate("2025-01-01", "RON", "4.9")],
        leads=[
            lead(str(n), f"2025-02-{n + 1:02d}T12:00:00Z", method=method, employee=employee)
            for n, (method, employee) in enumerate(
                (method, employee) for method in "abc" for employee in ("eva", "dan", "")
            )
        ],
        process_costs=[
            cost("1", "2025-02-01", "2025-02-28", "sales", "1000.01"),
            cost("2", "2025-02-03", "2025-02-05", "sales", "10", currency="RON", method="a"),
            cost("3", "2025-03-01", "2025-03-30", "sales", "300"),  # 10 a day, 10 days so far
        ],
    )

    card = Card(made, "sales_cost")
    # 1000.01 + 10 / 4.9 = 2.0408 + 100
    assert card.row("sales_cost", "2025-01-01", grain="year").numerator == Decimal("1102.0508")
    for dimension in ("method", "unit", "employee"):
        members = [
            row.numerator
            for key, row in card.rows.items()
            if key[0] == "year" and key[3] == dimension
        ]
        assert sum(members) == Decimal("1102.0508")


def a_chain():
    """Three leads and two customers of search in January, one of them back in March."""
    return company(
        "2026-03-31",
        leads=[
            lead("1", "2025-01-01T12:00:00Z", **ANNA),
            lead("2", "2025-01-02T12:00:00Z", **BEN),
            lead("3", "2025-01-03T12:00:00Z", **CARA),
        ],
        lead_activities=[
            activity("1", "1", "2025-01-01T11:00:00Z", "contacted"),  # before the lead
            activity("2", "1", "2025-01-01T14:00:00Z", "contacted"),  # 2 hours
            activity("3", "2", "2025-01-03T12:00:00Z", "meeting"),  # 24 hours: in time
            activity("4", "3", "2025-01-04T13:00:00Z", "contacted"),  # 25 hours: too late
        ],
        orders=[
            order("1", "2025-01-05T12:00:00Z", gross_amount="300", cost_of_goods="100", **ANNA),
            order("2", "2025-01-12T18:00:00Z", gross_amount="50", cost_of_goods="40", **BEN),
            order("3", "2025-04-05T12:00:00Z", gross_amount="100", cost_of_goods="40", **ANNA),
        ],
        ad_spend=[
            {
                "spend_date": "2025-01-01",
                "method": "search",
                "campaign_id": "c1",
                "currency": "EUR",
                "spend": "90",
                "impressions": "1000",
                "clicks": "30",
            }
        ],
        process_costs=[
            cost("1", "2025-01-01", "2025-01-31", "sales", "155"),
            cost("2", "2025-02-01", "2025-02-28", "retention", "28"),
            cost("3", "2026-03-01", "2026-03-31", "retention", "31"),
        ],
        loyalty_events=[loyalty("1", "2025-01-20T12:00:00Z", "reward", cost="6", **ANNA)],
    )


def test_the_chain_adds_up_what_a_customer_cost_and_brought():
    card = Card(a_chain())
    january = "2025-01-01"
    assert card.value("cost_per_lead", january) == 30  # 90 / 3
    assert card.value("cost_per_click", january) == 3
    assert card.value("click_through_rate", january) == 0.03
    assert card.value("lead_cost_per_customer", january) == 45  # 90 / 2
    assert card.value("sales_cost_per_customer", january) == 77.5  # 155 / 2
    assert card.value("retention_cost_per_customer", january) == 3  # 6 / 2
    assert card.value("total_cost_per_customer", january) == 125.5
    assert card.value("contribution", january) == -41  # 210 - 90 - 155 - 6
    assert card.value("total_cost_per_customer", "2025-02-01") is None  # nobody was won
    assert card.row("total_cost_per_customer", "2025-02-01").numerator is None
    assert isclose(card.value("lead_to_customer_rate", january), 2 / 3)
    # Anna 4 days, Ben 10.25 days
    assert card.value("days_to_customer", january) == 7.125
    assert card.value("hours_to_first_contact", january) == 24  # of 2, 24 and 25
    assert card.value("ignored_leads", january) == 1
    assert card.row("hours_to_first_contact", "2025-02-01").denominator == 0


def test_cohorts_follow_the_customers_of_their_period():
    card = Card(a_chain())
    january = "2025-01-01"
    # Anna came back after 26 + 28 + 31 + 5 = 90 days to the second, in UTC.
    assert card.value("customer_quality", january) == 0.5
    assert card.value("repeat_rate_90d", january) == 0.5
    assert card.value("repeat_rate_30d", january) == 0
    assert card.value("profit_90d_per_customer", january) == 135  # (200 + 10 + 60) / 2
    assert card.value("repeat_purchase_rate", january) == 0
    assert card.value("repeat_purchase_rate", "2025-04-01") == 0.5
    # Gross profit to date 270; cost 90 + 155, the loyalty's 6 of January (2 of 2 heads), February's
    # 28 (2 of 2); March 2026's 31 found Anna alone in the base (April 2025 is within 365 days).
    row = card.row("profit_to_cost", january)
    assert (row.numerator, row.denominator) == (270, 310)
    # After 1 to 3 months 210 of 245; the order of 5 April is before 1 January + 4 months.
    assert card.value("payback_months", january) == 4
    assert card.row("payback_months", january).denominator is None
    assert card.value("payback_months", "2025-02-01") is None


def test_a_cohort_is_mature_when_its_days_have_passed_and_a_running_period_never():
    made = company("2025-04-30", leads=[lead("1", "2025-01-30T12:00:00Z")])
    card = Card(made)
    # 31 January + 90 days = 1 May: one day too early. 30 January + 90 days = 30 April: mature.
    assert not card.row("lead_to_customer_rate", "2025-01-01").is_mature
    assert card.row("lead_to_customer_rate", "2025-01-30", grain="day").is_mature
    assert card.row("leads", "2025-04-01").is_mature
    assert not card.row("leads", "2025-01-01", grain="year").is_mature
    assert card.row("leads", "2025-01-01", grain="year").period_end == date(2025, 12, 31)


def test_the_narrowest_target_holds_and_a_count_has_only_its_periods_own():
    def target(kpi: str, first: str, last: str, amount: str) -> dict[str, str]:
        return {"kpi": kpi, "period_start": first, "period_end": last, "target": amount}

    made = company(
        "2025-02-14",
        leads=[lead("1", "2025-01-10T12:00:00Z"), lead("2", "2025-02-10T12:00:00Z")],
        kpi_targets=[
            target("leads", "2025-01-01", "2025-12-31", "12"),
            target("leads", "2025-01-01", "2025-01-31", "1"),
            target("cost_per_lead", "2025-01-01", "2025-12-31", "9"),
            target("filter_pass_rate", "2025-01-01", "2025-12-31", "0.9"),
            target("filter_pass_rate", "2025-01-01", "2025-03-31", "0.8"),
            target("sales_cost_per_customer", "2025-01-01", "2025-12-31", "80"),
        ],
    )

    card = Card(made)
    january = card.row("leads", "2025-01-01")
    assert (january.target, january.status) == (1, "on_target")
    assert card.row("leads", "2025-02-01").status == "no_target"
    assert card.row("leads", "2025-01-01", grain="year").status == "immature"
    assert card.row("cost_per_lead", "2025-01-01").status == "on_target"  # 0 is under 9
    assert card.row("filter_pass_rate", "2025-01-01").target == Decimal("0.8")
    assert card.row("filter_pass_rate", "2025-01-01", grain="year").target == Decimal("0.9")
    assert card.row("sales_cost_per_customer", "2025-01-01").status == "no_value"
    assert card.row("leads", "2025-02-01").previous_value == 1
    assert card.row("leads", "2025-01-01").previous_value == 0
    assert card.row("filter_pass_rate", "2025-01-01").previous_value is None


def test_a_proportion_has_its_wilson_interval():
    made = company(
        "2025-01-31",
        leads=[lead(str(n), "2025-01-10T12:00:00Z") for n in range(10)],
        orders=[
            order("1", "2025-01-11T12:00:00Z", lead_id="1", **ANNA),
            order("2", "2025-01-11T12:00:00Z", lead_id="2", **BEN),
        ],
    )

    row = Card(made).row("lead_to_customer_rate", "2025-01-01")
    # 2 of 10: the interval of Wilson's score, as tables print it: 0.0567 to 0.5098.
    assert row.low == pytest.approx(0.0567, abs=5e-5)
    assert row.high == pytest.approx(0.5098, abs=5e-5)
    assert row.is_small


def test_customers_after_two_orders_are_customers_from_the_second_on():
    made = company(
        "2025-12-31",
        settings={"customer_after": 2},
        leads=[lead("1", "2025-01-01T12:00:00Z", method="fair", **ANNA)],
        orders=[
            order("1", "2025-02-10T12:00:00Z", **ANNA),
            order("2", "2025-03-10T12:00:00Z", **ANNA),
            order("3", "2025-02-10T12:00:00Z", **BEN),
        ],
    )

    card = Card(made)
    assert card.members("new_customers", "2025-03-01", "method") == {"fair": 1}
    assert card.value("customer_base", "2025-02-01") == 0
    assert card.value("customer_base", "2025-03-01") == 1
    # Both bought in February; Anna's doings follow her lead, Ben is no customer.
    assert card.members("active_customers", "2025-02-01", "method") == {"fair": 1, "(no lead)": 1}
    assert card.value("customer_quality", "2025-03-01") == 0  # nothing further

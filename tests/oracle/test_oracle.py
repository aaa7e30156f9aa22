"""The oracle itself, on companies of a few rows whose numbers are worked out in comments."""

from datetime import date
from decimal import Decimal
from math import isclose

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
from tests.oracle.settings import Criterion

ANNA = {"email": "anna@example.com"}
BEN = {"email": "ben@example.com"}


def test_a_lead_less_than_30_days_after_the_previous_one_repeats_it_and_chains():
    # 1 → 2: 29.9 days, a repeat. 2 → 3: 29.9 days, a repeat of a repeat, though 59.8 after 1.
    # 3 → 4: exactly 30.0 days, so a lead of its own.
    made = company(
        "2025-12-31",
        leads=[
            lead("1", "2025-01-01T00:00:00Z", **ANNA),
            lead("2", "2025-01-30T21:36:00Z", **ANNA),
            lead("3", "2025-03-01T19:12:00Z", email=" ANNA@example.com "),
            lead("4", "2025-03-31T19:12:00Z", **ANNA),
        ],
        lead_activities=[activity("a", "3", "2025-03-02T00:00:00Z", "contacted")],
    )

    counted = {lead_id: own.counted_lead_id for lead_id, own in made.leads.items()}
    assert counted == {"1": "1", "2": "1", "3": "1", "4": "4"}
    # What was done for the repeat was done for the lead that it repeats.
    assert made.leads["1"].first_activity_at is not None
    card = Card(made, "leads", "duplicate_leads", "contacts")
    assert card.value("contacts", "2025-01-01", grain="year") == 4
    assert card.value("leads", "2025-01-01", grain="year") == 2
    assert card.value("duplicate_leads", "2025-01-01", grain="year") == 2


def test_a_contact_that_is_no_lead_neither_counts_nor_makes_a_duplicate():
    made = company(
        "2025-12-31",
        leads=[
            lead("1", "2025-01-01T10:00:00Z", lead_event="newsletter", **ANNA),
            lead(
                "2", "2025-01-02T10:00:00Z", lead_event="decision_maker_interest", **ANNA
            ),  # nobody said that she decides
            lead("3", "2025-01-03T10:00:00Z", **ANNA),
        ],
    )

    assert [own.is_lead for own in made.leads.values()] == [False, False, True]


def test_identifiers_chain_and_what_is_ignored_or_invalid_ties_nobody():
    made = company(
        "2025-12-31",
        settings={"ignore": ("info@example.com",)},
        leads=[
            lead("1", "2025-01-01T10:00:00Z", email="a@example.com", phone="0721 234 567"),
            lead("2", "2025-05-01T10:00:00Z", email="info@example.com", phone="12"),
            lead("3", "2025-05-02T10:00:00Z", email="info@example.com", phone="12"),
        ],
        orders=[
            order("1", "2025-02-01T10:00:00Z", phone="+40721234567", customer_id="7"),
            order("2", "2025-03-01T10:00:00Z", customer_id="7", email="b@example.com"),
            order("3", "2025-03-01T10:00:00Z", email="info@example.com"),  # anonymous
        ],
    )

    assert made.person_groups == {
        frozenset({("leads", "1"), ("orders", "1"), ("orders", "2")}),
        frozenset({("leads", "2")}),
        frozenset({("leads", "3")}),
    }


def test_an_identifier_beside_more_than_50_of_another_kind_is_not_matched_on():
    def till(receipts: int) -> int:
        made = company(
            "2025-12-31",
            orders=[
                order(str(n), "2025-02-01T10:00:00Z", phone="0721234567", customer_id=f"c{n}")
                for n in range(receipts)
            ],
        )
        return len(made.person_groups)

    assert till(50) == 1
    assert till(51) == 51


def test_a_refund_after_the_months_end_restates_the_day_of_the_order():
    made = company(
        "2025-03-31",
        orders=[
            order("1", "2025-01-31T12:00:00Z", updated_at="2025-01-31T12:00:00Z", **ANNA),
            order(
                "1",
                "2025-01-31T12:00:00Z",
                updated_at="2025-03-05T12:00:00Z",
                status="refunded",
                refund_amount="30",
                cost_of_goods="25",
                **ANNA,
            ),
        ],
    )

    card = Card(made)
    assert card.value("revenue", "2025-01-01") == 70  # 100 - 30
    assert card.value("gross_profit", "2025-01-01") == 45  # 70 - 25
    assert card.value("refund_rate", "2025-01-01") == 0.3  # 30 / 100
    assert card.value("revenue", "2025-03-01") == 0
    assert made.row_accounting["orders"] == {
        "read": 2,
        "current": 1,
        "superseded": 1,
        "after_as_of": 0,
        "quarantined": 0,
    }


def test_a_fully_refunded_only_order_makes_no_customer_but_counts_in_the_refund_rate():
    made = company(
        "2025-03-31",
        orders=[
            order("1", "2025-01-10T12:00:00Z", status="refunded", discount_amount="20", **ANNA),
            order("2", "2025-01-10T12:00:00Z", refund_amount="100", **BEN),
            order("3", "2025-01-10T12:00:00Z", gross_amount="20"),
        ],
    )

    assert made.customers == {}
    card = Card(made)
    assert card.value("orders", "2025-01-01") == 1
    # (80, all that was paid, + 100) / (100 + 100 + 20)
    assert isclose(card.value("refund_rate", "2025-01-01"), 180 / 220)


def test_an_anonymous_receipt_counts_as_money_and_as_nobody():
    made = company(
        "2025-01-31",
        leads=[lead("L", "2025-01-01T12:00:00Z")],
        orders=[
            order("1", "2025-01-10T12:00:00Z", lead_id="L", gross_amount="40"),  # no identity
            order("2", "2025-01-10T12:00:00Z", **ANNA),
        ],
    )

    card = Card(made)
    assert card.members("revenue", "2025-01-01", "method") == {"(anonymous)": 40, "(no lead)": 100}
    assert card.value("average_order_value", "2025-01-01") == 70
    assert card.value("revenue_per_customer", "2025-01-01") == 100
    assert card.value("new_customers", "2025-01-01") == 1
    assert card.members("refund_rate", "2025-01-01", "employee") == {
        "(anonymous)": 0,
        "(no lead)": 0,
    }
    assert card.value("lead_to_customer_rate", "2025-01-01") == 0


def test_the_order_names_the_lead_even_somebody_elses_and_a_duplicate_stands_for_its_lead():
    made = company(
        "2026-12-31",
        leads=[
            lead("1", "2025-01-01T12:00:00Z", method="fair", **BEN),
            lead("2", "2025-01-11T12:00:00Z", method="search", **BEN),  # repeats 1
            lead("3", "2025-02-01T12:00:00Z", method="mail", **ANNA),
        ],
        orders=[
            order("1", "2025-02-21T12:00:00Z", lead_id="2", **ANNA),  # Ben's lead, not her own
            order("2", "2025-02-22T12:00:00Z", lead_id="gone", **BEN),  # passed over: his latest
        ],
    )

    anna, ben = (made.person_of["orders", number] for number in "12")
    assert made.lead_of_customer == {anna: "1", ben: "1"}
    card = Card(made)
    # Of January's one lead, one is a customer's (two customers' even); February's is nobody's.
    assert card.value("lead_to_customer_rate", "2025-01-01") == 1
    assert card.value("lead_to_customer_rate", "2025-02-01") == 0
    assert card.value("days_to_customer", "2025-01-01") == 51  # to Anna's order, the earlier
    assert card.members("new_customers", "2025-02-01", "method") == {"fair": 2}


def test_a_customer_without_a_lead_in_time_is_kept_and_named_so():
    made = company(
        "2026-12-31",
        leads=[lead("1", "2025-01-01T12:00:00Z", **ANNA), lead("2", "2026-06-01T12:00:00Z", **BEN)],
        orders=[
            order("1", "2026-01-01T12:00:01Z", **ANNA),  # 365 days and a second later
            order("2", "2026-05-31T12:00:00Z", **BEN),  # before the lead
            order("3", "2026-01-01T12:00:00Z", email="c@example.com"),
        ],
    )

    assert set(made.lead_of_customer.values()) == {None}
    assert Card(made, "new_customers").members("new_customers", "2026-01-01", "unit") == {
        "(no lead)": 2
    }


def test_2330_utc_on_the_months_last_day_is_the_next_month_in_bucharest():
    made = company(
        "2025-02-28",
        leads=[
            lead("1", "2025-01-31T23:30:00Z"),  # 01:30 on 1 February
            lead("2", "2025-01-31T21:59:59Z"),  # 23:59:59 on 31 January
        ],
    )

    card = Card(made, "leads")
    assert card.value("leads", "2025-01-01") == 1
    assert card.value("leads", "2025-02-01") == 1
    assert card.value("leads", "2025-02-01", grain="day") == 1


def test_local_times_of_both_clock_changes_are_read_and_days_are_24_hours():
    # Bucharest: 30 March 2025, 03:00 → 04:00; 26 October 2025, 04:00 → 03:00.
    made = company(
        "2025-12-31",
        leads=[
            lead("1", "2025-03-30T03:30:00"),  # skipped: at +02:00 it is 01:30 UTC
            lead("2", "2025-03-30T04:30:00"),  # +03:00: 01:30 UTC as well
            lead("3", "2025-10-26T12:00:00"),  # +02:00: 10:00 UTC
            lead("4", "2025-09-26T12:00:00", **ANNA),  # +03:00: 09:00 UTC
            lead("5", "2025-10-26T10:59:59", **ANNA),  # 08:59:59 UTC: under 30 days of 24 hours
        ],
        # One day by the clock, 25 hours in truth: lead 6 was ignored.
        lead_activities=[activity("a", "3", "2025-10-27T10:00:01Z", "contacted")],
    )

    moments = [own.created_at.isoformat()[:16] for own in made.leads.values()]
    assert moments[:3] == ["2025-03-30T01:30", "2025-03-30T01:30", "2025-10-26T10:00"]
    assert made.leads["5"].is_duplicate
    assert made.leads["3"].is_ignored  # 24 hours and a second
    assert made.settings.as_of_moment.isoformat() == "2025-12-31T22:00:00+00:00"


def test_an_amount_is_converted_at_the_last_rate_before_the_weekend():
    made = company(
        "2025-01-31",
        fx_rates=[
            rate("2025-01-10", "RON", "4.97"),  # Friday
            rate("2025-01-13", "RON", "5.00"),  # Monday
            rate("2025-01-11", "USD", "N/A"),
        ],
        orders=[
            order("1", "2025-01-12T12:00:00Z", currency="RON", gross_amount="10"),  # Sunday
            order("2", "2025-01-13T12:00:00Z", currency="RON", gross_amount="10"),
            order("3", "2025-01-09T12:00:00Z", currency="RON", gross_amount="10"),  # no rate yet
            order("4", "2025-01-13T12:00:00Z", currency="USD", gross_amount="10"),
        ],
    )

    card = Card(made, "revenue")
    assert card.row("revenue", "2025-01-12", grain="day").numerator == Decimal("2.0121")
    assert card.row("revenue", "2025-01-13", grain="day").numerator == Decimal("2.0000")
    assert [row["order_id"] for row, _ in made.readings["orders"].quarantined] == ["3", "4"]
    assert made.row_accounting["fx_rates"]["read"] == 2


def test_a_criterion_over_a_missing_value_is_not_met_and_is_kept_as_the_reason():
    judged = company(
        "2025-12-31",
        settings={
            "lead_filter": (
                Criterion("decides", lambda own: own["is_decision_maker"]),
                Criterion(
                    "budget",
                    lambda own: float(own["extra"]["budget"]) >= 500,
                    valid_from=date(2025, 2, 1),
                ),
            )
        },
        leads=[
            lead("1", "2025-03-01T12:00:00Z"),
            lead("2", "2025-03-01T12:00:00Z", is_decision_maker="Yes"),
            lead("3", "2025-03-01T12:00:00Z", is_decision_maker="t", extra='{"budget": "many"}'),
            lead("4", "2025-03-01T12:00:00Z", is_decision_maker="1", extra='{"budget": "500"}'),
            lead("5", "2025-01-31T12:00:00Z", is_decision_maker="y"),  # the day before
        ],
        lead_activities=[activity("a", "1", "2025-06-01T12:00:00Z", "offer")],
    )

    cut_by = {lead_id: own.cut_by for lead_id, own in judged.leads.items()}
    assert cut_by == {"1": "decides", "2": "budget", "3": "budget", "4": None, "5": None}
    card = Card(judged)
    assert card.value("filter_pass_rate", "2025-03-01") == 0.25
    assert isclose(card.value("wasted_lead_rate", "2025-03-01"), 1 / 3)
    assert card.value("ignored_leads", "2025-03-01") == 1  # lead 4


def test_an_employee_who_changes_unit_counts_where_each_lead_was():
    made = company(
        "2025-03-31",
        leads=[
            lead("1", "2025-01-05T12:00:00Z", employee="eva", unit="north"),
            lead("2", "2025-02-05T12:00:00Z", employee="eva", unit="south"),
        ],
        process_costs=[cost("c", "2025-01-01", "2025-02-28", "sales", "590", employee="eva")],
    )

    # 59 days at 10 each; January's go north, February's south.
    shares = Card(made, "sales_cost")
    assert shares.members("sales_cost", "2025-01-01", "unit", "quarter") == {
        "north": 310,
        "south": 280,
    }
    assert shares.members("sales_cost", "2025-01-01", "employee", "quarter") == {"eva": 590}


def test_loyalty_follows_the_last_word_and_the_base_looks_back_365_days():
    made = company(
        "2026-02-28",
        orders=[order("1", "2025-01-15T12:00:00Z", **ANNA), order("2", "2025-06-15T12:00:00Z")],
        loyalty_events=[
            loyalty("1", "2025-01-20T12:00:00Z", "enrolled", **ANNA),
            loyalty("2", "2025-02-10T12:00:00Z", "earned", points="40", **ANNA),
            loyalty("3", "2025-02-11T12:00:00Z", "redeemed", points="-10", cost="2.5", **ANNA),
            loyalty("4", "2025-03-10T12:00:00Z", "left", cost="1", currency="EUR", **BEN),
            loyalty("5", "2025-04-10T12:00:00Z", "left", **ANNA),
        ],
    )

    card = Card(made)
    assert card.value("loyalty_members", "2025-01-01") == 1
    assert card.value("loyalty_members", "2025-04-01") == 0
    assert card.value("redemption_rate", "2025-02-01") == 0.25
    assert card.value("retention_cost", "2025-02-01") == 2.5
    assert card.value("retention_cost_per_customer", "2025-03-01") == 1
    # 15 January 2025 is one of the 365 days that end on 14 January 2026, not a day later.
    assert card.value("customer_base", "2026-01-14", grain="day") == 1
    assert card.value("customer_base", "2026-01-15", grain="day") == 0
    assert card.row("retention_cost_per_customer", "2026-01-01").value is None

"""Are the random companies worth comparing: do they hold every KPI and every ugly case?"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import pairwise

import pytest

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.comparison import rows_of
from tests.oracle.definitions import KPIS
from tests.oracle.leads import NONE, Lead

ENOUGH = 5


def test_every_kpi_has_values_in_every_dimension(both: tuple[Company, Home]) -> None:
    known = {
        (kpi, dimension): values
        for kpi, dimension, values in rows_of(
            both[1],
            "kpi.scorecard where value <> 0 group by all",
            ("kpi", "dimension", "count(*)"),
        )
    }

    wanted = {(kpi.name, dimension) for kpi in KPIS.values() for dimension in kpi.dimensions}
    assert {cell for cell in wanted if known.get(cell, 0) < ENOUGH} == set()


def test_every_judgement_and_interval_is_there(both: tuple[Company, Home]) -> None:
    rows = rows_of(both[1], "kpi.scorecard", ("status", "is_mature", "is_small", "low is null"))

    statuses = {"on_target", "off_target", "no_target", "no_value", "immature"}
    assert {status for status, *_ in rows} == statuses
    for answers in zip(*(row[1:] for row in rows), strict=True):
        assert set(answers) == {True, False}


def gaps_between_leads(company: Company) -> list[timedelta]:
    """Return how long after their person's previous one leads and their repeats were made."""
    made: dict[object, list[Lead]] = defaultdict(list)
    for lead in company.leads.values():
        if lead.meets_definition:
            made[lead.person].append(lead)
    moments = [sorted(lead.created_at for lead in of_one) for of_one in made.values()]
    return [later - one for own in moments for one, later in pairwise(own)]


def a_chain_of_repeats(company: Company) -> bool:
    repeats = [lead.counted_lead_id for lead in company.leads.values() if lead.is_duplicate]
    return len(repeats) > len(set(repeats))


def a_lead_exactly_when_it_repeats_no_more(company: Company) -> bool:
    bound = timedelta(days=company.settings.lead_dedup_days)
    return bound in gaps_between_leads(company)


def a_repeat_within_the_last_tenth_of_a_day(company: Company) -> bool:
    bound = timedelta(days=company.settings.lead_dedup_days)
    return any(
        timedelta(0) < bound - gap <= timedelta(days=0.1) for gap in gaps_between_leads(company)
    )


def a_refund_in_a_later_version(company: Company) -> bool:
    superseded = company.row_accounting["orders"]["superseded"]
    return superseded > 0 and any(one.status == "refunded" for one in company.orders)


def a_customer_without_a_lead(company: Company) -> bool:
    return None in company.lead_of_customer.values()


def a_lead_named_by_somebody_elses_order(company: Company) -> bool:
    return any(one.lead and one.lead.person != one.person for one in company.customers.values())


def an_order_that_names_a_repeat(company: Company) -> bool:
    repeats = {lead.lead_id for lead in company.leads.values() if lead.is_duplicate}
    return any(one.lead_id in repeats for one in company.orders if one.is_completed)


def a_cost_of_a_month_without_leads(company: Company) -> bool:
    return any(share.method == "(unallocated)" for share in company.cost_shares)


def money_of_a_weekend(company: Company) -> bool:
    own = company.settings.currency
    return any(
        row["_date"].weekday() >= 5 and row["currency"] != own for row in company.current("orders")
    )


def a_moment_in_another_month_than_in_utc(company: Company) -> bool:
    return any(
        lead.created_at.astimezone(UTC).month != lead.lead_date.month
        for lead in company.leads.values()
    )


def an_event_of_both_clock_changes(company: Company) -> bool:
    days = {lead.lead_date.isoformat() for lead in company.leads.values()}
    days |= {one.order_date.isoformat() for one in company.orders}
    return {"2024-10-27", "2025-03-30"} <= days


def a_buyer_whose_only_order_was_given_back(company: Company) -> bool:
    bought = {one.person for one in company.orders if one.status in ("completed", "refunded")}
    return bool(bought - set(company.completed_orders) - {None})


def an_anonymous_receipt(company: Company) -> bool:
    return any(one.is_completed and one.person is None for one in company.orders)


def a_criterion_over_a_missing_value(company: Company) -> bool:
    return any(
        lead.is_lead and lead.cut_by == "budget" and not lead.row.get("extra")
        for lead in company.leads.values()
    )


def a_criterion_that_was_not_valid_yet(company: Company) -> bool:
    begin = next(one.valid_from for one in company.settings.lead_filter if one.valid_from)
    return any(lead.is_lead and lead.lead_date < begin for lead in company.leads.values())


def an_employee_in_two_units(company: Company) -> bool:
    units: dict[str, set[str]] = defaultdict(set)
    for lead in company.leads.values():
        units[lead.members["employee"]].add(lead.members["unit"])
    return any(len(of_one) > 1 for name, of_one in units.items() if name != NONE)


def a_row_that_does_not_fit_in_most_feeds(company: Company) -> bool:
    ugly = {feed for feed, rows in company.row_accounting.items() if rows["quarantined"]}
    return {"leads", "orders", "ad_spend", "process_costs", "loyalty_events"} <= ugly


UGLY_CASES: list[Callable[[Company], bool]] = [
    a_chain_of_repeats,
    a_lead_exactly_when_it_repeats_no_more,
    a_repeat_within_the_last_tenth_of_a_day,
    a_refund_in_a_later_version,
    a_customer_without_a_lead,
    a_lead_named_by_somebody_elses_order,
    an_order_that_names_a_repeat,
    a_cost_of_a_month_without_leads,
    money_of_a_weekend,
    a_moment_in_another_month_than_in_utc,
    an_event_of_both_clock_changes,
    a_buyer_whose_only_order_was_given_back,
    an_anonymous_receipt,
    a_criterion_over_a_missing_value,
    a_criterion_that_was_not_valid_yet,
    an_employee_in_two_units,
    a_row_that_does_not_fit_in_most_feeds,
]


@pytest.mark.parametrize("holds", UGLY_CASES, ids=lambda case: case.__name__)
def test_the_company_holds(both: tuple[Company, Home], holds: Callable[[Company], bool]) -> None:
    assert holds(both[0])

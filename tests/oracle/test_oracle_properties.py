"""What must always hold, on random companies, whoever computes it."""

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.company import Company
from tests.oracle.feed_rows import TextRow
from tests.oracle.money import rounded
from tests.oracle.random_companies import RandomCompany, random_company
from tests.oracle.random_homes import with_extra
from tests.oracle.scorecard import Key, Row, scorecard

AMOUNTS = ("acquisition_cost", "sales_cost", "retention_cost", "revenue", "contribution")
# What a lead's method carries of the costs that name no method depends on everybody's leads.
ON_SHARED_COSTS = {
    *("acquisition_cost", "cost_per_lead", "cost_per_quality_lead", "lead_cost_per_customer"),
    *("sales_cost", "sales_cost_per_customer"),
    *("total_cost_per_customer", "contribution", "profit_to_cost", "payback_months"),
}
HEADS = ("leads", "new_customers", "orders", "customer_base", "qualified_leads")

# Each company takes a second or two; the same ones every time, so that a red test stays red.
few = settings(max_examples=5, deadline=None, derandomize=True, database=None)
# The whole scorecard of a company takes its time.
fewer = settings(few, max_examples=2)
companies = st.integers(min_value=0, max_value=9_999).map(random_company)


def computed(made: RandomCompany, feeds: dict[str, list[TextRow]]) -> dict[Key, Row]:
    return scorecard(Company(made.settings, feeds), AMOUNTS + HEADS)


@few
@given(made=companies)
def test_the_members_of_every_dimension_add_up_to_all(made: RandomCompany):
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    whole: dict[tuple, Decimal] = {}
    rows = computed(made, with_extra(made))
    for (grain, start, kpi, dimension, _), row in rows.items():
        if dimension == "all":
            whole[grain, start, kpi] = row.numerator
        else:
            sums[grain, start, kpi, dimension] += row.numerator

    assert whole
    dimensions = {(kpi, dimension) for _, _, kpi, dimension in sums}
    for (grain, start, kpi), amount in whole.items():
        for of, dimension in dimensions:
            if of == kpi:
                assert sums[grain, start, kpi, dimension] == amount


@few
@given(made=companies)
def test_the_days_add_up_to_what_came_in(made: RandomCompany):
    company = Company(made.settings, with_extra(made))
    rows = scorecard(company, ("revenue", "ad_spend", "sales_cost"))
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (grain, _, kpi, dimension, _), row in rows.items():
        if (grain, dimension) == ("day", "all"):
            totals[kpi] += row.numerator

    assert totals["revenue"] == sum(one.net_revenue for one in company.orders if one.is_completed)
    assert totals["ad_spend"] == sum(row["_spend"] for row in company.current("ad_spend"))
    wholly_past = [
        row for row in company.current("process_costs") if row["period_end"] <= made.settings.as_of
    ]
    alone = {**with_extra(made), "process_costs": _as_text(made, wholly_past)}
    past = scorecard(Company(made.settings, alone), ("sales_cost",))
    assert sum(
        row.numerator for key, row in past.items() if (key[0], key[3]) == ("day", "all")
    ) == sum(row["_amount"] for row in wholly_past if row["process"] == "sales")


def _as_text(made: RandomCompany, rows: list[dict]) -> list[TextRow]:
    wanted = {row["cost_id"] for row in rows}
    return [row for row in made.feeds["process_costs"] if row["cost_id"] in wanted]


@few
@given(made=companies)
def test_the_order_of_the_rows_does_not_matter(made: RandomCompany):
    feeds = with_extra(made)
    shuffled = {feed: random.Random(7).sample(rows, len(rows)) for feed, rows in feeds.items()}

    assert computed(made, shuffled) == computed(made, feeds)


@few
@given(made=companies)
def test_a_delivery_brought_twice_changes_nothing(made: RandomCompany):
    feeds = with_extra(made)
    twice = {
        feed: [*rows, *({**row, "_delivery": 9} for row in rows if row["_delivery"] == 2)]
        for feed, rows in feeds.items()
    }

    assert computed(made, twice) == computed(made, feeds)


@fewer
@given(made=companies)
def test_an_unrelated_lead_changes_no_other_methods_kpi_but_shared_costs(made: RandomCompany):
    feeds = with_extra(made)
    stranger = {
        **{"lead_id": "stranger", "created_at": "2025-04-04T10:00:00Z"},
        **{"lead_event": "web_form", "method": "airship", "email": "nobody@example.org"},
        **{"_source": "leads", "_delivery": 1, "_file": "inbox/leads_1.csv", "_line": 999},
    }
    more = {**feeds, "leads": [*feeds["leads"], stranger]}

    def others(rows: dict[Key, Row]) -> dict[Key, Row]:
        return {
            key: row
            for key, row in rows.items()
            if key[3] == "method" and key[4] != "airship" and key[2] not in ON_SHARED_COSTS
        }

    before = others(scorecard(Company(made.settings, feeds)))
    assert before
    assert others(scorecard(Company(made.settings, more))) == before


@few
@given(made=companies)
def test_scaling_all_amounts_scales_all_amounts(made: RandomCompany):
    # In one currency, and without spreading and sharing out, nothing is rounded on the way.
    euros = replace(made, settings=replace(made.settings, currency="EUR"))
    feeds = with_extra(euros)
    kpis = ("revenue", "gross_profit", "ad_spend", "retention_cost")
    kept = {feed: _in_euros(rows) for feed, rows in feeds.items() if feed != "process_costs"}
    tenfold = {feed: [_scaled(row) for row in rows] for feed, rows in kept.items()}

    small = scorecard(Company(euros.settings, kept), kpis)
    large = scorecard(Company(euros.settings, tenfold), kpis)
    assert {key: row.numerator for key, row in large.items()} == {
        key: rounded(row.numerator * 10) for key, row in small.items()
    }


@few
@given(made=companies)
def test_scaling_all_amounts_scales_all_that_the_processes_cost(made: RandomCompany):
    # A day's part and a member's share are rounded; a cost that has wholly passed adds up again.
    euros = replace(made, settings=replace(made.settings, currency="EUR"))
    kept = {feed: _in_euros(rows) for feed, rows in with_extra(euros).items()}
    past = Company(euros.settings, kept).current("process_costs")
    kept["process_costs"] = _as_text(
        euros, [row for row in past if row["period_end"] <= euros.settings.as_of]
    )
    tenfold = {feed: [_scaled(row) for row in rows] for feed, rows in kept.items()}

    def totals(feeds: dict[str, list[TextRow]], dimension: str) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for (grain, _, kpi, of, _), row in computed(euros, feeds).items():
            if (grain, of) == ("day", dimension) and kpi in AMOUNTS:
                sums[kpi] += row.numerator
        return sums

    for dimension in ("all", "method"):
        small = totals(kept, dimension)
        assert small["sales_cost"] != 0
        assert totals(tenfold, dimension) == {kpi: 10 * total for kpi, total in small.items()}


def _in_euros(rows: list[TextRow]) -> list[TextRow]:
    return [row for row in rows if row.get("currency", "EUR") == "EUR"]


def _scaled(row: TextRow) -> TextRow:
    names = (
        "spend",
        "amount",
        "gross_amount",
        "discount_amount",
        "refund_amount",
        "cost_of_goods",
        "cost",
    )
    scaled = {name: str(Decimal(row[name]) * 10) for name in names if name in row}
    return {**row, **scaled}

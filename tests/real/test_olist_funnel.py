"""A marketplace that wins sellers: 8,000 leads by origin and the 842 deals won from them."""

from decimal import Decimal
from pathlib import Path

import pytest

from marketing_warehouse.paths import Home
from tests.real.conftest import Build, rows

BUSINESS_YML = """\
business: {{name: Olist, currency: BRL, timezone: America/Sao_Paulo, country: BR}}
sources:
  - name: mql
    feed: leads
    connector: csv
    path: {data}/olist_funnel/olist_marketing_qualified_leads_dataset.csv
    columns: {{lead_id: mql_id, created_at: first_contact_date, method: origin}}
    defaults: {{method: (unknown), lead_event: web_form}}
  - name: deals
    feed: orders
    connector: csv
    path: {data}/olist_funnel/olist_closed_deals_dataset.csv
    columns: {{order_id: mql_id, lead_id: mql_id, customer_id: seller_id, ordered_at: won_date}}
    defaults: {{status: completed, currency: BRL, gross_amount: "0"}}
    keep: [business_segment, lead_type]
"""

# As the data's publisher counts them: leads and the customers won from them, by origin.
LEADS_AND_CUSTOMERS = {
    "organic_search": (2296, 271),
    "paid_search": (1586, 195),
    "social": (1350, 75),
    "unknown": (1099, 179),
    "direct_traffic": (499, 56),
    "email": (493, 15),
    "referral": (284, 24),
    "other": (150, 4),
    "display": (118, 6),
    "other_publicities": (65, 3),
    "(unknown)": (60, 14),
}


@pytest.fixture(scope="module")
def funnel(module_home: Home, test_data: Path, build_through: Build) -> Home:
    """The home of the marketplace, built once."""
    module_home.business_yml.write_text(BUSINESS_YML.format(data=test_data))
    build_through(module_home, "2019-01-31")
    return module_home


def test_leads_become_customers_by_origin(funnel: Home) -> None:
    assert rows(funnel, "select count(*), count_if(is_lead) from core.leads") == [(8000, 8000)]
    assert rows(funnel, "select count(*) from core.customers") == [(842,)]
    counted = rows(
        funnel, "select method, count(*), count(customer_since) from core.leads group by method"
    )
    assert {method: tuple(parts) for method, *parts in counted} == LEADS_AND_CUSTOMERS


def test_the_scorecards_years_add_up_to_the_funnel(funnel: Home) -> None:
    by_method = rows(
        funnel,
        """
        select member, sum(denominator), sum(numerator)
        from kpi.scorecard
        where kpi = 'lead_to_customer_rate' and period_grain = 'year' and dimension = 'method'
        group by member
        """,
    )
    counted = {member: (int(leads), int(won)) for member, leads, won in by_method}
    assert counted == LEADS_AND_CUSTOMERS


def test_a_deal_won_before_its_lead_counts_because_it_names_it(funnel: Home) -> None:
    early = "select count(*) from core.leads where customer_since < created_at - interval 1 day"
    assert rows(funnel, early) == [(1,)]
    assert rows(funnel, "select sum(net_revenue) from core.orders") == [(Decimal(0),)]

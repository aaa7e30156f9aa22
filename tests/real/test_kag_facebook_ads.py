"""A Facebook account: what ads cost, how many leads they brought and how many of those bought."""

from decimal import Decimal
from pathlib import Path

import pytest

from marketing_warehouse.paths import Home
from tests.real.conftest import Build, rows

# The export counts leads and customers per ad and day: each becomes a row of its own.
BUSINESS_YML = """\
business: {{name: Ads, currency: USD, timezone: America/New_York, country: US}}
sources:
  - name: ads
    feed: ad_spend
    connector: csv
    path: {data}/kag_facebook_ads/KAG_conversion_data.csv
    options: {{date_format: "%d-%m-%Y"}}
    columns:
      spend_date: Date
      account_id: xyz_campaign_id
      campaign_id: fb_campaign_id
      ad_group_id: ad_id
      impressions: Impressions
      clicks: Clicks
      spend: Spent
    defaults: {{method: facebook, platform: facebook, currency: USD}}
  - name: leads
    feed: leads
    connector: csv
    path: {data}/kag_facebook_ads/KAG_conversion_data.csv
    options: {{date_format: "%d-%m-%Y"}}
    query: |
      select ad_id || '-' || number as lead_id, "Date" as created_at, fb_campaign_id as campaign_id
      from (
        select *, unnest(range(1, cast("Total_Conversion" as bigint) + 1)) as number from source
      )
    defaults: {{method: facebook, lead_event: web_form}}
  - name: sales
    feed: orders
    connector: csv
    path: {data}/kag_facebook_ads/KAG_conversion_data.csv
    options: {{date_format: "%d-%m-%Y"}}
    query: |
      select ad_id || '-' || number as order_id, ad_id || '-' || number as lead_id,
        ad_id || '-' || number as customer_id, "Date" as ordered_at
      from (
        select *, unnest(range(1, cast("Approved_Conversion" as bigint) + 1)) as number from source
      )
    defaults: {{status: completed, currency: USD, gross_amount: "1"}}
"""


@pytest.fixture(scope="module")
def account(module_home: Home, test_data: Path, build_through: Build) -> Home:
    """The home of the advertiser, built once."""
    module_home.business_yml.write_text(BUSINESS_YML.format(data=test_data))
    build_through(module_home, "2023-12-31")
    return module_home


def test_spend_leads_and_customers_are_the_exports(account: Home) -> None:
    totals = dict(
        rows(
            account,
            """
            select kpi, sum(numerator) from kpi.scorecard
            where period_grain = 'year' and dimension = 'all'
                and kpi in ('ad_spend', 'leads', 'new_customers')
            group by kpi
            """,
        )
    )
    assert round(totals["ad_spend"], 2) == Decimal("58705.23")
    assert (totals["leads"], totals["new_customers"]) == (3264, 1079)


@pytest.mark.parametrize("dimension", ["all", "method"])
def test_a_lead_costs_18_and_a_customer_54_dollars(account: Home, dimension: str) -> None:
    costs = rows(
        account,
        f"""
        select kpi, round(value, 6) from kpi.scorecard
        where period_grain = 'year' and dimension = '{dimension}'
            and kpi in ('cost_per_lead', 'lead_cost_per_customer')
        order by kpi
        """,
    )
    assert costs == [("cost_per_lead", 17.985671), ("lead_cost_per_customer", 54.407071)]


def test_the_campaigns_spend_adds_up_to_the_account(account: Home) -> None:
    campaigns = rows(
        account,
        """
        select count(*), sum(numerator) from kpi.scorecard
        where period_grain = 'year' and dimension = 'campaign' and kpi = 'ad_spend'
        """,
    )
    # 691 campaigns, of which some spent nothing and have no row.
    assert campaigns[0][0] <= 691
    assert campaigns[0][1] == rows(account, "select sum(amount) from core.ad_spend")[0][0]

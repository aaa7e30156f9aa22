"""A synthetic company of any size as CSV, written by DuckDB in seconds."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

BUSINESS = """\
business: {name: Bench, currency: EUR, timezone: Europe/Bucharest, country: RO}
sources:
  - {name: ads, feed: ad_spend, connector: csv, path: inbox/ad_spend.csv}
  - {name: crm, feed: leads, connector: csv, path: inbox/leads.csv}
  - {name: shop, feed: orders, connector: csv, path: inbox/orders.csv}
"""

# The years end on a fixed day, so that two runs do the same work.
SPAN = (
    "timestamp '2026-10-31' - to_seconds(cast(hash({row}, '{salt}') % (2 * 365 * 86400) as bigint))"
)

METHODS = "['google_ads', 'facebook', 'email', 'fair', 'organic', 'referral']"

AD_SPEND = """
    select
        cast(day as date) as spend_date,
        method,
        method as platform,
        'c' || campaign as campaign_id,
        'EUR' as currency,
        round(20 + hash(day, method, campaign) % 8000 / 100, 2) as spend,
        1000 + hash(campaign, day) % 5000 as impressions,
        hash(day, campaign) % 200 as clicks
    from generate_series(timestamp '2024-11-01', timestamp '2026-10-31', interval 1 day) as d(day)
    cross join (values ('google_ads'), ('facebook')) as m(method)
    cross join generate_series(1, 10) as c(campaign)
"""

LEADS = """
    select
        lead as lead_id,
        {moment} as created_at,
        list_extract({methods}, cast(1 + hash(lead, 'method') % 6 as bigint)) as method,
        list_extract(
            ['inbound_call', 'web_form', 'store_visit'], cast(1 + hash(lead, 'event') % 3 as bigint)
        ) as lead_event,
        'c' || (1 + hash(lead, 'campaign') % 10) as campaign_id,
        'person' || (hash(lead, 'person') % {people}) || '@example.com' as email,
        'RO' as country
    from range(1, {leads} + 1) as l(lead)
"""

ORDERS = """
    select
        sale as order_id,
        {moment} as ordered_at,
        if(hash(sale, 'status') % 20 = 0, 'cancelled', 'completed') as status,
        'EUR' as currency,
        round(5 + hash(sale, 'amount') % 30000 / 100, 2) as gross_amount,
        round(2 + hash(sale, 'cost') % 10000 / 100, 2) as cost_of_goods,
        'person' || (hash(sale, 'buyer') % {people}) || '@example.com' as email
    from range(1, {orders} + 1) as o(sale)
"""


@dataclass(frozen=True)
class Size:
    """How many rows the company's two large feeds have."""

    orders: int
    leads: int

    @property
    def people(self) -> int:
        """Three leads or about ten orders to a person."""
        return max(1, self.leads // 3)


def make(folder: Path, size: Size) -> None:
    """Write a company's business.yml and inbox into a folder."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (folder / "business.yml").write_text(BUSINESS)
    leads = LEADS.format(
        moment=SPAN.format(row="lead", salt="made"),
        methods=METHODS,
        people=size.people,
        leads=size.leads,
    )
    orders = ORDERS.format(
        moment=SPAN.format(row="sale", salt="sold"), people=size.people, orders=size.orders
    )
    with duckdb.connect() as connection:
        for name, query in (("ad_spend", AD_SPEND), ("leads", leads), ("orders", orders)):
            connection.execute(f"copy ({query}) to '{inbox / name}.csv' (header)")

"""A PostgreSQL with a large table of orders, landed by the connector `sql`."""

import sys
from datetime import date
from pathlib import Path

from marketing_warehouse import journal
from marketing_warehouse.config import read_config
from marketing_warehouse.land import land
from marketing_warehouse.paths import Home
from tests.servers import databases

BUSINESS = """\
business: {{name: Bench, currency: EUR, timezone: Europe/Bucharest, country: RO}}
sources:
  - name: shop
    feed: orders
    connector: sql
    options: {{url: "{url}", table: orders, increasing: updated_at}}
"""
# Without phones: for those libphonenumber would take more time than everything else.
ORDERS = """
    create table orders as
    select
        sale as order_id,
        moment as ordered_at,
        moment + interval '1 hour' as updated_at,
        case when sale % 20 = 0 then 'cancelled' else 'completed' end as status,
        'EUR' as currency,
        (500 + sale * 7919 % 30000)::numeric(12, 2) / 100 as gross_amount,
        (200 + sale * 104729 % 10000)::numeric(12, 2) / 100 as cost_of_goods,
        'person' || sale * 31 % 1000003 || '@example.com' as email
    from generate_series(1::bigint, {rows}) as s(sale)
    cross join lateral (
        select timestamptz '2024-11-01 00:00:00+00' + sale * interval '60 seconds' * {step}
    ) as m(moment)
"""
LOGIN = {
    "WAREHOUSE_SOURCE_SHOP_LOGIN": databases.READER,
    "WAREHOUSE_SOURCE_SHOP_PASSWORD": databases.READERS_PASSWORD,
}
MINUTES = 730 * 24 * 60


def make(server: databases.Server, home: Home, rows: int) -> None:
    """Fill the server's shop, and write the business that reads it."""
    server.execute(
        ORDERS.format(rows=rows, step=MINUTES / rows),
        "create index on orders (updated_at)",
        f"grant select on orders to {databases.READER}",
    )
    home.path.mkdir(parents=True, exist_ok=True)
    home.business_yml.write_text(BUSINESS.format(url=server.url))
    home.create_hash_key()


def main() -> None:
    """Land the shop of a home that `make` has made."""
    home = Home(Path(sys.argv[1]))
    land(home, read_config(home.business_yml), "shop", journal.start(home, date(2026, 10, 31)))


if __name__ == "__main__":
    main()

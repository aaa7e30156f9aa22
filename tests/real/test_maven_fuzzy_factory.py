"""A toy shop: 32,313 orders with their cost of goods, and 1,731 refunds in a file of their own."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse.paths import Home
from tests.real.conftest import Build, rows

BUSINESS_YML = """\
business: {name: Fuzzy Factory, currency: USD, timezone: America/New_York, country: US}
sources:
  - name: shop
    feed: orders
    connector: csv
    path: inbox/orders.csv
    options: {date_format: "%d-%m-%Y"}
    columns:
      ordered_at: order_date
      customer_id: user_id
      gross_amount: price_usd
      cost_of_goods: cogs_usd
      refund_amount: refund_amount_usd
    defaults: {status: completed, currency: USD}
"""
ORDERS = """
    copy (
        select orders.* exclude (created_at), refunds.refund_amount_usd
        from read_csv('{data}/orders.csv', all_varchar = true) as orders
        left join (
            select order_id, sum(cast(refund_amount_usd as decimal(18, 4))) as refund_amount_usd
            from read_csv('{data}/order_item_refunds.csv', all_varchar = true)
            where {counted}
            group by order_id
        ) as refunds using (order_id)
    ) to '{inbox}/orders.csv' (header)
"""
TOTALS = """
    select kpi, sum(numerator) from kpi.scorecard
    where period_grain = 'year' and dimension = 'all' and kpi in ('revenue', 'gross_profit')
    group by kpi
"""
LAST_REPEAT = """
    select numerator, denominator from kpi.scorecard
    where kpi = 'repeat_purchase_rate' and dimension = 'all' and period_grain = 'year'
    order by period_start desc limit 1
"""


@pytest.fixture(scope="module", params=["before refunds", "with refunds"])
def shop(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    test_data: Path,
    build_through: Build,
) -> tuple[str, Home]:
    """The shop's home, built once before and once with its refunds."""
    home = Home(tmp_path_factory.mktemp("shop"))
    home.create_hash_key()
    home.inbox.mkdir()
    home.business_yml.write_text(BUSINESS_YML)
    counted = "true" if request.param == "with refunds" else "false"
    folder = test_data / "maven_fuzzy_factory"
    duckdb.execute(ORDERS.format(data=folder, inbox=home.inbox, counted=counted))
    build_through(home, "2015-12-31")
    return request.param, home


def orders_with_refunds(test_data: Path) -> Iterator[tuple[str, Decimal, Decimal, Decimal]]:
    """Yield each order's user, price, cost and refund, from the lines as they are."""
    folder = test_data / "maven_fuzzy_factory"
    refunds: dict[str, Decimal] = defaultdict(Decimal)
    for order, amount in duckdb.execute(
        f"select order_id, refund_amount_usd from read_csv('{folder}/order_item_refunds.csv', "
        "all_varchar = true)"
    ).fetchall():
        refunds[order] += Decimal(amount)
    for order, user, price, cost in duckdb.execute(
        f"select order_id, user_id, price_usd, cogs_usd from read_csv('{folder}/orders.csv', "
        "all_varchar = true)"
    ).fetchall():
        yield user, Decimal(price), Decimal(cost), refunds[order]


def test_revenue_profit_and_customers_are_the_shops(
    shop: tuple[str, Home], test_data: Path
) -> None:
    when, home = shop
    totals = dict(rows(home, TOTALS))
    if when == "before refunds":
        assert totals == {
            "revenue": Decimal("1938509.75"),
            "gross_profit": Decimal("1216139.50"),
        }
        assert rows(home, LAST_REPEAT) == [(591, 31696)]
        return
    # A fully refunded order is no completed one: neither its money nor its buyer counts.
    kept = [order for order in orders_with_refunds(test_data) if order[3] < order[1]]
    assert totals == {
        "revenue": sum(price - refund for _, price, _, refund in kept),
        "gross_profit": sum(price - cost - refund for _, price, cost, refund in kept),
    }
    orders_of = Counter(user for user, *_ in kept)
    came_back = sum(count > 1 for count in orders_of.values())
    assert rows(home, LAST_REPEAT) == [(came_back, len(orders_of))]


def test_every_refund_is_in_the_refund_rate(shop: tuple[str, Home]) -> None:
    when, home = shop
    refunded = Decimal("85338.69") if when == "with refunds" else Decimal(0)
    assert rows(
        home,
        """
        select sum(numerator), sum(denominator) from kpi.scorecard
        where kpi = 'refund_rate' and dimension = 'all' and period_grain = 'month'
        """,
    ) == [(refunded, Decimal("1938509.75"))]

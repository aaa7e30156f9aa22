"""The European Central Bank's wide table of reference rates, newest first."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from marketing_warehouse.paths import Home
from tests.real.conftest import Build, rows

BUSINESS_YML = """\
business: {{name: Currencies, currency: RON, timezone: Europe/Bucharest, country: RO}}
sources:
  - name: ecb
    feed: fx_rates
    connector: csv
    path: {data}/ecb_fx/eurofxref-hist.csv
    query: |
      select "Date" as rate_date, currency, rate
      from (unpivot source on columns(* exclude ("Date")) into name currency value rate)
      where length(currency) = 3
  - name: shop
    feed: orders
    connector: csv
    path: inbox/orders.csv
"""
ORDERS = """\
order_id,ordered_at,status,currency,gross_amount,customer_id
friday,2024-03-29 12:00,completed,USD,100.00,1
saturday,2024-03-30 12:00,completed,USD,100.00,2
euro,2024-03-30 12:00,completed,EUR,100.00,3
home,2024-03-30 12:00,completed,RON,100.00,4
gone,2024-03-30 12:00,completed,ATS,100.00,5
"""


@pytest.fixture(scope="module")
def shop(module_home: Home, test_data: Path, build_through: Build) -> Home:
    """The home of a shop that sells in five currencies, built once."""
    module_home.business_yml.write_text(BUSINESS_YML.format(data=test_data))
    (module_home.inbox / "orders.csv").write_text(ORDERS)
    build_through(module_home, "2026-04-30")
    return module_home


def test_every_published_rate_is_there_and_na_is_no_rate(shop: Home, test_data: Path) -> None:
    with (test_data / "ecb_fx" / "eurofxref-hist.csv").open(newline="") as file:
        published = [
            (line["Date"], currency, Decimal(rate))
            for line in csv.DictReader(file)
            for currency, rate in line.items()
            if currency and currency != "Date" and rate not in ("", "N/A")
        ]
    assert rows(shop, "select count(*), sum(rate) from core.fx_rates") == [
        (len(published), sum(rate for _, _, rate in published))
    ]


def test_a_weekend_takes_the_last_rate_and_a_currency_without_one_is_quarantined(
    shop: Home, test_data: Path
) -> None:
    # Good Friday and Easter: the last rates are Thursday's, the 28th: 1.0811 USD and 4.9735 RON.
    with (test_data / "ecb_fx" / "eurofxref-hist.csv").open(newline="") as file:
        thursday = next(line for line in csv.DictReader(file) if line["Date"] == "2024-03-28")
    dollars = Decimal(100) * Decimal(thursday["RON"]) / Decimal(thursday["USD"])
    expected = round(dollars, 4)
    assert dict(rows(shop, "select order_id, net_revenue from core.orders")) == {
        "friday": expected,
        "saturday": expected,
        "euro": Decimal(100) * Decimal(thursday["RON"]),
        "home": Decimal(100),
    }
    assert rows(shop, "select order_id, _reason from quarantine.orders") == [
        ("gone", "no rate from ATS to RON on or before 2024-03-30")
    ]

"""A UK shop's invoice lines, a file a day: a year of daily loads."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse.paths import Home
from tests.real.conftest import Build, rows

BUSINESS_YML = """\
business: {{name: Online Retail, currency: GBP, timezone: Europe/London, country: GB}}
sources:
  - name: invoices
    feed: orders
    connector: csv
    path: {data}/online_retail/by_day/*.csv
    query: |
      select
        InvoiceNo as order_id,
        min(InvoiceDate) as ordered_at,
        regexp_replace(max(CustomerID), '\\.0$', '') as customer_id,
        sum(cast(Quantity as integer) * cast(UnitPrice as decimal(18, 4))) as gross_amount
      from source
      where InvoiceNo not like 'C%' and InvoiceNo not like 'A%'
        and cast(Quantity as integer) > 0 and cast(UnitPrice as decimal(18, 4)) > 0
      group by InvoiceNo
    defaults: {{status: completed, currency: GBP}}
"""
LAST_DAY = "2011-12-09"


@pytest.fixture(scope="session")
def lines(test_data: Path) -> list[dict[str, str]]:
    """The lines of all sales, read without any of the code under test."""
    found = []
    for file in sorted((test_data / "online_retail" / "by_day").glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as handle:
            found += [
                line
                for line in csv.DictReader(handle)
                if line["InvoiceNo"][0] not in "CA"
                and int(line["Quantity"]) > 0
                and Decimal(line["UnitPrice"]) > 0
            ]
    return found


@pytest.fixture(scope="module")
def shop(module_home: Home, test_data: Path, build_through: Build) -> Home:
    """The home of the shop, its year loaded in one go."""
    module_home.business_yml.write_text(BUSINESS_YML.format(data=test_data))
    build_through(module_home, LAST_DAY)
    return module_home


def test_identified_sales_are_those_of_the_raw_lines(shop: Home) -> None:
    assert rows(
        shop,
        """
        select count(*), count(distinct person_key), sum(net_revenue)
        from core.orders where is_completed and person_key is not null
        """,
    ) == [(18532, 4338, Decimal("8911407.9040"))]
    assert rows(shop, "select count(*) from core.customers where orders >= 2") == [(2845,)]
    assert rows(
        shop,
        """
        select numerator, denominator from kpi.scorecard
        where kpi = 'repeat_purchase_rate' and period_grain = 'year' and dimension = 'all'
            and period_start = '2011-01-01'
        """,
    ) == [(2845, 4338)]


def test_monthly_revenue_is_the_sum_of_the_raw_lines(
    shop: Home, lines: list[dict[str, str]]
) -> None:
    monthly: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        monthly[line["InvoiceDate"][:7]] += int(line["Quantity"]) * Decimal(line["UnitPrice"])
    published = rows(
        shop,
        """
        select left(period_start::varchar, 7), numerator from kpi.scorecard
        where kpi = 'revenue' and period_grain = 'month' and dimension = 'all'
        """,
    )
    assert dict(published) == dict(monthly)


COHORTS_OF_RAW_LINES = """
    with invoices as (
        select
            CustomerID as person,
            date_trunc('month', min(cast(InvoiceDate as timestamp))) as month,
            sum(cast(Quantity as integer) * cast(UnitPrice as decimal(18, 4))) as revenue
        from read_csv(?, all_varchar = true)
        where left(InvoiceNo, 1) not in ('C', 'A') and CustomerID <> ''
            and cast(Quantity as integer) > 0 and cast(UnitPrice as decimal(18, 4)) > 0
        group by InvoiceNo, CustomerID
    ),
    first_months as (select person, min(month) as cohort_month from invoices group by person),
    months as (select distinct month from invoices),
    frame as (
        select person, cohort_month, month
        from first_months, months where month >= cohort_month
    ),
    person_months as (
        select
            cohort_month,
            date_diff('month', cohort_month, frame.month) as months_since,
            count(invoices.person) as orders,
            coalesce(sum(revenue), 0) as revenue,
            (
                select count(*) from invoices as earlier
                where earlier.person = frame.person and earlier.month <= frame.month
            ) as orders_so_far
        from frame left join invoices
            on invoices.person = frame.person and invoices.month = frame.month
        group by frame.person, cohort_month, frame.month
    )
    select
        cast(cohort_month as date), months_since,
        count(*), count(*) filter (orders > 0), count(*) filter (orders_so_far > 1),
        sum(orders), sum(revenue)
    from person_months group by cohort_month, months_since order by all
"""


def test_cohorts_are_those_of_the_raw_lines(shop: Home, test_data: Path) -> None:
    with duckdb.connect() as connection:
        cohorts = connection.execute(
            COHORTS_OF_RAW_LINES, [str(test_data / "online_retail" / "by_day" / "*.csv")]
        ).fetchall()

    # From December 2010 to December 2011: 13 months of the first cohort, 12 of the next, ...
    assert len(cohorts) == 13 * 14 / 2
    assert (
        rows(
            shop,
            """
            select
                cohort_month, months_since,
                people, active_people, repeat_people, orders, net_revenue
            from retention.cohorts_monthly order by all
            """,
        )
        == cohorts
    )


def test_however_many_loads_brought_them_the_marts_are_equal(
    shop: Home, home: Home, test_data: Path, build_through: Build
) -> None:
    home.hash_key_file.write_text(shop.hash_key_file.read_text())
    home.business_yml.write_text(BUSINESS_YML.format(data=test_data))

    for through in ("2011-03-31", "2011-08-31", LAST_DAY):
        build_through(home, through)
        build_through(home, through)

    assert different_tables(shop, home) == []


def different_tables(one: Home, other: Home) -> list[str]:
    """Return the tables of two candidates that are not equal row by row.

    What the loads were, and which of them moved what, is theirs alone.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one.candidate}' as one (read_only)")
        connection.execute(f"attach '{other.candidate}' as other (read_only)")
        tables = connection.execute(
            """
            select schema_name || '.' || table_name from duckdb_tables()
            where database_name = 'one' and schema_name not in ('ops', 'quarantine')
                and table_name <> 'restatements'
            """
        ).fetchall()
        assert tables
        return [
            table
            for (table,) in tables
            if connection.execute(
                f"""
                select count(*) from (
                    (from one.{table} except all from other.{table})
                    union all
                    (from other.{table} except all from one.{table})
                )
                """
            ).fetchone()
            != (0,)
        ]

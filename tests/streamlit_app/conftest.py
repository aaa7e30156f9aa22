"""A published file with the documented columns, by plain SQL: data to look at, not a mock."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from marketing_warehouse.feeds import FEEDS
from marketing_warehouse.paths import HOME_VARIABLE, PROJECT, Home
from tests.streamlit_app.priced_marts import write_priced
from tests.streamlit_app.process_marts import write_process_marts
from tests.streamlit_app.today_rows import write_change_drivers, write_weak_places

# Streamlit puts the folder of the script that it runs on the path; so do the tests of its parts.
sys.path.insert(0, str(PROJECT / "streamlit_app"))

APP = PROJECT / "streamlit_app" / "app.py"
DEFINITIONS = PROJECT / "dbt_project" / "seeds" / "kpi_definitions.csv"

MEMBERS = {
    "all": ("all",),
    "method": ("Google Ads", "Fair", "Shop window", "(none)", "<b>*Radio*</b> $5"),
    "campaign": ("espresso-2026", "(no campaign)"),
    "unit": ("Cluj", "Iasi"),
    "employee": ("Ana", "=Bogdan", "(none)"),
}
DAYS = {
    "ad_spend": "spend_date",
    "leads": "lead_date",
    "lead_activities": "activity_date",
    "orders": "order_date",
    "loyalty_events": "event_date",
    "process_costs": "period_start",
    "kpi_targets": "period_start",
    "fx_rates": "rate_date",
}

# The value of member m in period p is made of round numbers, so that a tile can be told by hand:
# a count or an amount is 1000 * m + p (m, p from 1), a share 12 of 31, a cost 340 over 12.
SCORECARD = """
create table kpi.scorecard as
with
    periods as (
        select grain as period_grain, number as period_number, starts as period_start,
            cast(starts + to_months(months) + to_days(days) - to_days(1) as date) as period_end
        from (
            select grain, months, days,
                unnest(list_transform(range(400), lambda n: n + 1)) as number,
                cast(date_trunc(grain, cast($first as date)) + to_months(months * (number - 1))
                    + to_days(days * (number - 1)) as date) as starts
            from (values ('day', 0, 1), ('week', 0, 7), ('month', 1, 0), ('quarter', 3, 0),
                ('year', 12, 0)) as grains (grain, months, days)
        )
        where starts <= $as_of
    ),
    known as (
        select *, unnest(string_split(dimensions, ',')) as dimension,
            coalesce(cohort_days, 0) as days
        from kpi.definitions
    ),
    rows as (
        select period_grain, period_start, period_end, kpi, known.dimension, member,
            process, unit, is_proportion, shape, days,
            case
                when shape = 'median' then null
                when shape in ('total', 'sum') then 1000 * member_number + period_number
                when is_proportion then 12 + period_number % 5
                else 340
            end as numerator,
            case
                when shape in ('total', 'sum') then null
                when is_proportion then 31 * (1 + member_number % 2)
                when member_number = 3 then 0
                else 12
            end as denominator,
            period_end <= $as_of and period_end + to_days(days) <= $as_of as is_mature,
        from known
        inner join members using (dimension)
        cross join periods
    ),
    valued as (
        select *, case when denominator is null then numerator
            when denominator = 0 then null else numerator / denominator end as value,
            case when kpi in ('leads', 'cost_per_lead', 'lead_quality_rate') and is_mature
                then case unit when 'ratio' then 0.5 when 'money' then 25 else 1000 end
            end as target
        from rows
    )
select period_grain, period_start, kpi, dimension, member, period_end, process,
    cast(numerator as decimal(38, 4)) as numerator,
    cast(denominator as decimal(38, 4)) as denominator,
    cast(value as double) as value, unit, cast(target as double) as target,
    cast(lag(value) over (partition by period_grain, kpi, dimension, member order by period_start)
        as double) as previous_value,
    is_mature, coalesce(denominator < 30, false) as is_small,
    cast(case when is_proportion then value * 0.6 end as double) as low,
    cast(case when is_proportion then least(1, value * 1.4) end as double) as high,
    case when value is null then 'no_value' when not is_mature then 'immature'
        when target is null then 'no_target' when value >= target then 'on_target'
        else 'off_target' end as status
from valued
"""

Publish = Callable[..., None]
OpenPage = Callable[..., AppTest]


def written_marts(file: Path, build_id: str, first: date, as_of: date, business: str) -> None:
    """Write one published file: the numbers of one company from its first day to as-of."""
    with duckdb.connect(str(file)) as connection:
        for schema in ("kpi", "ops", "core", "quarantine"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            f"create table kpi.definitions as select * from read_csv('{DEFINITIONS}', types = "
            "{'cohort_days': 'int', 'is_proportion': 'boolean'})"
        )
        connection.execute(
            "create temp table members (dimension text, member text, member_number int)"
        )
        connection.executemany(
            "insert into members values (?, ?, ?)",
            [
                (dimension, member, number)
                for dimension, members in MEMBERS.items()
                for number, member in enumerate(members, start=1)
            ],
        )
        connection.execute(SCORECARD, {"first": first, "as_of": as_of})
        write_ops(connection, build_id, as_of, business)
        write_process_marts(connection, first, as_of)
        write_rows(connection, first, as_of)
        write_weak_places(connection, as_of)
        write_change_drivers(connection, as_of)
        write_priced(connection, first, as_of)


def write_ops(
    connection: duckdb.DuckDBPyConnection, build_id: str, as_of: date, business: str
) -> None:
    """Write the tables that tell what was loaded and checked."""
    connection.execute(
        "create table ops.settings as select ? as business_name, 'EUR' as currency, "
        "'Europe/Bucharest' as timezone, 'RO' as country, ?::date as as_of, ? as build_id, "
        "60 as maturity_days, "
        "timestamp '2026-11-01 03:00:00' as built_at",
        [business, as_of, build_id],
    )
    connection.execute(
        "create table ops.sources as select 'shop' as source, feed, 'csv' as connector, "
        "timestamp '2026-11-01 02:50:00' as last_landed_at, "
        "timestamp '2026-11-01 02:55:00' as last_loaded_at, ?::date as fresh_until, "
        "100 as rows_read, 90 as rows_current, 3 as rows_quarantined, null::text as new_columns, "
        "null::text as refused_reason from (select unnest(?) as feed)",
        [as_of, list(FEEDS)],
    )
    connection.execute(
        "create table ops.rows as select feed, source, 100 as read, 90 as current, "
        "5 as superseded, 2 as after_as_of, 3 as quarantined from ops.sources"
    )
    connection.execute(
        "create table ops.loads as select ? as load_id, ?::date as through, "
        "timestamp '2026-11-01 02:50:00' as started_at, step, null::text as source, "
        "2.5 as seconds, 'ok' as outcome, '' as message "
        "from (select unnest(['plan', 'land', 'load', 'build', 'audit']) as step)",
        [build_id, as_of],
    )
    connection.execute(
        "create table ops.audits as select ? as build_id, 'orders' as suite, "
        "'revenue adds up' as expectation, 'critical' as severity, true as success, "
        "'0 of 100' as observed, 0::bigint as failing_rows, 'Every cent counts.' as notes",
        [build_id],
    )


def write_rows(connection: duckdb.DuckDBPyConnection, first: date, as_of: date) -> None:
    """Write a row per day of every feed, and three rows of orders that did not fit."""
    for feed, day in DAYS.items():
        connection.execute(
            f"create table if not exists core.{feed} as select cast(range as date) as {day}, "
            "'shop' as _source, true as is_completed, "
            "case when day(range) = 1 then 5.0 end as cost_of_goods "
            "from range(?::timestamp, ?::timestamp + to_days(1), to_days(1))",
            [first, as_of],
        )
        columns = ", ".join(f"null::text as {column}" for column in FEEDS[feed].column_names)
        connection.execute(
            f"create table quarantine.{feed} as select {columns}, null::text as extra, "
            "'The amount is negative.' as _reason, 'shop' as _source, 'd' as _delivery, "
            "'inbox/orders.csv' as _file, range + 2 as _line "
            f"from range({3 if feed == 'orders' else 0})"
        )


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file of a company that began on 10 June 2026 and counts through October."""
    file = tmp_path_factory.mktemp("company") / "marts.duckdb"
    written_marts(file, "company", date(2026, 6, 10), date(2026, 10, 31), "Nordic Espresso")
    return file


@pytest.fixture
def write_marts() -> Callable[[Path, str, date, date, str], None]:
    """Write one published file of a company of one's own."""
    return written_marts


@pytest.fixture
def publish(home: Home, company_file: Path) -> Publish:
    """Publish a file as publishing does: under a new name, then the symlink at once."""

    def published(build_id: str = "20261101T025000Z", file: Path = company_file) -> None:
        home.published.mkdir(parents=True, exist_ok=True)
        target = home.published / f"marts-{build_id}.duckdb"
        shutil.copyfile(file, target)
        unfinished = home.published / ".marts.unfinished"
        unfinished.symlink_to(target.name)
        os.replace(unfinished, home.marts)

    return published


@pytest.fixture
def open_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Open a page of the report as a visitor does, with choices in the address."""
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv(HOME_VARIABLE, str(home.path))

    def opened(page: str = "overview", **choices: str) -> AppTest:
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, text in choices.items():
            # `from` is a word of Python's.
            test.query_params[name.removesuffix("_")] = text
        if page != "overview":
            test.switch_page(f"app_pages/{page}.py")
        return test.run()

    yield opened
    st.cache_data.clear()
    st.cache_resource.clear()

"""Which days a load counts, and what is refused before anything is read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketing_warehouse import journal
from marketing_warehouse.errors import ConfigError, MissingKeyError
from marketing_warehouse.paths import Home
from marketing_warehouse.plan import plan
from marketing_warehouse.schedule import business_timezone

BUSINESS = """\
business: {name: Mini, currency: EUR, timezone: Europe/Bucharest, country: RO}
sources:
  - {name: shop, feed: orders, connector: csv, path: inbox/orders.csv}
  - {name: crm, feed: leads, connector: csv, path: inbox/leads.csv}
"""
BUCHAREST = ZoneInfo("Europe/Bucharest")


@pytest.fixture
def business(home: Home) -> Home:
    home.business_yml.write_text(BUSINESS)
    return home


def test_a_plan_names_the_sources_and_opens_the_journal(business: Home) -> None:
    planned = plan(business, through="2026-01-31")
    assert planned.sources == ["shop", "crm"]
    assert planned.through == date(2026, 1, 31)
    assert journal.through_of(business, planned.load_id) == date(2026, 1, 31)
    (step,) = journal.read_steps(business, planned.load_id)
    assert (step.step, step.outcome) == ("plan", "ok")


def test_by_default_yesterday_in_the_zone_of_the_business_is_the_last_day(business: Home) -> None:
    assert plan(business).through == datetime.now(BUCHAREST).date() - timedelta(days=1)


def test_a_schedule_counts_the_day_before_its_interval_ends_in_the_business_zone(
    business: Home,
) -> None:
    """05:00 in Bucharest is 03:00 UTC in winter; an end at 22:30 UTC is already the next day."""
    morning = (datetime(2026, 1, 9, 3, tzinfo=UTC), datetime(2026, 1, 10, 3, tzinfo=UTC))
    assert plan(business, interval=morning).through == date(2026, 1, 9)
    midnight = (datetime(2026, 1, 9, 3, tzinfo=UTC), datetime(2026, 1, 9, 22, 30, tzinfo=UTC))
    assert plan(business, interval=midnight).through == date(2026, 1, 9)


def test_an_empty_interval_is_an_error_and_not_a_green_load_of_nothing(business: Home) -> None:
    moment = datetime(2026, 1, 10, 3, tzinfo=UTC)
    with pytest.raises(ConfigError, match="empty interval"):
        plan(business, interval=(moment, moment))


@pytest.mark.parametrize(
    ("through", "said"),
    [
        ("31.12.2025", "write it as YYYY-MM-DD"),
        ("2999-01-01", "is not over yet in Europe/Bucharest"),
        ("1999-12-31", "lies before all history, which begins 2000-01-01"),
    ],
)
def test_a_last_day_that_cannot_be_counted_is_refused(
    business: Home, through: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        plan(business, through=through)


def test_a_refused_plan_stays_in_the_journal_with_its_reason(business: Home) -> None:
    business.business_yml.write_text(BUSINESS.replace("feed: orders", "feed: ordres"))
    with pytest.raises(ConfigError):
        plan(business)
    (load_id,) = journal.load_ids(business)
    (step,) = journal.read_steps(business, load_id)
    assert step.outcome == "failed"
    assert "ordres" in step.message


def test_no_load_is_planned_without_a_key_for_personal_data(business: Home) -> None:
    business.hash_key_file.unlink()
    with pytest.raises(MissingKeyError, match="There is no key"):
        plan(business)


@pytest.mark.parametrize(
    "text", ["", "business: [", "business: {timezone: Mars/Olympus}", "business: 7", "- a list"]
)
def test_a_schedule_has_a_zone_even_while_business_yml_is_broken(home: Home, text: str) -> None:
    home.business_yml.write_text(text)
    assert business_timezone(home) == "UTC"


def test_a_schedule_has_a_zone_even_before_there_is_a_business_yml(home: Home) -> None:
    assert business_timezone(home) == "UTC"

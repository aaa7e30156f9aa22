"""Write a random company into a home: CSV files as a shop would export them, and business.yml."""

import csv
from typing import Any

from ruamel.yaml import YAML

from marketing_warehouse.paths import Home
from tests.oracle.feed_rows import TextRow
from tests.oracle.random_companies import RandomCompany
from tests.oracle.settings import Criterion

# How this company's shop names and spells what the feed orders calls otherwise.
ORDER_COLUMNS = {"order_id": "id", "gross_amount": "total", "status": "state"}
ORDER_STATES = {"paid": "completed", "void": "cancelled"}
ORDER_AMOUNTS = ("gross_amount", "discount_amount", "refund_amount", "cost_of_goods")


def write_company(company: RandomCompany, home: Home) -> None:
    """Write a company's files and business.yml into a home."""
    home.inbox.mkdir(parents=True, exist_ok=True)
    for feed, rows in company.feeds.items():
        _write_files(home, feed, rows)
    YAML(typ="safe").dump(_business(company), home.business_yml)


def with_extra(company: RandomCompany) -> dict[str, list[TextRow]]:
    """Return the feeds as they are after mapping: columns kept for criteria are in `extra`."""
    feeds = dict(company.feeds)
    feeds["leads"] = [_budget_in_extra(row) for row in feeds["leads"]]
    return feeds


def _budget_in_extra(row: TextRow) -> TextRow:
    kept = dict(row)
    budget = kept.pop("declared_budget", None)
    return {**kept, "extra": f'{{"declared_budget": "{budget}"}}'} if budget else kept


def _write_files(home: Home, feed: str, rows: list[TextRow]) -> None:
    if feed == "orders":
        rows = [_in_the_shops_words(row) for row in rows]
    columns = list(dict.fromkeys(column for row in rows for column in row if column[0] != "_"))
    for name in dict.fromkeys(row["_file"] for row in rows):
        with (home.path / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file,
                columns,
                extrasaction="ignore",
                delimiter=";" if feed == "orders" else ",",
            )
            writer.writeheader()
            writer.writerows(row for row in rows if row["_file"] == name)


def _in_the_shops_words(row: TextRow) -> TextRow:
    words = {state: word for word, state in ORDER_STATES.items()}
    told = dict(row)
    told["status"] = words.get(told["status"], told["status"])
    for column in ORDER_AMOUNTS:
        if column in told:
            told[column] = told[column].replace(".", ",")
    return {ORDER_COLUMNS.get(column, column): text for column, text in told.items()}


def _business(company: RandomCompany) -> dict[str, Any]:
    settings = company.settings
    return {
        "business": {
            "name": "Random",
            "currency": settings.currency,
            "timezone": settings.timezone,
            "country": settings.country,
        },
        "customer_after": {"completed_orders": settings.customer_after},
        "identity": {"match_on": list(settings.match_on), "ignore": list(settings.ignore)},
        "kpi": {
            "lead_dedup_days": settings.lead_dedup_days,
            "lead_to_customer_days": settings.lead_to_customer_days,
            "first_contact_hours": settings.first_contact_hours,
            "maturity_days": settings.maturity_days,
            "active_customer_days": settings.active_customer_days,
        },
        "target_audience": [_criterion(company, one) for one in settings.target_audience],
        "lead_filter": [_criterion(company, one) for one in settings.lead_filter],
        "sources": [_source(feed) for feed in company.feeds],
    }


def _criterion(company: RandomCompany, criterion: Criterion) -> dict[str, Any]:
    validity = {"valid_from": criterion.valid_from, "valid_to": criterion.valid_to}
    return {
        "name": criterion.name,
        "where": company.where[criterion.name],
        **{bound: day for bound, day in validity.items() if day},
    }


def _source(feed: str) -> dict[str, Any]:
    source: dict[str, Any] = {
        "name": feed,
        "feed": feed,
        "connector": "csv",
        "path": f"inbox/{feed}_*.csv",
    }
    if feed == "orders":
        source |= {
            "options": {"delimiter": ";", "decimal": ","},
            "columns": ORDER_COLUMNS,
            "values": {"status": ORDER_STATES},
        }
    if feed == "leads":
        source |= {"options": {"timezone": "Europe/Bucharest"}, "keep": ["declared_budget"]}
    return source

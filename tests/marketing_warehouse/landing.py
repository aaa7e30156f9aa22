"""Landing in tests: a source, its files, and the rows that were landed of them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from marketing_warehouse import journal
from marketing_warehouse.config import read_config
from marketing_warehouse.land import land
from marketing_warehouse.paths import Home

BUSINESS = "business: {name: Shop, currency: EUR, timezone: Europe/Bucharest, country: RO}\n"
ORDERS = "order_id,ordered_at,status,currency,gross_amount\n"


def write_config(home: Home, source: str = "path: inbox/*.csv", feed: str = "orders") -> None:
    """Write a business.yml with one csv source called shop and more keys of it, one to a line."""
    connector = "" if "connector:" in source else "\n    connector: csv"
    lines = source.replace("\n", "\n    ")
    home.business_yml.write_text(
        f"{BUSINESS}sources:\n  - name: shop\n    feed: {feed}{connector}\n    {lines}\n"
    )


def land_shop(home: Home, load_id: str = "") -> list[str]:
    """Land the source shop in a load of its own."""
    if load_id:
        (home.loads / load_id).mkdir(parents=True, exist_ok=True)
        (home.loads / load_id / "about.json").write_text('{"through": "2026-01-31"}')
    load_id = load_id or journal.start(home, date(2026, 1, 31))
    return land(home, read_config(home.business_yml), "shop", load_id)


def delivery(home: Home, name: str) -> Path:
    """Return the path of a delivery of the source shop."""
    (path,) = home.landing.glob(f"*/shop/{name}.parquet")
    return path


def rows_of(home: Home, name: str) -> list[dict[str, str | None]]:
    """Return the rows of a delivery."""
    rows: list[dict[str, str | None]] = pq.read_table(delivery(home, name)).to_pylist()
    return rows


def said_of(home: Home, name: str) -> dict[str, Any]:
    """Return what a delivery says of itself."""
    said: dict[str, Any] = json.loads(pq.read_schema(delivery(home, name)).metadata[b"delivery"])
    return said


def land_only(home: Home, columns: str) -> list[tuple[str | None, ...]]:
    """Land the one new file of the source shop and return some columns of its rows."""
    (name,) = land_shop(home)
    return [tuple(row[column] for column in columns.split()) for row in rows_of(home, name)]

"""Shopify: the contract, and what is its own: buckets of costs, bulk, scopes, taxes in prices."""

import bisect
import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from marketing_warehouse.connectors import shopify
from marketing_warehouse.errors import CredentialsRefusedError, SourceRefusedError
from marketing_warehouse.paths import PROJECT, Home
from tests.marketing_warehouse.connectors.contract import Contract, with_option
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi, cut

BEGIN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Bucharest's clocks change
TOKEN = "shpat_6d6172746f72"
EXPORTS = PROJECT.parent / "shared/data/api_exports/fivetran_dbt_shopify"
# Every word that the documented schema of 2026-10 has for what is asked here.
SCHEMA = set(
    re.findall(
        r"\w+",
        """
    query mutation Orders Count Lines Bulk String ID which after first id sortKey UPDATED_AT
    orders ordersCount limit count pageInfo hasNextPage endCursor nodes edges node order lineItems
    legacyResourceId test createdAt processedAt updatedAt cancelledAt displayFinancialStatus
    sourceName email phone customer taxesIncluded totalTaxSet currentTotalTaxSet shopMoney amount
    currencyCode totalShippingPriceSet totalRefundedSet totalRefundedShippingSet currentQuantity
    originalTotalSet discountAllocations allocatedAmountSet taxLines priceSet variant inventoryItem
    unitCost currentAppInstallation accessScopes handle asked bulkOperationRunQuery groupObjects
    true bulkOperation userErrors field message status errorCode objectCount url updated_at
    """,
    )
)


class ShopifyApi(VendorApi):
    """One address for all questions, whose costs fill a bucket; results of bulk elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[dict[str, Any]] = []
        self.scopes = ["read_orders", "read_all_orders", "read_products", "read_inventory"]
        self.known = TOKEN
        self.bucket = 2000
        self.operations: dict[str, dict[str, Any]] = {}
        self.lines_at_once = 50

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/results/"):
            assert "X-Shopify-Access-Token" not in asked.headers
            return Answer(self.operations[asked.path.rpartition("/")[2]]["result"])
        if asked.path == "/admin/oauth/access_token":
            said = parse_qs(asked.body.decode())
            if (said["client_id"], said["client_secret"]) != (["c1"], ["shpss_6e6f76"]):
                return Answer({"error": "application_cannot_be_found"}, 400)
            self.known = f"shpat_{len(self.asked)}"
            return Answer({"access_token": self.known, "expires_in": 86399})
        if asked.headers.get("X-Shopify-Access-Token") != self.known:
            return Answer({"errors": "[API] Invalid API key or access token"}, 401)
        if asked.path != "/admin/api/2026-10/graphql.json":
            return Answer({"errors": "Not Found"}, 404)
        query, variables = asked.json["query"], asked.json.get("variables") or {}
        unknown = set(re.findall(r"[a-zA-Z_]+", re.sub(r"'[^']*'", "", query))) - SCHEMA
        if unknown:
            message = f"Field '{min(unknown)}' doesn't exist on type 'Order'"
            return Answer(
                {"errors": [{"message": message, "extensions": {"code": "undefinedField"}}]}
            )
        if "unitCost" in query and "read_inventory" not in self.scopes:
            message = (
                "Access denied for unitCost field. Required access: `read_inventory` access scope."
            )
            return Answer(
                {"errors": [{"message": message, "extensions": {"code": "ACCESS_DENIED"}}]}
            )
        return self._costed(100, lambda: self._data(query, variables))

    def _costed(self, cost: int, data: Any) -> Answer:
        status = {"maximumAvailable": 2000, "currentlyAvailable": self.bucket, "restoreRate": 1000}
        extensions = {"cost": {"requestedQueryCost": cost, "throttleStatus": status}}
        if self.bucket < cost:
            self.bucket = 2000
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return Answer({"errors": [error], "extensions": extensions})
        return Answer({"data": data(), "extensions": extensions})

    def _data(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        if "currentAppInstallation" in query:
            scopes = [{"handle": scope} for scope in self.scopes]
            return {"currentAppInstallation": {"accessScopes": scopes}}
        if "ordersCount" in query:
            first, last = self._span(variables["which"])
            return {"ordersCount": {"count": min(last - first, 10_000)}}
        if "bulkOperationRunQuery" in query:
            return {"bulkOperationRunQuery": self._start(variables["asked"])}
        if "bulkOperation(" in query:
            return {"bulkOperation": self._look(variables["id"])}
        if "order(id" in query:
            (order,) = (one for one in self.orders if one["id"] == variables["id"])
            return {"order": {"lineItems": self._lines(order, int(variables["after"]), 250)}}
        return {"orders": self._page(variables)}

    def _span(self, which: str) -> tuple[int, int]:
        bounds = dict(re.findall(r"updated_at:(>=|<)'([^']*)'", which))
        place = [
            bisect.bisect_left(self.orders, bounds[sign], key=lambda one: one["updatedAt"])
            if sign in bounds
            else missing
            for sign, missing in ((">=", 0), ("<", len(self.orders)))
        ]
        return place[0], place[1]

    def _page(self, variables: dict[str, Any]) -> dict[str, Any]:
        first, last = self._span(variables["which"])
        if variables["after"]:  # a cursor is the place that the last order has by its key
            key = tuple(json.loads(variables["after"]))
            first = bisect.bisect_right(self.orders, key, key=_key)
        page = self.orders[first : min(first + 50, last)]
        shown = [{**one, "lineItems": self._lines(one, 0, self.lines_at_once)} for one in page]
        end = json.dumps(_key(page[-1])) if page else None
        info = {"hasNextPage": first + 50 < last, "endCursor": end}
        return {"pageInfo": info, "nodes": shown}

    def _lines(self, order: dict[str, Any], after: int, most: int) -> dict[str, Any]:
        lines = order["lineItems"][after : after + most]
        more = after + most < len(order["lineItems"])
        return {
            "pageInfo": {"hasNextPage": more, "endCursor": str(after + most)},
            "nodes": lines,
        }

    def _start(self, query: str) -> dict[str, Any]:
        first, last = self._span(query)
        number = str(len(self.operations) + 1)
        self.operations[number] = {"looks": 0, "span": (first, last)}
        operation = {"id": f"gid://shopify/BulkOperation/{number}"}
        return {"bulkOperation": operation, "userErrors": []}

    def _look(self, id: str) -> dict[str, Any]:  # noqa: A002  # as Shopify calls it
        number = id.rpartition("/")[2]
        operation = self.operations[number]
        operation["looks"] += 1
        said = {"status": "RUNNING", "errorCode": None, "objectCount": "7", "url": None}
        if operation["looks"] > 1:
            first, last = operation["span"]
            operation["result"] = b"".join(_jsonl(self.orders[first:last]))
            address = f"{self.url.replace('127.0.0.1', 'localhost')}/results/{number}"
            said |= {"status": "COMPLETED", "url": address if last > first else None}
        return said


def _key(order: dict[str, Any]) -> tuple[str, str]:
    return order["updatedAt"], order["id"]


def _jsonl(orders: list[dict[str, Any]]) -> Iterator[bytes]:
    for one in reversed(orders):  # a bulk operation promises no order
        yield json.dumps({**one, "lineItems": None}).encode() + b"\n"
        for line in one["lineItems"]:
            yield json.dumps({**line, "__parentId": one["id"]}).encode() + b"\n"


def money(amount: str, currency: str = "RON") -> dict[str, Any]:
    """Return a MoneyBag; what the customer saw is another currency."""
    seen = {"amount": str(Decimal(amount) / 5), "currencyCode": "EUR"}
    return {"shopMoney": {"amount": amount, "currencyCode": currency}, "presentmentMoney": seen}


def line(
    number: int, price: str, off: str = "0.0", tax: str = "0.0", cost: str | None = "3.5"
) -> Any:
    """Return a line of two pieces."""
    unit = {"amount": cost, "currencyCode": "RON"} if cost else None
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "currentQuantity": 2,
        "originalTotalSet": money(price),
        "discountAllocations": [{"allocatedAmountSet": money(off)}] if off != "0.0" else [],
        "taxLines": [{"priceSet": money(tax)}] if tax != "0.0" else [],
        "variant": {"inventoryItem": {"unitCost": unit}},
    }


LINES = [line(1, "60.0", "10.0", "9.5"), line(2, "40.0", tax="7.6")]
NOTHING, WAY, TAXES = money("0.0"), money("15.0"), money("17.1")


def order(number: int, **more: Any) -> dict[str, Any]:
    """Return an order of 100 lei of goods, 10 off, 17.10 of taxes and 15 for the way."""
    moment = (BEGIN + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": f"gid://shopify/Order/{7000 + number}",
        "legacyResourceId": str(7000 + number),
        "test": False,
        "createdAt": moment,
        "processedAt": moment,
        "updatedAt": moment,
        "cancelledAt": None,
        "displayFinancialStatus": ("PAID", "PENDING", "VOIDED")[number % 3],
        "sourceName": "web",
        "email": f"Ștefan{number}@example.com",
        "phone": f"+4073{number:07d}",
        "customer": {"id": f"gid://shopify/Customer/{number}"} if number % 2 else None,
        "taxesIncluded": False,
        "totalTaxSet": TAXES,
        "currentTotalTaxSet": TAXES,
        "totalShippingPriceSet": WAY,
        "totalRefundedSet": NOTHING,
        "totalRefundedShippingSet": NOTHING,
        "lineItems": LINES,
        **more,
    }


STATUS = {"PAID": "completed", "PENDING": "pending", "VOIDED": "cancelled"}


class TestShopify(Contract):
    """Shopify keeps the contract."""

    source = """
connector: shopify
options: {url: "{url}", start: 2026-01-01, slice_days: 3650}
"""
    feed = "orders"
    credentials: ClassVar = {"access_token": TOKEN}
    page = 50
    shown = ("order_id", "ordered_at", "status", "currency", "gross_amount", "discount_amount")

    def make_api(self) -> ShopifyApi:
        return ShopifyApi()

    def requests_before_pages(self, _: Any) -> int:
        return 2  # which scopes there are, and how many orders

    def fill(self, api: ShopifyApi, count: int) -> None:
        api.orders = [order(number) for number in range(count)]

    def change(self, api: ShopifyApi, place: int) -> None:
        newest = max(datetime.fromisoformat(one["updatedAt"]) for one in api.orders)
        later = (newest + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines = [*api.orders[place]["lineItems"], line(99, "25.0")]
        api.orders[place] |= {"updatedAt": later, "lineItems": lines}
        api.orders.sort(key=_key)

    def expected(self, api: ShopifyApi) -> list[tuple[Any, ...]]:
        return [
            (
                one["legacyResourceId"],
                datetime.fromisoformat(one["createdAt"]).replace(tzinfo=None),
                STATUS[one["displayFinancialStatus"]],
                "RON",
                _money(125 if len(one["lineItems"]) == 3 else 100),
                _money(10),
            )
            for one in api.orders
            if not one["test"]
        ]

    def refuse_token(self, api: ShopifyApi) -> None:
        api.known = ""

    def personal(self, api: ShopifyApi) -> list[str]:
        return [one["email"] for one in api.orders] + ["+4073"]

    def amounts(
        self, home: Home, api: ShopifyApi, *orders: dict[str, Any]
    ) -> list[tuple[Any, ...]]:
        """Return the amounts of these orders alone."""
        api.orders = list(orders)
        self.shown = (  # type: ignore[misc]
            "gross_amount",
            "discount_amount",
            "refund_amount",
            "cost_of_goods",
            "tax_amount",
            "shipping_amount",
        )
        self.land(home)
        return self.current(home)

    def test_an_app_that_has_no_lasting_token_buys_one_and_another_when_it_has_expired(
        self, shop: Home, api: ShopifyApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("WAREHOUSE_SOURCE_SHOP_ACCESS_TOKEN")
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_CLIENT_ID", "c1")
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_CLIENT_SECRET", "shpss_6e6f76")
        self.fill(api, 120)
        api.before[3] = lambda: setattr(api, "known", "expired")
        self.check(shop, api)
        bought = [asked.path for asked in api.asked].count("/admin/oauth/access_token")
        assert bought == 2
        assert not [asked for asked in api.asked if "Authorization" in asked.headers]
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_CLIENT_SECRET", "wrong")
        with pytest.raises(CredentialsRefusedError, match="gave no token"):
            self.land(shop)

    def test_many_orders_come_by_a_bulk_operation(self, shop: Home, api: ShopifyApi) -> None:
        self.fill(api, 1_200)
        api.orders[3]["test"] = True
        self.check(shop, api)
        assert len(api.operations) == 1

    def test_a_bulk_result_that_breaks_off_is_fetched_again_to_its_end(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        self.fill(api, 1_200)
        api.mischief.extend([None] * 5 + [cut])  # scopes, count, start, two looks
        self.check(shop, api)
        assert [asked.path for asked in api.asked].count("/results/1") == 2

    def test_a_first_reading_goes_year_by_year(self, shop: Home, api: ShopifyApi) -> None:
        self.fill(api, 3)
        api.orders[0]["updatedAt"] = "2019-05-01T00:00:00Z"
        text = shop.business_yml.read_text().replace("2026-01-01, slice_days: 3650", "2019-01-01")
        shop.business_yml.write_text(text)
        self.check(shop, api)
        counted = sum("ordersCount" in asked.body.decode() for asked in api.asked)
        assert counted == (datetime.now(UTC) - datetime(2019, 1, 1, tzinfo=UTC)).days // 365 + 1

    def test_an_empty_bucket_is_waited_for(self, shop: Home, api: ShopifyApi) -> None:
        self.fill(api, 3)
        api.bucket = 40
        self.check(shop, api)

    def test_test_orders_are_left_out(self, shop: Home, api: ShopifyApi) -> None:
        self.fill(api, 4)
        api.orders[2]["test"] = True
        self.check(shop, api)

    def test_an_order_with_more_lines_than_come_with_it_is_read_to_its_end(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        api.lines_at_once = 50
        long = order(0, lineItems=[line(number, "2.0") for number in range(320)])
        ((gross, *_),) = self.amounts(shop, api, long)
        assert gross == _money(640)

    def test_taxes_in_prices_are_taken_out_of_goods_and_discounts(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        # 119.00 with 19 % in it, 11.90 off: 100 without taxes, 10 off, 17.10 of taxes.
        goods = order(0, taxesIncluded=True, lineItems=[line(1, "119.0", "11.9", "17.1")])
        assert self.amounts(shop, api, goods) == [tuple(map(_money, (100, 10, 0, 7, "17.1", 15)))]

    def test_a_refund_counts_without_taxes_and_shipping(self, shop: Home, api: ShopifyApi) -> None:
        # Half of 90 lei of goods with 8.55 of taxes, and 15 for the way, come back: 68.55.
        back = {"totalRefundedSet": money("68.55"), "totalRefundedShippingSet": money("15.0")}
        taxed = order(0, currentTotalTaxSet=money("8.55"), **back)
        # With taxes in prices 53.55 of goods are 45 without 19 %.
        included = order(
            1, taxesIncluded=True, lineItems=[line(1, "119.0", "11.9", "17.1")], **back
        )
        assert [row[2] for row in self.amounts(shop, api, taxed, included)] == [_money(45)] * 2

    def test_what_was_taken_back_costs_nothing_and_an_unknown_cost_is_unknown(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        kept, returned, unknown = line(1, "9.0"), line(2, "9.0"), line(3, "9.0", cost=None)
        returned["currentQuantity"] = 1
        orders = order(0, lineItems=[kept, returned]), order(1, lineItems=[kept, unknown])
        costs = [row[3] for row in self.amounts(shop, api, *orders)]
        assert costs == [None, _money("10.5")] or costs == [_money("10.5"), None]

    def test_a_cancelled_order_stays_cancelled_when_its_money_is_back(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        moment = "2026-04-01T00:00:00Z"
        api.orders = [
            order(0, displayFinancialStatus="REFUNDED", cancelledAt=moment),
            order(1, displayFinancialStatus="REFUNDED"),
            order(2, displayFinancialStatus="PARTIALLY_REFUNDED"),
        ]
        self.shown = ("order_id", "status", "customer_id")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [
            ("7000", "cancelled", None),
            ("7001", "refunded", "1"),
            ("7002", "completed", None),
        ]

    def test_an_app_that_sees_sixty_days_says_so_and_reads_all_once_it_may(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        api.scopes.remove("read_all_orders")
        self.fill(api, 2)
        self.check(shop, api)
        written = b"".join(path.read_bytes() for path in shop.path.rglob("*") if path.is_file())
        assert (
            b"of the last 60 days alone, since the app lacks the scope read_all_orders" in written
        )
        api.scopes.append("read_all_orders")
        api.orders.insert(0, order(-100_000))  # in January
        self.check(shop, api)

    def test_a_missing_scope_is_named_and_can_be_done_without(
        self, shop: Home, api: ShopifyApi
    ) -> None:
        api.scopes.remove("read_inventory")
        self.fill(api, 2)
        with pytest.raises(CredentialsRefusedError, match=r"Source shop: .*`read_inventory`"):
            self.land(shop)
        text = with_option(shop.business_yml.read_text(), "cost_of_goods: false")
        shop.business_yml.write_text(text)
        self.check(shop, api)

    def test_a_field_that_is_gone_is_named(
        self, shop: Home, api: ShopifyApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(globals(), "SCHEMA", SCHEMA - {"sourceName"})
        with pytest.raises(SourceRefusedError, match=r"Source shop: .*'sourceName' doesn't exist"):
            self.land(shop)


@pytest.mark.skipif(not EXPORTS.exists(), reason="the exports of real shops are not here")
def test_orders_of_real_shops_become_rows() -> None:
    lines: dict[str, list[dict[str, str]]] = {}
    for row in _export("order_line"):
        lines.setdefault(row["order_id"], []).append(row)
    for row in _export("order"):
        nodes = [
            {
                "originalTotalSet": _bag(one, "original_total_set"),
                "discountAllocations": [{"allocatedAmountSet": _bag(one, "total_discount_set")}],
                "taxLines": [],
            }
            for one in lines.get(row["id"], [])
        ]
        record = {
            "lineItems": {"nodes": nodes},
            "taxesIncluded": row["taxes_included"].lower() == "true",
            "displayFinancialStatus": row["display_financial_status"],
            "cancelledAt": row["cancelled_at"].strip() or None,
            "totalRefundedSet": None,
        }
        assert shopify.status(record) in ("completed", "pending", "cancelled", "refunded")
        sold = sum(
            Decimal(one["original_total_set_shop_amount"]) for one in lines.get(row["id"], [])
        )
        assert shopify.gross(record) == sold
        assert shopify.refund(record) == 0


def _export(name: str) -> Iterator[dict[str, str]]:
    with (EXPORTS / f"shopify_gql_{name}_data.csv").open(encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def _bag(row: dict[str, str], name: str) -> dict[str, Any]:
    return money(row[f"{name}_shop_amount"], row[f"{name}_shop_currency_code"])


def _money(amount: int | str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.0001"))

"""WooCommerce: the contract, and what is its own: GMT, refunds, the trash, guests."""

import base64
import bisect
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.contract import Contract
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

BEGIN = datetime(2026, 3, 29, 0, 30)  # half an hour before the clocks of Bucharest change
KEY, SECRET = "ck_4c6f7265", "cs_697073756d"


class WooCommerceApi(VendorApi):
    """The orders of WordPress: by page, by the time of change in GMT, the trash apart."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[dict[str, Any]] = []
        self.trash: list[dict[str, Any]] = []
        self.shown: list[dict[str, Any]] = []
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.known = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != f"Basic {self.known}":
            body = {"code": "woocommerce_rest_cannot_view", "message": f"No key {KEY} here."}
            return Answer(body, 401)
        path = asked.path.removeprefix("/wp-json/wc/v3/").split("/")
        if path[0] != "orders":
            return Answer({"code": "rest_no_route"}, 404)
        if len(path) == 3:
            return Answer(self.refunds[int(path[1])])
        return self._orders(asked.params)

    def _orders(self, params: dict[str, str]) -> Answer:
        assert params["orderby"] == "modified"
        assert params["dates_are_gmt"] == "true"
        orders = self.trash if params["status"] == "trash" else self.shown
        after = params.get("modified_after", "").removesuffix("Z")
        start = bisect.bisect_right(orders, after, key=lambda one: one["date_modified_gmt"])
        matching = len(orders) - start
        size, page = int(params.get("per_page", 10)), int(params.get("page", 1))
        assert size <= 100
        headers = {"X-WP-Total": str(matching), "X-WP-TotalPages": str(-(-matching // size))}
        start += (page - 1) * size
        return Answer(orders[start : start + size], 200, headers)

    def sort(self) -> None:
        """Put the orders where a change has brought them."""
        ordered = sorted(self.orders, key=lambda one: (one["date_modified_gmt"], one["id"]))
        self.trash = [one for one in ordered if one["status"] == "trash"]
        self.shown = [one for one in ordered if one["status"] != "trash"]


def order(number: int) -> dict[str, Any]:
    """Return an order of 100 lei of goods, 10 off, 19 % tax and 15 for the way."""
    moment = (BEGIN + timedelta(minutes=number)).isoformat()
    return {
        "id": 1000 + number,
        "status": ("processing", "completed", "failed", "on-hold")[number % 4],
        "currency": "RON",
        "date_created_gmt": moment,
        "date_modified_gmt": moment,
        "total": "124.95",
        "total_tax": "19.95",
        "shipping_total": "15.00",
        "discount_total": "10.10",
        "customer_id": 0 if number % 3 else number,
        "billing": {"email": f"Ștefan{number}@example.com", "phone": f"07211{number:05d}"},
        "created_via": "checkout",
        "refunds": [],
        "line_items": [{"name": "Cafea de specialitate ☕", "total": "90.00"}],
    }


STATUS = {"processing": "completed", "failed": "cancelled", "on-hold": "pending", "trash": None}


class TestWooCommerce(Contract):
    """WooCommerce keeps the contract."""

    source = """
connector: woocommerce
options: {url: "{url}"}
"""
    feed = "orders"
    credentials: ClassVar = {"consumer_key": KEY, "consumer_secret": SECRET}
    page = 100
    shown = ("order_id", "ordered_at", "status", "currency", "gross_amount", "discount_amount")

    def make_api(self) -> WooCommerceApi:
        return WooCommerceApi()

    def fill(self, api: WooCommerceApi, count: int) -> None:
        api.orders = [order(number) for number in range(count)]
        api.sort()

    def change(self, api: WooCommerceApi, place: int) -> None:
        changed = api.orders[place]
        newest = max(datetime.fromisoformat(one["date_modified_gmt"]) for one in api.orders)
        changed |= {
            "status": "completed",
            "total": "224.95",
            "date_modified_gmt": (newest + timedelta(minutes=5)).isoformat(),
        }
        api.sort()

    def expected(self, api: WooCommerceApi) -> list[tuple[Any, ...]]:
        rows = []
        for one in api.orders:
            goods = Decimal(one["total"]) - Decimal("19.95") - 15 + Decimal("10.10")
            status = STATUS.get(one["status"], one["status"])
            created = datetime.fromisoformat(one["date_created_gmt"])
            if status:
                rows.append(
                    (str(one["id"]), created, status, "RON", _money(goods), _money("10.10"))
                )
        return rows

    def refuse_token(self, api: WooCommerceApi) -> None:
        api.known = ""

    def personal(self, api: WooCommerceApi) -> list[str]:
        return [one["billing"]["email"] for one in api.orders] + ["07211"]

    def test_an_order_in_the_trash_is_gone_until_it_is_taken_out(
        self, shop: Home, api: WooCommerceApi
    ) -> None:
        self.fill(api, 3)
        self.check(shop, api)
        self.change(api, 1)
        api.orders[1]["status"] = "trash"
        api.sort()
        self.check(shop, api)
        assert [row[0] for row in self.rows_in_raw(shop)] == ["1000", "1002"]
        self.change(api, 1)
        self.check(shop, api)
        assert [row[0] for row in self.rows_in_raw(shop)] == ["1000", "1001", "1002"]

    def test_a_refund_counts_without_taxes_and_shipping(
        self, shop: Home, api: WooCommerceApi
    ) -> None:
        self.fill(api, 1)
        api.orders[0]["refunds"] = [{"id": 7, "total": "-29.75"}]
        api.refunds[1000] = [
            {
                "id": 7,
                "amount": "29.75",
                "line_items": [{"total": "-20.00", "total_tax": "-3.80"}],
                "shipping_lines": [{"total": "-5.00", "total_tax": "-0.95"}],
            }
        ]
        self.shown = ("order_id", "refund_amount", "customer_id")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [("1000", _money("20.00"), None)]

    def test_many_orders_of_one_second_are_all_read(self, shop: Home, api: WooCommerceApi) -> None:
        self.fill(api, 350)
        for one in api.orders[50:300]:
            one["date_modified_gmt"] = api.orders[50]["date_modified_gmt"]
        api.sort()
        self.check(shop, api)


def _money(amount: Decimal | str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.0001"))

"""Stripe: the contract, and what is its own: smallest units, old refunds, taxes of Checkout."""

import bisect
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from marketing_warehouse.errors import CredentialsRefusedError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.contract import Contract, with_option
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

BEGIN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Bucharest's clocks change
KEY = "rk_live_7061636f"


class StripeApi(VendorApi):
    """Lists from the newest on, by id; objects inside others where they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, list[dict[str, Any]]] = {"charges": [], "refunds": []}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.known = KEY
        self.forbidden = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != f"Bearer {self.known}":
            message = f"Invalid API Key provided: {KEY}"
            return Answer({"error": {"type": "invalid_request_error", "message": message}}, 401)
        assert asked.headers["Stripe-Version"] == "2024-06-20"
        name = asked.path.removeprefix("/v1/")
        if name == self.forbidden:
            return Answer({"error": {"message": "The key does not have the permissions."}}, 403)
        if name == "checkout/sessions":
            found = self.sessions.get(asked.params["payment_intent"])
            return self._list([found] if found else [], has_more=False)
        return self._page(name, asked.params)

    def _page(self, name: str, params: dict[str, str]) -> Answer:
        """Answer a page; objects are held oldest first."""
        objects, limit = self.objects[name], int(params["limit"])
        assert limit <= 100

        def place(moment: str | None, missing: int) -> int:
            if moment is None:
                return missing
            return bisect.bisect_left(objects, int(moment), key=lambda one: one["created"])

        first, last = (
            place(params.get("created[gte]"), 0),
            place(params.get("created[lt]"), len(objects)),
        )
        if "starting_after" in params:
            number = int(params["starting_after"].rpartition("_")[2])
            last = bisect.bisect_left(objects, number, key=lambda one: one["number"])
        page = objects[max(first, last - limit) : last][::-1]
        if params.get("expand[]") == "data.charge":
            page = [{**one, "charge": self.charge(one["charge"])} for one in page]
        return self._list(page, has_more=last - limit > first)

    def charge(self, id: str) -> dict[str, Any]:  # noqa: A002  # as Stripe calls it
        """Return a charge."""
        return next(one for one in self.objects["charges"] if one["id"] == id)

    def _list(self, page: list[Any], has_more: bool) -> Answer:
        return Answer({"object": "list", "data": page, "has_more": has_more})


def charge(number: int, **more: Any) -> dict[str, Any]:
    """Return a charge that was paid with 119.95 lei."""
    return {
        "id": f"ch_{number}",
        "number": number,
        "created": int((BEGIN + timedelta(minutes=number)).timestamp()),
        "livemode": True,
        "status": "succeeded",
        "captured": True,
        "refunded": False,
        "amount": 11995,
        "amount_captured": 11995,
        "amount_refunded": 0,
        "currency": "ron",
        "customer": f"cus_{number}" if number % 2 else None,
        "payment_intent": f"pi_{number}",
        "billing_details": {"email": f"Ștefan{number}@example.com", "phone": f"+4075{number:07d}"},
        **more,
    }


class TestStripe(Contract):
    """Stripe keeps the contract."""

    source = """
connector: stripe
options: {url: "{url}", start: 2026-01-01, slice_days: 3650}
"""
    feed = "orders"
    credentials: ClassVar = {"api_key": KEY}
    page = 100
    shown = ("order_id", "ordered_at", "status", "currency", "gross_amount", "refund_amount")

    def make_api(self) -> StripeApi:
        return StripeApi()

    def fill(self, api: StripeApi, count: int) -> None:
        api.objects["charges"] = [charge(number) for number in range(count)]

    def change(self, api: StripeApi, place: int) -> None:
        """Give 20 lei back."""
        changed = api.objects["charges"][place]
        changed["amount_refunded"] += 2000
        refunds = api.objects["refunds"]
        refunds.append(
            {
                "id": f"re_{len(refunds)}",
                "number": len(refunds),
                "created": int(time.time()),
                "charge": changed["id"],
            }
        )

    def expected(self, api: StripeApi) -> list[tuple[Any, ...]]:
        begin = datetime(1970, 1, 1)
        return [
            (
                one["id"],
                begin + timedelta(seconds=one["created"]),
                "completed",
                "RON",
                _money("119.95"),
                _money(20 if one["amount_refunded"] else 0),
            )
            for one in api.objects["charges"]
        ]

    def refuse_token(self, api: StripeApi) -> None:
        api.known = ""

    def personal(self, api: StripeApi) -> list[str]:
        return [one["billing_details"]["email"] for one in api.objects["charges"]] + ["+4075"]

    def test_a_refund_of_a_charge_of_long_ago_is_followed(self, shop: Home, api: StripeApi) -> None:
        self.fill(api, 3)
        api.objects["charges"].append(charge(10**5))  # in June
        self.check(shop, api)
        self.change(api, 0)
        asked = len(api.asked)
        self.check(shop, api)
        again = [each for each in api.asked[asked:] if each.path == "/v1/charges"]
        june = api.objects["charges"][-1]["created"] - 14 * 86_400
        assert [int(each.params["created[gte]"]) for each in again] == [june]

    def test_each_currency_is_counted_in_its_own_smallest_unit(
        self, shop: Home, api: StripeApi
    ) -> None:
        paid = {"eur": "119.95", "jpy": "11995", "kwd": "11.995", "isk": "119.95", "mga": "11995"}
        api.objects["charges"] = [
            charge(number, currency=currency) for number, currency in enumerate(paid)
        ]
        self.shown = ("currency", "gross_amount")  # type: ignore[misc]
        self.land(shop)
        expected = {(name.upper(), _money(amount)) for name, amount in paid.items()}
        assert set(self.current(shop)) == expected

    def test_what_is_reserved_failed_or_a_test_is_no_sale(self, shop: Home, api: StripeApi) -> None:
        reserved = {"captured": False, "amount_captured": 0}
        api.objects["charges"] = [
            charge(0, **reserved),
            charge(1, **reserved, refunded=True, amount_refunded=11995),  # was let go
            charge(2, status="pending"),
            charge(3, status="failed"),
            charge(4, livemode=False),
            charge(5, refunded=True, amount_refunded=11995),
            charge(6, amount_captured=5000),
        ]
        self.shown = ("order_id", "status", "gross_amount", "refund_amount")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [
            ("ch_0", "pending", _money("119.95"), 0),
            ("ch_1", "cancelled", _money("119.95"), _money("119.95")),
            ("ch_2", "pending", _money("119.95"), 0),
            ("ch_5", "refunded", _money("119.95"), _money("119.95")),
            ("ch_6", "completed", _money(50), 0),
        ]

    def test_a_debit_that_fails_after_days_is_no_order_any_more(
        self, shop: Home, api: StripeApi
    ) -> None:
        api.objects["charges"] = [charge(0, status="pending"), charge(1)]
        self.land(shop)
        assert len(self.current(shop)) == 2
        api.objects["charges"][0]["status"] = "failed"
        self.land(shop)
        assert [row[0] for row in self.current(shop)] == ["ch_1"]

    def test_taxes_and_shipping_of_checkout_are_subtracted(
        self, shop: Home, api: StripeApi
    ) -> None:
        # 120 with 20 of taxes and 10 for the way are 90 of goods; half of it comes back.
        api.objects["charges"] = [
            charge(0, amount=12000, amount_captured=12000, amount_refunded=6000)
        ]
        api.sessions["pi_0"] = {"total_details": {"amount_tax": 2000, "amount_shipping": 1000}}
        text = with_option(shop.business_yml.read_text(), "checkout: true")
        shop.business_yml.write_text(text)
        self.shown = (  # type: ignore[misc]
            "gross_amount",
            "refund_amount",
            "tax_amount",
            "shipping_amount",
        )
        self.land(shop)
        assert self.current(shop) == [tuple(map(_money, (90, 45, 20, 10)))]

    @pytest.mark.parametrize(
        ("path", "permission"), [("charges", "Read of Charges"), ("refunds", "Charges and Refunds")]
    )
    def test_a_missing_permission_is_named(
        self, shop: Home, api: StripeApi, path: str, permission: str
    ) -> None:
        api.forbidden = path
        with pytest.raises(CredentialsRefusedError, match=f"lack the permission .*{permission}"):
            self.land(shop)


def _money(amount: int | str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.0001"))

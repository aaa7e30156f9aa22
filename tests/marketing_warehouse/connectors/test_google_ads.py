"""Google Ads: the contract, and what is its own: micros, managers, operations of a day."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from marketing_warehouse import journal, steps
from marketing_warehouse.conclude import sources_cut_short
from marketing_warehouse.connectors.google_ads import COLUMNS
from marketing_warehouse.connectors.rest.values import reader
from marketing_warehouse.credentials import variable_of
from marketing_warehouse.errors import (
    CredentialsRefusedError,
    SourceRefusedError,
)
from marketing_warehouse.paths import PROJECT, Home
from tests.marketing_warehouse.connectors.contract import THROUGH, Contract, with_option
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

EXPORTS = PROJECT.parent / "shared/data/api_exports/fivetran_dbt_google_ads"
ACCOUNT, MANAGER = "1234567890", "9876543210"
REFRESH, SECRET = "1//rt_68656c6c6f", "GOCSPX-6d6f6f6e"
PAGE = 400  # Google's own is 10,000; nobody asks for its size


class GoogleAdsApi(VendorApi):
    """One account under a manager; pages by token; errors as Google words them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []
        self.known = REFRESH
        self.manager = ""
        self.sold = 0
        self.error: tuple[int, str, dict[str, Any]] | None = None

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            if self.known.encode() not in asked.body.replace(b"%2F", b"/"):
                return Answer({"error": "invalid_grant"}, 400)
            self.sold += 1
            return Answer({"access_token": f"ya29.{self.sold}", "expires_in": 3599})
        if asked.headers.get("Authorization") != f"Bearer ya29.{self.sold}":
            return Answer({"error": {"code": 401, "status": "UNAUTHENTICATED"}}, 401)
        if asked.path != f"/v26/customers/{ACCOUNT}/googleAds:search":
            return Answer({"error": {"code": 404, "message": "Not Found"}}, 404)
        if asked.headers.get("login-customer-id", "") != self.manager:
            return failure(403, "authorizationError", "USER_PERMISSION_DENIED")
        if self.error:
            return failure(*self.error)
        return Answer(self._page(asked.json))

    def _page(self, said: dict[str, str]) -> dict[str, Any]:
        assert set(said) <= {"query", "pageToken"}  # pageSize is refused since version 17
        found = re.search(
            r"FROM campaign WHERE segments.date BETWEEN '(.*)' AND '(.*)'", said["query"]
        )
        assert found
        rows = [row for row in self.rows if found[1] <= row["segments"]["date"] <= found[2]]
        start = int(said.get("pageToken", "0"))
        answer: dict[str, Any] = {"fieldMask": "campaign.id"}
        if rows:
            answer["results"] = rows[start : start + PAGE]
        if start + PAGE < len(rows):
            answer["nextPageToken"] = str(start + PAGE)
        return answer


def failure(status: int, kind: str, code: Any, details: Any = None) -> Answer:
    """Return an error whose reason stands deep in its details."""
    reason = {"errorCode": {kind: code}, "message": f"Because of {code}.", "details": details or {}}
    told = {"@type": "type.googleapis.com/GoogleAdsFailure", "errors": [reason]}
    body = {"code": status, "message": "Request contains an invalid argument.", "details": [told]}
    return Answer({"error": body}, status)


def row(number: int) -> dict[str, Any]:
    """Return a campaign's day, as Google spells it: whole numbers are texts."""
    return {
        "customer": {"id": ACCOUNT, "currencyCode": "RON"},
        "campaign": {
            "resourceName": f"customers/{ACCOUNT}/campaigns/{7000 + number}",
            "id": str(7000 + number),
            "name": f"Căutare ☕ {number}",
        },
        "segments": {"date": str(THROUGH - timedelta(days=number % 3))},
        "metrics": {
            "costMicros": str(1_230_000 + number * 100),
            "impressions": "90",
            "clicks": "7",
        },
    }


class TestGoogleAds(Contract):
    """Google Ads keeps the contract."""

    source = """
connector: google_ads
options: {url: "{url}", accounts: ["123-456-7890"], start: 2026-10-25}
"""
    feed = "ad_spend"
    credentials: ClassVar = {
        "client_id": "4711.apps.example",
        "client_secret": SECRET,
        "refresh_token": REFRESH,
    }
    page = PAGE
    shown = ("spend_date", "account_id", "campaign_id", "campaign_name", "currency", "spend")

    @pytest.fixture(autouse=True)
    def _token_address(self, api: GoogleAdsApi, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(variable_of("shop") + "TOKEN_URL", f"{api.url}/token")

    def make_api(self) -> GoogleAdsApi:
        return GoogleAdsApi()

    def requests_before_pages(self, _: Any) -> int:
        return 1

    def fill(self, api: GoogleAdsApi, count: int) -> None:
        api.rows = [row(number) for number in range(count)]

    def change(self, api: GoogleAdsApi, place: int) -> None:
        api.rows[place]["metrics"]["costMicros"] = "999999900"

    def expected(self, api: GoogleAdsApi) -> list[tuple[Any, ...]]:
        return [
            (
                date.fromisoformat(one["segments"]["date"]),
                ACCOUNT,
                one["campaign"]["id"],
                one["campaign"]["name"],
                "RON",
                Decimal(one["metrics"]["costMicros"]) / 1_000_000,
            )
            for one in api.rows
        ]

    def refuse_token(self, api: GoogleAdsApi) -> None:
        api.known, api.sold = "another one", api.sold + 1

    def test_a_day_that_is_gone_from_the_answer_is_gone(
        self, shop: Home, api: GoogleAdsApi
    ) -> None:
        self.fill(api, 4)
        self.check(shop, api)
        del api.rows[1]
        self.check(shop, api)

    def test_operations_that_are_used_up_end_the_source_for_today(
        self, shop: Home, api: GoogleAdsApi
    ) -> None:
        api.error = (429, "quotaError", "RESOURCE_EXHAUSTED")
        load_id = journal.start(shop, THROUGH)
        assert steps.land(str(shop.path), load_id, "shop") == []
        cut_short = sources_cut_short(journal.read_steps(shop, load_id))
        assert cut_short["shop"].startswith("Source shop: its API answers no more requests today")

    def test_an_account_is_reached_through_its_manager_alone(
        self, shop: Home, api: GoogleAdsApi
    ) -> None:
        self.fill(api, 1)
        api.manager = MANAGER
        with pytest.raises(CredentialsRefusedError, match=r"Source shop: .*login_customer_id"):
            self.land(shop)
        text = with_option(shop.business_yml.read_text(), "login_customer_id: 987-654-3210")
        shop.business_yml.write_text(text)
        self.check(shop, api)

    def test_a_retired_version_and_a_field_that_is_gone_are_said_in_googles_words(
        self, shop: Home, api: GoogleAdsApi
    ) -> None:
        for kind, code in (
            ("requestError", "UNSUPPORTED_VERSION"),
            ("queryError", "UNRECOGNIZED_FIELD"),
        ):
            api.error = (400, kind, code)
            with pytest.raises(SourceRefusedError, match=rf"Source shop: .*{code}.*update"):
                self.land(shop)


@pytest.mark.skipif(not EXPORTS.exists(), reason="the exports of real accounts are not here")
def test_campaigns_of_a_real_account_become_rows() -> None:
    reads = {column: reader(value) for column, value in COLUMNS.items()}
    count = 0
    for one in _export("campaign_stats"):
        record = {
            "customer": {"id": one["customer_id"], "currencyCode": "USD"},
            "campaign": {"id": one["id"]},
            "segments": {"date": one["date"]},
            "metrics": {"costMicros": one["cost_micros"], "clicks": one["clicks"]},
        }
        # Six digits after the point, put there as text.
        whole, part = one["cost_micros"].zfill(7)[:-6], one["cost_micros"].zfill(7)[-6:]
        assert format(reads["spend"](record), "f") == f"{whole}.{part}"
        assert date.fromisoformat(reads["spend_date"](record))
        assert reads["account_id"](record) == "2121450128"
        count += 1
    assert count > 0


def _export(name: str) -> Iterator[dict[str, str]]:
    with (EXPORTS / f"{name}_data.csv").open(encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)

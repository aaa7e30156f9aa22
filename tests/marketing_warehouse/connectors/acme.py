"""Acme: an invented vendor, in as many lines as a new connector takes; and its API on loopback."""

import bisect
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import requests

from marketing_warehouse.connectors import CONNECTORS
from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    ApiOptions,
    Ask,
    Request,
    Stream,
    Wait,
    days,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.paging import cursors
from marketing_warehouse.connectors.rest.sign_in import refresh_token
from marketing_warehouse.connectors.rest.values import const, epoch, micros
from marketing_warehouse.sections import Texts
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

# ---------------------------------------------------------------- the connector


class AcmeOptions(ApiOptions):
    """Where Acme is, and whose accounts are read."""

    url: Address
    accounts: Texts = ("a1",)


def _accounts(client: Client) -> Iterable[str]:
    return client.options.accounts  # type: ignore[attr-defined, no-any-return]


def _spend(ask: Ask) -> Request:
    return Request(f"accounts/{ask.part}/spend", {"from": ask.first, "to": ask.last, "limit": 50})


def _judge(answer: requests.Response) -> Wait | None:
    return Wait(is_daily=True) if answer.headers.get("X-Quota") == "used up" else None


ACME = rest_connector(
    "acme",
    Api("{url}/v2", sign_in=refresh_token("{url}/token"), judge=_judge),
    Stream(
        "ad_spend",
        request=_spend,
        pages=cursors("next", parameter="cursor"),
        records="rows",
        id="campaign",
        slices=days(window=7),
        parts=_accounts,
        part_column="account_id",
        columns={
            "spend_date": "day",
            "method": const("acme"),
            "account_id": "account",
            "campaign_id": "campaign",
            "campaign_name": "name",
            "currency": const("RON"),
            "spend": micros("cost_micros"),
            "clicks": "clicks",
        },
        permission="spend.read",
    ),
    Stream(
        "leads",
        request=lambda ask: Request("leads", {"limit": 50, **ask.changed("since")}),
        pages=cursors("next", parameter="cursor"),
        records="rows",
        slices=since(epoch("changed"), rows=120),
        columns={
            "lead_id": "id",
            "created_at": epoch("created"),
            "updated_at": epoch("changed"),
            "email": "email",
        },
        defaults={"lead_event": "web_form", "method": "acme"},
        is_deleted=lambda lead: lead["gone"],
    ),
    options=AcmeOptions,
)
CONNECTORS["acme"] = ACME

# ---------------------------------------------------------------- its API


class AcmeApi(VendorApi):
    """Cursors that stay sound while objects change, a token that is bought, a scope, a quota."""

    def __init__(self) -> None:
        super().__init__()
        self.spend: list[dict[str, Any]] = []
        self.leads: list[dict[str, Any]] = []
        self._in_order: list[dict[str, Any]] = []
        self._found: list[dict[str, Any]] = []
        self.sold = 0
        self.refresh_token = "rt_68696768"
        self.is_forbidden = False
        self.requests_left = 10**9

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            if f"refresh_token={self.refresh_token}" not in asked.body.decode():
                return Answer({"error": "invalid_grant"}, 400)
            self.sold += 1
            return Answer({"access_token": f"at_{self.sold}", "expires_in": 3600})
        if asked.headers.get("Authorization") != f"Bearer at_{self.sold}":
            return Answer({"error": "token expired"}, 401)
        if self.is_forbidden:
            return Answer({"message": "ask your administrator"}, 403)
        self.requests_left -= 1
        if self.requests_left < 0:
            return Answer({}, 429, {"X-Quota": "used up"})
        path = asked.path.removeprefix("/v2/").split("/")
        limit = int(asked.params["limit"])
        if path[0] == "leads":
            found = self._leads(asked)
            page = found[:limit]
            last = ":".join(map(str, _place(page[-1]))) if len(found) > limit else None
            return Answer({"rows": page, "next": last})
        found, start = self._spend(asked, path[1]), int(asked.params.get("cursor", 0))
        is_last = start + limit >= len(found)
        following = None if is_last else str(start + limit)
        return Answer({"rows": found[start : start + limit], "next": following})

    def _spend(self, asked: Asked, account: str) -> list[dict[str, Any]]:
        """Return the rows that the first page of this question was cut from."""
        first, last = asked.params["from"], asked.params["to"]
        assert (date.fromisoformat(last) - date.fromisoformat(first)).days < 30
        if "cursor" not in asked.params:
            self._found = [
                row
                for row in self.spend
                if first <= row["day"] <= last and row["account"] == account
            ]
        return self._found

    def _leads(self, asked: Asked) -> list[dict[str, Any]]:
        """Return one lead more than a page, in the order of their changes."""
        said = asked.params.get("since", "1970-01-01T00:00:00Z")
        start = (int(datetime.fromisoformat(said).astimezone(UTC).timestamp()), -1)
        after = tuple(map(int, asked.params.get("cursor", "0:-1").split(":")))
        place = bisect.bisect_right(self._in_order, max(start, after), key=_place)
        return self._in_order[place : place + int(asked.params["limit"]) + 1]

    def sort(self) -> None:
        """Put the leads where their changes have brought them."""
        self._in_order = sorted(self.leads, key=_place)


def _place(lead: dict[str, Any]) -> tuple[int, int]:
    return lead["changed"], lead["id"]

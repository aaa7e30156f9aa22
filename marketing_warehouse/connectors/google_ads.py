"""Google Ads: what the campaigns of all types have cost, by day, as GAQL tells it.

Performance Max is absent from reports by ad, so the campaign is the level of cost.

Verified in what Google publishes: that version 26 is current, the names of quota errors and of
their delay. Not verified: the exact nesting of an error, and that RESOURCE_EXHAUSTED never passes
within the day (it ends the source for today). Tried against a server of our own alone.
"""

import re
from collections.abc import Iterable
from typing import Annotated

import requests
from pydantic import AfterValidator, Field

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
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.paging import cursors
from marketing_warehouse.connectors.rest.session import TOO_MANY, exact_json
from marketing_warehouse.connectors.rest.sign_in import (
    GOOGLE_TOKENS,
    either,
    refresh_token,
    service_account,
)
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import const, micros
from marketing_warehouse.sections import Text, not_allowed

SPEND = (
    "SELECT customer.id, customer.currency_code, campaign.id, campaign.name, segments.date, "
    "metrics.cost_micros, metrics.impressions, metrics.clicks "
    "FROM campaign WHERE segments.date BETWEEN '{first}' AND '{last}'"
)


def _customer(said: str) -> str:
    """Accept an account's number, with or without the hyphens that Google shows."""
    if not re.fullmatch(r"\d{3}-?\d{3}-?\d{4}", said):
        raise not_allowed("the ten digits of an account, such as 123-456-7890")
    return said.replace("-", "")


Customer = Annotated[Text, AfterValidator(_customer)]


class GoogleAdsOptions(ApiOptions):
    """Whose campaigns are read.

    Attributes:
        accounts: the accounts that have campaigns, not their managers.
        login_customer_id: the manager account through which they are reached, if any.
        url: the address of the API.
    """

    accounts: Annotated[tuple[Customer, ...], Field(min_length=1)]
    login_customer_id: Customer | None = None
    url: Address = "https://googleads.googleapis.com"


def _accounts(client: Client) -> Iterable[str]:
    return client.options.accounts  # type: ignore[attr-defined, no-any-return]


def request(ask: Ask) -> Request:
    """Ask for the campaigns' days of an account."""
    manager = ask.options.login_customer_id
    return Request(
        f"customers/{ask.part}/googleAds:search",
        body={"query": SPEND.format(first=ask.first, last=ask.last)},
        headers={"login-customer-id": manager} if manager else {},
    )


def judge(answer: requests.Response) -> Wait | None:
    """Tell a day's operations that are used up from a hurry that passes."""
    if answer.status_code != TOO_MANY or b"quotaError" not in answer.content:
        return None
    details = exact_json(answer.content)["error"]["details"]
    error = next(one for detail in details for one in detail.get("errors", ()))
    delay = error.get("details", {}).get("quotaErrorDetails", {}).get("retryDelay", "")
    is_daily = error["errorCode"].get("quotaError") == "RESOURCE_EXHAUSTED"
    return Wait(float(delay.removesuffix("s")) if delay else None, is_daily=is_daily)


COLUMNS: Columns = {
    "spend_date": "segments.date",
    "method": const("google_ads"),
    "platform": const("google_ads"),
    "account_id": "customer.id",
    "campaign_id": "campaign.id",
    "campaign_name": "campaign.name",
    "currency": "customer.currencyCode",
    "spend": micros("metrics.costMicros"),
    "impressions": "metrics.impressions",
    "clicks": "metrics.clicks",
}

GOOGLE_ADS = rest_connector(
    "google_ads",
    Api(
        "{url}/v26",
        sign_in=either(
            service_account("https://www.googleapis.com/auth/adwords"),
            refresh_token(GOOGLE_TOKENS),
        ),
        judge=judge,
    ),
    Stream(
        "ad_spend",
        columns=COLUMNS,
        slices=days(window=7),
        request=request,
        pages=cursors("nextPageToken", body="pageToken"),
        records="results",
        may_omit_records=True,
        id="campaign.resourceName",
        parts=_accounts,
        part_column="account_id",
        permission="to read the account (its access, and login_customer_id of its manager)",
    ),
    options=GoogleAdsOptions,
)

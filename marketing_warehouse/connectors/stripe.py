"""Stripe: charges as orders, also those of long ago whose money is given back now.

Charges are read by the time when they were made, and again for two weeks, since a bank debit may
take so long to succeed or fail. Refunds are read by theirs, each with its charge as it is now, so
that an old order follows. A failed charge is no order, nor is one of the test mode. Stripe's fees
are not the cost of goods.

Verified in Stripe's documentation or its clients: lists and their cursors, `expand`, captured and
refunded amounts, the currencies without or with three digits and the three that Stripe counts
otherwise. Not verified: disputes; one that is lost is no refund here.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    ApiOptions,
    Ask,
    Stream,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.sign_in import bearer
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import DIGITS, Read, Record, epoch, first, minor

PAGE = 100  # the most that it gives at once
STRIPES_DIGITS = DIGITS | {"ISK": 2, "UGX": 2, "MGA": 0}
CENTS_OF_A_CENT = Decimal("0.0001")


class StripeOptions(ApiOptions):
    """Which Stripe it is, and whether its Checkout knows taxes and shipping.

    Attributes:
        url: its address, where that is not the one for everyone.
        checkout: whether taxes and shipping are looked up in the Checkout Session of each charge,
            at the price of one request for each; without it, a charge counts whole.
    """

    url: Address = "https://api.stripe.com"
    checkout: bool = False


def newest_first(path: str, **asked: Any) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what asks for the objects of a span of time, from the newest on."""

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        bounds = {"created[gte]": ask.since, "created[lt]": ask.until}
        span = {name: int(at.timestamp()) for name, at in bounds.items() if at}
        after: dict[str, str] = {}
        while True:
            page = client.get(path, {"limit": PAGE, **asked, **span, **after})
            found = client.records_in(page, "data", path)
            yield found
            if not page["has_more"]:
                return
            after = {"starting_after": found[-1]["id"]}

    return fetch


def real(charge: Record | None) -> Iterable[Record]:
    """Leave out what is no charge, or only a test."""
    return (charge,) if charge and charge["livemode"] else ()


def money(name: str) -> Read:
    """Read an amount in the charge's own currency."""
    return minor(name, "currency", STRIPES_DIGITS)


def amount(charge: Record) -> Decimal:
    """Return what the customer paid, or is to pay."""
    name = "amount_captured" if charge["captured"] and charge["status"] == "succeeded" else "amount"
    return Decimal(money(name)(charge))


def status(charge: Record) -> str:
    """Return whether a charge is paid, and still is."""
    if charge["refunded"]:
        return "refunded" if charge["amount_captured"] else "cancelled"  # it was only reserved
    is_paid = charge["captured"] and charge["status"] == "succeeded"
    return "completed" if is_paid else "pending"


def columns(client: Client) -> Columns:
    """Say what a charge's fields mean; taxes and shipping are looked up if they are asked for."""

    @lru_cache(maxsize=1)
    def details(intent: str) -> Record:
        asked = {"payment_intent": intent, "limit": 1}
        with client.needing("Read of Checkout Sessions"):
            page = client.get("v1/checkout/sessions", asked)
        sessions = client.records_in(page, "data", "checkout sessions")
        return (sessions[0].get("total_details") if sessions else None) or {}

    def part(name: str) -> Read:
        def read(charge: Record) -> Decimal | None:
            intent = charge.get("payment_intent")
            if not client.options.checkout or not intent:  # type: ignore[attr-defined]
                return None
            said = {"currency": charge["currency"], "part": details(intent).get(name)}
            found: Decimal | None = money("part")(said)
            return found

        return read

    tax, shipping = part("amount_tax"), part("amount_shipping")

    def goods(charge: Record) -> Decimal:
        return amount(charge) - (tax(charge) or 0) - (shipping(charge) or 0)

    def refunded(charge: Record) -> Decimal:
        """Return the share of a refund that is neither tax nor shipping, which nobody says."""
        back, whole = Decimal(money("amount_refunded")(charge)), amount(charge)
        share = back * goods(charge) / whole if whole else back
        return share.quantize(CENTS_OF_A_CENT, ROUND_HALF_UP)

    return {
        "order_id": "id",
        "ordered_at": epoch("created"),
        "status": status,
        "customer_id": lambda charge: charge.get("customer"),
        "email": first("billing_details.email", "receipt_email"),
        "phone": "billing_details.phone",
        "currency": lambda charge: charge["currency"].upper(),
        "gross_amount": goods,
        "refund_amount": refunded,
        "tax_amount": tax,
        "shipping_amount": shipping,
    }


def _orders(
    name: str, permission: str, rows: Callable[[Record], Iterable[Record]], **asked: Any
) -> Stream:
    return Stream(
        "orders",
        name=name,
        columns=columns,
        slices=since(
            epoch("created"), overlap=timedelta(days=14), slice_days=90, history_days=3650
        ),
        fetch=newest_first(f"v1/{name}", **asked),
        rows=rows,
        is_deleted=lambda charge: charge["status"] == "failed",
        permission=permission,
    )


STRIPE = rest_connector(
    "stripe",
    Api("{url}", sign_in=bearer("api_key"), headers={"Stripe-Version": "2024-06-20"}),
    _orders("charges", "Read of Charges", real),
    _orders(
        "refunds",
        "Read of Charges and Refunds",
        lambda refund: real(refund["charge"]),
        **{"expand[]": "data.charge"},
    ),
    options=StripeOptions,
)

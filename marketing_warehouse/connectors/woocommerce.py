"""WooCommerce: the orders of a shop on WordPress, by the time when they were changed."""

from decimal import Decimal

from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    ApiOptions,
    Ask,
    Request,
    Stream,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.paging import page_numbers
from marketing_warehouse.connectors.rest.sign_in import basic
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import Record, decimal, less, plus, total, utc

PAGE = 100  # the most that it gives at once
TAXES_AND_SHIPPING = plus(
    total("line_items", "total_tax"),
    total("fee_lines", "total_tax"),
    total("shipping_lines", plus("total", "total_tax")),
)


class WooCommerceOptions(ApiOptions):
    """Which shop it is.

    Attributes:
        url: the shop's address, such as https://shop.example.
    """

    url: Address


def request(status: str, ask: Ask) -> Request:
    """Ask for the orders of a status that have changed, the oldest change first."""
    order = {"orderby": "modified", "order": "asc", "dates_are_gmt": "true"}
    return Request(
        "orders", {"status": status, "per_page": PAGE, **order, **ask.changed("modified_after")}
    )


def columns(client: Client) -> Columns:
    """Say what an order's fields mean; what was refunded of its goods is looked up."""

    def refunded(order: Record) -> Decimal | None:
        if not order.get("refunds"):
            return None
        refunds = client.get(f"orders/{order['id']}/refunds", {"per_page": PAGE})
        # A refund's amount includes taxes and shipping, whose parts of it are written negative.
        return sum(
            ((decimal(one["amount"]) or 0) + TAXES_AND_SHIPPING(one) for one in refunds), Decimal(0)
        )

    return {
        "order_id": "id",
        "ordered_at": utc("date_created_gmt"),
        "updated_at": utc("date_modified_gmt"),
        "status": "status",
        "customer_id": lambda order: order.get("customer_id") or None,  # guests are customer 0
        "email": "billing.email",
        "phone": "billing.phone",
        "currency": "currency",
        "gross_amount": plus(less("total", "total_tax", "shipping_total"), "discount_total"),
        "discount_amount": "discount_total",
        "refund_amount": refunded,
        "cost_of_goods": "cost_of_goods_sold.total_value",
        "tax_amount": "total_tax",
        "shipping_amount": "shipping_total",
        "channel": "created_via",
    }


CHANGES = since(utc("date_modified_gmt"), pages_shift=True)

WOOCOMMERCE = rest_connector(
    "woocommerce",
    Api("{url}/wp-json/wc/v3", sign_in=basic("consumer_key", "consumer_secret")),
    Stream(
        "orders",
        columns=columns,
        slices=CHANGES,
        request=lambda ask: request("any", ask),
        pages=page_numbers(),
        values={
            "status": {
                "processing": "completed",  # paid, and not sent yet
                "on-hold": "pending",
                "checkout-draft": "pending",
                "failed": "cancelled",
            }
        },
        permission="Read of its REST API key",
    ),
    Stream(
        "orders",
        name="trash",
        columns={"order_id": "id"},
        slices=CHANGES,
        request=lambda ask: request("trash", ask),
        pages=page_numbers(),
        is_deleted=lambda _: True,
    ),
    options=WooCommerceOptions,
)

"""Shopify: the orders of a shop by GraphQL, many of them by a bulk operation.

Amounts are those of the order's lines, in the shop's currency, so that orders that were edited come
right: gross is what the lines cost before discounts, discounts are what was allocated to them.
Where prices include taxes, these are taken out, and a discount or refund loses the share of taxes
that the order's goods have. The cost of goods is what the variants cost now, without what was
taken back.

Verified in Shopify's documentation or its clients: cost and throttling, bulk operations and their
grouped JSONL, scopes in refusals, the fields of orders and lines.
Not verified: whether `totalRefundedShippingSet` includes taxes where prices do (taken so), and
that each version's `ordersCount` counts beyond 10,000. An order that Shopify lets somebody delete
(a cancelled or archived one) is told by no API, and stays.
"""

import time
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

import requests

from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    ApiOptions,
    Ask,
    Stream,
    Wait,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.graphql import ask as ask_graphql
from marketing_warehouse.connectors.rest.session import exact_json
from marketing_warehouse.connectors.rest.sign_in import client_credentials
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import (
    Read,
    Record,
    at,
    decimal,
    first,
    reader,
    total,
)
from marketing_warehouse.errors import SourceRefusedError, SourceUnavailableError

VERSION = "2026-10"
PATH = f"admin/api/{VERSION}/graphql.json"
PAGE = 50
LINES_OF_A_PAGE = 50
MANY = 1_000  # orders, from which on a bulk operation is quicker than pages
LONGEST_BETWEEN_LOOKS = 10.0
CENTS_OF_A_CENT = Decimal("0.0001")
ALL_ORDERS = "read_all_orders"
RECENT_ONLY = f"of the last 60 days alone, since the app lacks the scope {ALL_ORDERS}"

FIELDS = """
    id legacyResourceId test createdAt processedAt updatedAt cancelledAt displayFinancialStatus
    sourceName email phone customer { id } taxesIncluded
    totalTaxSet { shopMoney { amount currencyCode } } currentTotalTaxSet { shopMoney { amount } }
    totalShippingPriceSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } }
    totalRefundedShippingSet { shopMoney { amount } }
"""
LINE = """
    id currentQuantity originalTotalSet { shopMoney { amount } }
    discountAllocations { allocatedAmountSet { shopMoney { amount } } }
    taxLines { priceSet { shopMoney { amount } } }
"""
COST = "variant { inventoryItem { unitCost { amount } } }"
STATUS = {
    "PAID": "completed",
    "PARTIALLY_REFUNDED": "completed",
    "REFUNDED": "refunded",
    "PENDING": "pending",
    "AUTHORIZED": "pending",
    "PARTIALLY_PAID": "pending",
    "VOIDED": "cancelled",
    "EXPIRED": "cancelled",
}


class ShopifyOptions(ApiOptions):
    """Which shop it is.

    Attributes:
        url: the shop's own address, such as https://nordic-espresso.myshopify.com.
        cost_of_goods: whether what the variants cost is read; it asks for two more scopes.
    """

    url: Address
    cost_of_goods: bool = True


# ---------------------------------------------------------------- how orders are read


def judge(answer: requests.Response) -> Wait | None:
    """Wait until the bucket of costs holds what the last request took, or would have taken."""
    if not answer.ok or "json" not in answer.headers.get("Content-Type", ""):
        return None
    said = answer.json()
    errors = said.get("errors")
    codes = [at("extensions.code")(one) for one in errors] if isinstance(errors, list) else []
    is_throttled = "THROTTLED" in codes
    if "INTERNAL_SERVER_ERROR" in codes:
        return Wait()
    cost = at("extensions.cost")(said) or {}
    bucket, wanted = cost.get("throttleStatus"), cost.get("requestedQueryCost")
    if not bucket or not wanted:
        return Wait() if is_throttled else None
    missing = decimal(wanted) - decimal(bucket["currentlyAvailable"])  # type: ignore[operator]
    if missing <= 0 and not is_throttled:
        return None
    seconds = max(missing, Decimal(0)) / (decimal(bucket["restoreRate"]) or 1)
    return Wait(float(seconds), again=is_throttled)


def reach(client: Client) -> Iterable[str]:
    """Say how far back the app may see, so that whoever reads the log or a look knows it."""
    said = ask_graphql(client, PATH, "{ currentAppInstallation { accessScopes { handle } } }")
    scopes = {scope["handle"] for scope in said["currentAppInstallation"]["accessScopes"]}
    return ["" if ALL_ORDERS in scopes else RECENT_ONLY]


def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
    """Read the orders that have changed, a few by pages, many by a bulk operation."""
    span = {"updated_at:>=": ask.since, "updated_at:<": ask.until}
    which = " ".join(
        f"{name}'{moment:%Y-%m-%dT%H:%M:%SZ}'" for name, moment in span.items() if moment
    )
    count = "query Count($which: String) { ordersCount(query: $which, limit: 10000) { count } }"
    found = ask_graphql(client, PATH, count, which=which)["ordersCount"]["count"]
    is_bulk = found > MANY and not client.reading.is_look
    yield from (_in_bulk if is_bulk else _by_pages)(client, which, _line(client))


def _line(client: Client) -> str:
    return LINE + (COST if client.options.cost_of_goods else "")  # type: ignore[attr-defined]


def _by_pages(client: Client, which: str, line: str) -> Iterator[list[Record]]:
    query = f"""
        query Orders($which: String, $after: String) {{
            orders(first: {PAGE}, after: $after, query: $which, sortKey: UPDATED_AT) {{
                pageInfo {{ hasNextPage endCursor }}
                nodes {{ {FIELDS} lineItems(first: {LINES_OF_A_PAGE}) {{
                    pageInfo {{ hasNextPage endCursor }} nodes {{ {line} }}
                }} }}
            }}
        }}
    """
    after = None
    while True:
        page = ask_graphql(client, PATH, query, which=which, after=after)["orders"]
        for order in page["nodes"]:
            _complete(client, order, line)
        yield page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _complete(client: Client, order: Record, line: str) -> None:
    """Read the lines of a long order that did not come with it."""
    query = f"""
        query Lines($id: ID!, $after: String) {{
            order(id: $id) {{ lineItems(first: 250, after: $after) {{
                pageInfo {{ hasNextPage endCursor }} nodes {{ {line} }}
            }} }}
        }}
    """
    lines = order["lineItems"]
    info = lines["pageInfo"]
    while info["hasNextPage"]:
        said = ask_graphql(client, PATH, query, id=order["id"], after=info["endCursor"])
        more = said["order"]["lineItems"]
        lines["nodes"].extend(more["nodes"])
        info = more["pageInfo"]


def _in_bulk(client: Client, which: str, line: str) -> Iterator[list[Record]]:
    query = f"""
        {{ orders(query: "{which}") {{ edges {{ node {{
            {FIELDS} lineItems {{ edges {{ node {{ {line} }} }} }}
        }} }} }} }}
    """
    address = _result(client, _started(client, query))
    waiting: list[Record] = []
    for text in client.lines(address) if address else ():
        record = exact_json(text)
        if "__parentId" in record:
            if not waiting or record["__parentId"] != waiting[-1]["id"]:
                raise SourceRefusedError(
                    f"Source {client.reading.source.name}: a line of its bulk operation does not "
                    "follow its order: its API has changed; update the warehouse."
                )
            waiting[-1]["lineItems"]["nodes"].append(record)
            continue
        if len(waiting) >= PAGE:
            yield waiting
            waiting = []
        waiting.append({**record, "lineItems": {"nodes": []}})
    yield waiting


def _started(client: Client, query: str) -> str:
    said = ask_graphql(
        client,
        PATH,
        """
        mutation Bulk($asked: String!) { bulkOperationRunQuery(query: $asked, groupObjects: true) {
            bulkOperation { id } userErrors { field message }
        } }
        """,
        asked=query,
    )["bulkOperationRunQuery"]
    if said["userErrors"]:
        raise SourceUnavailableError(
            f"Source {client.reading.source.name}: its API began no bulk operation "
            f"({said['userErrors'][0]['message']!r}); try again later."
        )
    return str(said["bulkOperation"]["id"])


def _result(client: Client, operation: str) -> str | None:
    """Wait for a bulk operation as long as it goes on; return where its result lies, if any."""
    query = """
        query Bulk($id: ID!) { bulkOperation(id: $id) { status errorCode objectCount url } }
    """
    pause, seen, moved_at = 0.1, None, time.monotonic()
    while True:
        said = ask_graphql(client, PATH, query, id=operation)["bulkOperation"]
        if said["status"] == "COMPLETED":
            return said["url"]  # type: ignore[no-any-return]
        if said["objectCount"] != seen:
            seen, moved_at = said["objectCount"], time.monotonic()
        is_at_work = said["status"] in ("CREATED", "RUNNING")
        if not is_at_work or time.monotonic() - moved_at > client.options.patience_seconds:
            raise SourceUnavailableError(
                f"Source {client.reading.source.name}: its bulk operation came to no end "
                f"({said['status']} {said['errorCode'] or ''}); try again later."
            )
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_BETWEEN_LOOKS)


# ---------------------------------------------------------------- what orders mean


def money(path: str) -> Read:
    """Read an amount in the shop's currency."""
    return at(f"{path}.shopMoney.amount")


GOODS = total("lineItems.nodes", money("originalTotalSet"))
DISCOUNTS = total("lineItems.nodes", total("discountAllocations", money("allocatedAmountSet")))
TAXES_OF_GOODS = total("lineItems.nodes", total("taxLines", money("priceSet")))


def share(order: Record) -> Decimal:
    """Return which part of a price is no tax."""
    paid: Decimal = GOODS(order) - DISCOUNTS(order)
    if not order["taxesIncluded"] or not paid:
        return Decimal(1)
    return (paid - Decimal(TAXES_OF_GOODS(order))) / paid


def discount(order: Record) -> Decimal:
    """Return the discounts on goods, without taxes."""
    return _rounded(DISCOUNTS(order) * share(order))


def gross(order: Record) -> Decimal:
    """Return what the goods cost before discounts, without taxes: exact once discounts are off."""
    taxes = TAXES_OF_GOODS(order) if order["taxesIncluded"] else Decimal(0)
    return Decimal(GOODS(order) - DISCOUNTS(order) - taxes + discount(order))


def refund(order: Record) -> Decimal:
    """Return what was given back for goods, without taxes and shipping."""
    refunded = decimal(money("totalRefundedSet")(order)) or Decimal(0)
    goods = refunded - (decimal(money("totalRefundedShippingSet")(order)) or 0)
    if order["taxesIncluded"]:
        return _rounded(goods * share(order))
    before, now = (decimal(money(name)(order)) for name in ("totalTaxSet", "currentTotalTaxSet"))
    taxes = min((before or Decimal(0)) - (now or Decimal(0)), goods)
    return max(goods - taxes, Decimal(0))


def cost_of_goods(order: Record) -> Decimal | None:
    """Return what the goods that were not taken back cost; None if one's cost is unknown."""
    read = reader("variant.inventoryItem.unitCost.amount")
    lines = [line for line in order["lineItems"]["nodes"] if line["currentQuantity"]]
    costs = [decimal(read(line)) for line in lines]
    if None in costs:
        return None
    return sum(
        (cost * line["currentQuantity"] for cost, line in zip(costs, lines, strict=True) if cost),
        Decimal(0),
    )


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENTS_OF_A_CENT, ROUND_HALF_UP)


def status(order: Record) -> str | None:
    """Return the order's status; one that was cancelled stays so when its money is back."""
    said = order["displayFinancialStatus"]
    return "cancelled" if order["cancelledAt"] else STATUS.get(said, said)


def customer(order: Record) -> str | None:
    """Return the number at the end of gid://shopify/Customer/4711."""
    said = at("customer.id")(order)
    return str(said).rpartition("/")[2] if said else None


COLUMNS: Columns = {
    "order_id": "legacyResourceId",
    "ordered_at": first("processedAt", "createdAt"),
    "updated_at": "updatedAt",
    "status": status,
    "customer_id": customer,
    "email": "email",
    "phone": "phone",
    "currency": "totalTaxSet.shopMoney.currencyCode",
    "gross_amount": gross,
    "discount_amount": discount,
    "refund_amount": refund,
    "cost_of_goods": cost_of_goods,
    "tax_amount": money("totalTaxSet"),
    "shipping_amount": money("totalShippingPriceSet"),
    "channel": "sourceName",
}


SHOPIFY = rest_connector(
    "shopify",
    Api(
        "{url}",
        sign_in=client_credentials("{url}/admin/oauth/access_token", "X-Shopify-Access-Token"),
        judge=judge,
    ),
    Stream(
        "orders",
        columns=COLUMNS,
        parts=reach,
        # A bulk operation has no order of its own, so a slice is a year.
        slices=since("updatedAt", slice_days=365, history_days=3650),
        fetch=fetch,
        rows=lambda order: () if order["test"] else (order,),
        id="legacyResourceId",
        permission="read_orders",
    ),
    options=ShopifyOptions,
)

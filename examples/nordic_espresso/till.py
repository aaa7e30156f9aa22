"""The tills of the three shops: lines of receipts, as Parquet, most of them of nobody known."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from examples.nordic_espresso.buying import COST_OF, Line, Purchase
from examples.nordic_espresso.company import UNITS, Plan
from examples.nordic_espresso.files import Row, by_quarter, write_parquet
from examples.nordic_espresso.rates import Exchange

RECEIPTS_PER_CUSTOMER = 1.6
VAT_PERCENT = 21
ARTICLES = (("coffee", 1900, 60), ("care", 1500, 12), ("coffee", 3400, 20), ("machine", 26900, 3))
STATES = {"completed": "closed", "refunded": "returned", "cancelled": "void", "pending": "closed"}
AMOUNT = pa.decimal128(12, 2)
SCHEMA = pa.schema(
    [
        ("receipt", pa.string()),
        ("line", pa.int32()),
        ("sold_at", pa.timestamp("s")),
        ("changed_at", pa.timestamp("s")),
        ("shop", pa.string()),
        ("state", pa.string()),
        ("card", pa.string()),
        ("article", pa.string()),
        ("quantity", pa.int32()),
        ("amount", AMOUNT),  # lei, tax included, before the discount
        ("discount", AMOUNT),  # lei, tax included
        ("tax", AMOUNT),  # of the amount after the discount
        ("tax_on_discount", AMOUNT),
        ("cost", AMOUNT),
    ]
)


def write_till(plan: Plan, inbox: Path, purchases: list[Purchase], exchange: Exchange) -> None:
    """Write the tills' quarterly files; a receipt has a card only if the buyer is in the club."""
    receipts = [bought for bought in purchases if bought.channel == "till"]
    receipts += _passers_by(plan)
    receipts.sort(key=lambda bought: bought.bought_at)
    dice = plan.random("tills")
    rows: list[tuple[datetime, Row]] = []
    for number, receipt in enumerate(receipts, start=1):
        person = receipt.person
        shop = person.unit if person else dice.choice(tuple(UNITS))
        is_member = person is not None and _is_member(receipt)
        card = person.card if person is not None and is_member else None
        for row in _lines(receipt, number, shop, card, exchange):
            rows.append((receipt.bought_at, row))
    for quarter, quarterly in by_quarter(rows).items():
        write_parquet(inbox / "till" / f"receipts_{quarter}.parquet", SCHEMA, quarterly)


def _is_member(receipt: Purchase) -> bool:
    since = receipt.person.member_since if receipt.person else None
    return since is not None and since <= receipt.bought_at


def _passers_by(plan: Plan) -> list[Purchase]:
    """Return the receipts of people who pay and go."""
    dice = plan.random("passers-by")
    days = [day for day in plan.dates if day.weekday() < 6] or list(plan.dates)
    count = max(1, round(plan.customers * RECEIPTS_PER_CUSTOMER))
    receipts = []
    for day in dice.choices(days, [plan.bustle(day) for day in days], k=count):
        articles = dice.choices(
            ARTICLES, [weight for _, _, weight in ARTICLES], k=dice.choice((1, 1, 1, 2, 2, 3))
        )
        lines = []
        for article, cents, _ in articles:
            price = round(cents * dice.uniform(0.7, 1.4))
            lines.append(Line(article, 1, price, round(price * COST_OF[article])))
        sold_at = datetime.combine(day, time(9)) + timedelta(seconds=dice.randrange(11 * 3600))
        receipts.append(Purchase(None, sold_at, "till", lines))
        if dice.random() < 0.01:
            receipts[-1].state = "refunded"
    return receipts


def _lines(
    receipt: Purchase, number: int, shop: str, card: str | None, exchange: Exchange
) -> list[Row]:
    day = receipt.bought_at.date()
    rows: list[Row] = []
    for position, line in enumerate(receipt.lines, start=1):
        net = exchange.lei(line.price, day)
        # The discount of the whole receipt stands on its first line.
        net_discount = exchange.lei(receipt.discount, day) if position == 1 else 0
        net_discount = min(net_discount, net)
        tax_on_discount = round(net_discount * VAT_PERCENT / 100)
        tax_before = round(net * VAT_PERCENT / 100)
        rows.append(
            (
                f"R{number:06d}",
                position,
                receipt.bought_at,
                receipt.returned_at or receipt.bought_at,
                shop,
                STATES[receipt.state],
                card,
                line.article,
                line.quantity,
                _lei(net + tax_before),
                _lei(net_discount + tax_on_discount),
                _lei(tax_before - tax_on_discount),
                _lei(tax_on_discount),
                _lei(exchange.lei(line.cost, day)),
            )
        )
    return rows


def _lei(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)

"""The eight feeds as data: columns, types, keys and the codes they allow."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and with it how its text is read."""

    ID = "id"  # belongs to the namespace of the source's ids
    TEXT = "text"
    EMAIL = "email"  # a keyed hash
    PHONE = "phone"  # a keyed hash
    CODE = "code"  # one of a closed list
    CURRENCY = "currency"
    MONEY = "money"  # decimal(18, 4)
    NUMBER = "number"  # decimal(18, 4) without a currency
    RATE = "rate"  # decimal(20, 10)
    COUNT = "count"  # bigint
    BOOLEAN = "boolean"
    DATE = "date"  # a business date, as it comes
    MOMENT = "moment"  # a time in UTC


SQL_TYPES = {
    Kind.MONEY: "decimal(18, 4)",
    Kind.NUMBER: "decimal(18, 4)",
    Kind.RATE: "decimal(20, 10)",
    Kind.COUNT: "bigint",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.MOMENT: "timestamp",
}


@dataclass(frozen=True)
class Column:
    """One column of a feed; `codes` closes a list, `is_signed` lets a number be negative."""

    name: str
    kind: Kind
    is_required: bool = False
    codes: tuple[str, ...] = ()
    is_signed: bool = False

    @property
    def sql_type(self) -> str:
        return SQL_TYPES.get(self.kind, "varchar")


@dataclass(frozen=True)
class Feed:
    """One feed: its key, its columns, and the column that dates its rows."""

    name: str
    key: tuple[str, ...]
    dated_by: str
    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = field(default=())

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_required)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


PROCESSES = ("acquisition", "sales", "retention")
DIMENSIONS = ("all", "method", "campaign", "unit", "employee")
ACTIVITIES = ("contacted", "meeting", "offer", "won", "lost", "rejected", "other")
ORDER_STATUSES = ("pending", "completed", "cancelled", "refunded")
LOYALTY_EVENTS = ("enrolled", "earned", "redeemed", "reward", "reminder", "tier_changed", "left")


def _required(name: str, kind: Kind, **more: object) -> Column:
    return Column(name, kind, is_required=True, **more)  # type: ignore[arg-type]  # keywords of Column


_FEEDS = (
    Feed(
        "ad_spend",
        key=("spend_date", "method", "platform", "account_id", "campaign_id", "ad_group_id"),
        dated_by="spend_date",
        columns=(
            _required("spend_date", Kind.DATE),
            _required("method", Kind.TEXT),
            Column("platform", Kind.TEXT),
            Column("account_id", Kind.TEXT),
            Column("campaign_id", Kind.TEXT),
            Column("campaign_name", Kind.TEXT),
            Column("ad_group_id", Kind.TEXT),
            Column("ad_group_name", Kind.TEXT),
            _required("currency", Kind.CURRENCY),
            _required("spend", Kind.MONEY),
            Column("impressions", Kind.COUNT),
            Column("clicks", Kind.COUNT),
        ),
    ),
    Feed(
        "leads",
        key=("lead_id",),
        dated_by="created_at",
        columns=(
            _required("lead_id", Kind.ID),
            _required("created_at", Kind.MOMENT),
            Column("updated_at", Kind.MOMENT),
            _required("lead_event", Kind.TEXT),
            _required("method", Kind.TEXT),
            Column("campaign_id", Kind.TEXT),
            Column("customer_id", Kind.ID),
            Column("email", Kind.EMAIL),
            Column("phone", Kind.PHONE),
            Column("is_decision_maker", Kind.BOOLEAN),
            Column("country", Kind.TEXT),
            Column("employee", Kind.TEXT),
            Column("unit", Kind.TEXT),
        ),
    ),
    Feed(
        "lead_activities",
        key=("activity_id",),
        dated_by="happened_at",
        columns=(
            _required("activity_id", Kind.ID),
            _required("lead_id", Kind.ID),
            _required("happened_at", Kind.MOMENT),
            _required("activity", Kind.CODE, codes=ACTIVITIES),
            Column("employee", Kind.TEXT),
            Column("reason", Kind.TEXT),
        ),
    ),
    Feed(
        "orders",
        key=("order_id",),
        dated_by="ordered_at",
        columns=(
            _required("order_id", Kind.ID),
            _required("ordered_at", Kind.MOMENT),
            Column("updated_at", Kind.MOMENT),
            _required("status", Kind.CODE, codes=ORDER_STATUSES),
            Column("customer_id", Kind.ID),
            Column("email", Kind.EMAIL),
            Column("phone", Kind.PHONE),
            Column("lead_id", Kind.ID),
            _required("currency", Kind.CURRENCY),
            _required("gross_amount", Kind.MONEY),
            Column("discount_amount", Kind.MONEY),
            Column("refund_amount", Kind.MONEY),
            Column("cost_of_goods", Kind.MONEY),
            Column("tax_amount", Kind.MONEY),
            Column("shipping_amount", Kind.MONEY),
            Column("channel", Kind.TEXT),
        ),
    ),
    Feed(
        "loyalty_events",
        key=("event_id",),
        dated_by="happened_at",
        columns=(
            _required("event_id", Kind.ID),
            _required("happened_at", Kind.MOMENT),
            _required("event", Kind.CODE, codes=LOYALTY_EVENTS),
            Column("customer_id", Kind.ID),
            Column("email", Kind.EMAIL),
            Column("phone", Kind.PHONE),
            Column("points", Kind.NUMBER, is_signed=True),
            Column("cost", Kind.MONEY),
            Column("currency", Kind.CURRENCY),
            Column("program", Kind.TEXT),
            Column("tier", Kind.TEXT),
        ),
        one_of=("customer_id", "email", "phone"),
    ),
    Feed(
        "process_costs",
        key=("cost_id",),
        dated_by="period_start",
        columns=(
            _required("cost_id", Kind.ID),
            _required("period_start", Kind.DATE),
            _required("period_end", Kind.DATE),
            _required("process", Kind.CODE, codes=PROCESSES),
            Column("method", Kind.TEXT),
            Column("unit", Kind.TEXT),
            Column("employee", Kind.TEXT),
            Column("category", Kind.TEXT),
            _required("amount", Kind.MONEY, is_signed=True),
            _required("currency", Kind.CURRENCY),
        ),
    ),
    Feed(
        "kpi_targets",
        key=("kpi", "dimension", "member", "period_start", "period_end"),
        dated_by="period_start",
        columns=(
            _required("kpi", Kind.TEXT),
            Column("dimension", Kind.CODE, codes=DIMENSIONS),
            Column("member", Kind.TEXT),
            _required("period_start", Kind.DATE),
            _required("period_end", Kind.DATE),
            _required("target", Kind.NUMBER, is_signed=True),
        ),
    ),
    Feed(
        "fx_rates",
        key=("rate_date", "currency"),
        dated_by="rate_date",
        columns=(
            _required("rate_date", Kind.DATE),
            _required("currency", Kind.CURRENCY),
            _required("rate", Kind.RATE),
        ),
    ),
)

FEEDS = {feed.name: feed for feed in _FEEDS}

"""Cast a feed's rows of text, and say of each row that does not fit why."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from tests.oracle.definitions import DIMENSIONS, KPIS

TRUE = {"true", "t", "1", "yes", "y"}
FALSE = {"false", "f", "0", "no", "n"}


class MisfitError(ValueError):
    """A row does not fit its feed."""


@dataclass(frozen=True)
class Feed:
    """What feeds.md says about one feed."""

    key: tuple[str, ...]
    required: tuple[str, ...]
    dated_by: str
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    booleans: tuple[str, ...] = ()
    never_negative: tuple[str, ...] = ()
    known: tuple[tuple[str, frozenset[str]], ...] = ()
    one_of: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (
            *self.texts,
            *self.ids,
            *self.moments,
            *self.dates,
            *self.amounts,
            *self.counts,
            *self.booleans,
        )


def _known(column: str, *values: str) -> tuple[str, frozenset[str]]:
    return column, frozenset(values)


FEEDS = {
    "ad_spend": Feed(
        key=("spend_date", "method", "platform", "account_id", "campaign_id", "ad_group_id"),
        required=("spend_date", "method", "currency", "spend"),
        dated_by="spend_date",
        texts=(
            "method",
            "platform",
            "account_id",
            "campaign_id",
            "campaign_name",
            "ad_group_id",
            "ad_group_name",
            "currency",
        ),
        dates=("spend_date",),
        amounts=("spend",),
        counts=("impressions", "clicks"),
        never_negative=("spend", "impressions", "clicks"),
    ),
    "leads": Feed(
        key=("lead_id",),
        required=("lead_id", "created_at", "lead_event", "method"),
        dated_by="created_at",
        texts=(
            "lead_event",
            "method",
            "campaign_id",
            "email",
            "phone",
            "country",
            "employee",
            "unit",
        ),
        ids=("lead_id", "customer_id"),
        moments=("created_at", "updated_at"),
        booleans=("is_decision_maker",),
    ),
    "lead_activities": Feed(
        key=("activity_id",),
        required=("activity_id", "lead_id", "happened_at", "activity"),
        dated_by="happened_at",
        texts=("activity", "employee", "reason"),
        ids=("activity_id", "lead_id"),
        moments=("happened_at",),
        known=(
            _known(
                "activity", *["contacted", "meeting", "offer", "won", "lost", "rejected", "other"]
            ),
        ),
    ),
    "orders": Feed(
        key=("order_id",),
        required=("order_id", "ordered_at", "status", "currency", "gross_amount"),
        dated_by="ordered_at",
        texts=("status", "currency", "email", "phone", "channel"),
        ids=("order_id", "customer_id", "lead_id"),
        moments=("ordered_at", "updated_at"),
        amounts=(
            "gross_amount",
            "discount_amount",
            "refund_amount",
            "cost_of_goods",
            "tax_amount",
            "shipping_amount",
        ),
        never_negative=(
            "gross_amount",
            "discount_amount",
            "refund_amount",
            "cost_of_goods",
            "tax_amount",
            "shipping_amount",
        ),
        known=(_known("status", "pending", "completed", "cancelled", "refunded"),),
    ),
    "loyalty_events": Feed(
        key=("event_id",),
        required=("event_id", "happened_at", "event"),
        dated_by="happened_at",
        texts=("event", "email", "phone", "currency", "program", "tier"),
        ids=("event_id", "customer_id"),
        moments=("happened_at",),
        amounts=("cost",),
        counts=("points",),
        never_negative=("cost",),
        known=(
            _known(
                "event",
                *["enrolled", "earned", "redeemed", "reward", "reminder", "tier_changed", "left"],
            ),
        ),
        one_of=("customer_id", "email", "phone"),
    ),
    "process_costs": Feed(
        key=("cost_id",),
        required=("cost_id", "period_start", "period_end", "process", "amount", "currency"),
        dated_by="period_start",
        texts=("process", "currency", "method", "unit", "employee", "category"),
        ids=("cost_id",),
        dates=("period_start", "period_end"),
        amounts=("amount",),
        known=(_known("process", "acquisition", "sales", "retention"),),
    ),
    "kpi_targets": Feed(
        key=("kpi", "dimension", "member", "period_start", "period_end"),
        required=("kpi", "period_start", "period_end", "target"),
        dated_by="period_start",
        texts=("kpi", "dimension", "member"),
        dates=("period_start", "period_end"),
        amounts=("target",),
        known=(_known("kpi", *KPIS), _known("dimension", *DIMENSIONS)),
    ),
    "fx_rates": Feed(
        key=("rate_date", "currency"),
        required=("rate_date", "currency", "rate"),
        dated_by="rate_date",
        texts=("currency",),
        dates=("rate_date",),
        amounts=("rate",),
    ),
}


def cast(feed: Feed, row: Mapping[str, object], namespace: str, zone: ZoneInfo) -> dict:
    """Return the row with typed values.

    Raises:
        MisfitError: a required value is missing, a value cannot be cast, is negative or unknown.
    """
    if row.get("_fault"):
        raise MisfitError(str(row["_fault"]))
    typed: dict[str, object] = {column: _text(row, column) for column in feed.texts}
    for column in feed.ids:
        text = _text(row, column)
        typed[column] = f"{namespace}:{text}" if text and namespace else text
    casts: dict[Callable[[str], object], tuple[str, ...]] = {
        lambda text: moment(text, zone): feed.moments,
        date.fromisoformat: feed.dates,
        _decimal: feed.amounts,
        int: feed.counts,
        _boolean: feed.booleans,
    }
    for convert, columns in casts.items():
        for column in columns:
            typed[column] = _cast(column, _text(row, column), convert)
    _check(feed, typed)
    typed["extra"] = json.loads(_text(row, "extra") or "{}")
    return typed


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a time; one without a zone is in the zone, a skipped one at the offset before."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        read = read.replace(tzinfo=zone)
    return read.astimezone(UTC)


def _text(row: Mapping[str, object], column: str) -> str | None:
    value = row.get(column)
    return str(value) if value not in (None, "") else None


def _cast(column: str, text: str | None, convert: Callable[[str], object]) -> object:
    if text is None:
        return None
    try:
        return convert(text)
    except (ValueError, InvalidOperation) as error:
        raise MisfitError(f"{column} cannot be read: {text}") from error


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise ValueError(text)


def _check(feed: Feed, typed: dict) -> None:
    for column in feed.required:
        if typed[column] is None:
            raise MisfitError(f"{column} is missing")
    for column in feed.never_negative:
        if typed[column] is not None and typed[column] < 0:
            raise MisfitError(f"{column} is negative")
    for column, values in feed.known:
        if typed[column] is not None and typed[column] not in values:
            raise MisfitError(f"{column} is not known: {typed[column]}")
    if feed.one_of and not any(typed[column] for column in feed.one_of):
        raise MisfitError("no customer id, e-mail or phone")

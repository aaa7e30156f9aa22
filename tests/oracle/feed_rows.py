"""Rows of text as sources deliver them, short to write in a worked example."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tests.oracle.company import Company
from tests.oracle.scorecard import Key, Row, scorecard
from tests.oracle.settings import Settings

TextRow = dict[str, Any]


def lead(lead_id: str, created_at: str, **columns: str) -> TextRow:
    """A web form from search unless told otherwise."""
    usual = {"lead_event": "web_form", "method": "search"}
    return {"lead_id": lead_id, "created_at": created_at, **usual, **columns}


def order(order_id: str, ordered_at: str, **columns: str) -> TextRow:
    """A completed order of 100 EUR unless told otherwise."""
    usual = {"status": "completed", "currency": "EUR", "gross_amount": "100"}
    return {"order_id": order_id, "ordered_at": ordered_at, **usual, **columns}


def activity(activity_id: str, lead_id: str, happened_at: str, kind: str) -> TextRow:
    return {
        "activity_id": activity_id,
        "lead_id": lead_id,
        "happened_at": happened_at,
        "activity": kind,
    }


def loyalty(event_id: str, happened_at: str, event: str, **columns: str) -> TextRow:
    return {"event_id": event_id, "happened_at": happened_at, "event": event, **columns}


def cost(cost_id: str, first: str, last: str, process: str, amount: str, **named: str) -> TextRow:
    """A process cost in EUR unless told otherwise."""
    return {
        "cost_id": cost_id,
        "period_start": first,
        "period_end": last,
        "process": process,
        "amount": amount,
        "currency": "EUR",
        **named,
    }


def rate(day: str, currency: str, units_for_one_euro: str) -> TextRow:
    return {"rate_date": day, "currency": currency, "rate": units_for_one_euro}


def delivered(**feeds: Iterable[Mapping[str, Any]]) -> dict[str, list[TextRow]]:
    """Say of each row that it came in one delivery of one file of one source per feed."""
    return {
        feed: [
            {"_source": feed, "_delivery": "1", "_file": f"{feed}.csv", "_line": str(line), **row}
            for line, row in enumerate(rows, start=2)
        ]
        for feed, rows in feeds.items()
    }


def company(as_of: str, *, settings: Mapping[str, Any] | None = None, **feeds: Any) -> Company:
    """Make a company of a few rows."""
    own = Settings(as_of=date.fromisoformat(as_of), **(settings or {}))
    return Company(own, delivered(**feeds))


class Card:
    """The scorecard of a small company, looked at by name."""

    def __init__(self, of: Company, *kpis: str) -> None:
        self.rows: dict[Key, Row] = scorecard(of, kpis or None)

    def row(
        self, kpi: str, period: str, *, grain: str = "month", member: tuple[str, str] | None = None
    ) -> Row | None:
        """Return a row; of the member `all` unless told otherwise."""
        start = date.fromisoformat(period)
        return self.rows.get((grain, start, kpi, *(member or ("all", "all"))))

    def value(self, kpi: str, period: str, **where: Any) -> float | None:
        """Return a value of a row that must be there."""
        row = self.row(kpi, period, **where)
        assert row is not None, f"no row of {kpi} in {period} for {where}"
        return row.value

    def members(self, kpi: str, period: str, dimension: str, grain: str = "month") -> dict:
        """Return the values of a KPI by member."""
        return {
            key[4]: row.value
            for key, row in self.rows.items()
            if key[:4] == (grain, date.fromisoformat(period), kpi, dimension)
        }

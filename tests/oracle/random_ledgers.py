"""Random rows of the feeds that name no person: spend, costs, targets and rates."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from tests.oracle.definitions import KPIS
from tests.oracle.feed_rows import TextRow
from tests.oracle.periods import period_end, period_start

Names = Sequence[str | None]


def ad_spend(
    chance: random.Random, first: date, as_of: date, methods: Sequence[str]
) -> list[TextRow]:
    """Return the spend of some days, with and without a campaign, in two currencies."""
    days = (as_of - first).days + 2
    rows = [
        {
            "spend_date": (first + timedelta(days=chance.randrange(days))).isoformat(),
            "method": chance.choice(methods[:3]),
            "platform": chance.choice([None, "google"]),
            "campaign_id": chance.choice(["c1", "c2", "c3", None]),
            "currency": chance.choice(["EUR", "EUR", "USD"]),
            "spend": f"{chance.randrange(5_000)}.{chance.randrange(10_000):04d}",
            "impressions": chance.choice(["0", "100", "2500", None]),
            "clicks": chance.choice(["0", "3", "40", None]),
        }
        for _ in range(chance.randrange(40, 60))
    ]
    rows[0]["spend"] = "-3"
    rows[1]["clicks"] = "many"
    return [_without_nothing(row) for row in rows]


def process_costs(
    chance: random.Random, first: date, as_of: date, named: tuple[Names, Names, Names]
) -> list[TextRow]:
    """Return a ledger: short and long, named and open, credit notes, and beyond as-of."""
    rows = []
    for number in range(chance.randrange(24, 32)):
        start = first + timedelta(days=chance.randrange((as_of - first).days + 1))
        lasts = chance.choice([1, 7, 31, 92, 365])
        amount = chance.choice([-1, 1, 1, 1]) * chance.randrange(1, 900_000)
        row = {
            "cost_id": f"K{number}",
            "period_start": start.isoformat(),
            "period_end": (start + timedelta(days=lasts - 1)).isoformat(),
            "process": chance.choice(["acquisition", "sales", "sales", "retention"]),
            "amount": f"{amount / 100:.2f}",
            "currency": chance.choice(["EUR", "EUR", "RON"]),
        }
        for column, names in zip(("method", "unit", "employee"), named, strict=True):
            row[column] = chance.choice([None, None, chance.choice([*names, "nowhere"])])
        rows.append(_without_nothing(row))
    rows[0]["process"] = "prayer"
    return rows


def kpi_targets(chance: random.Random, first: date, methods: Sequence[str]) -> list[TextRow]:
    """Return targets of a period, of a year, of odd stretches; for `all` and for methods."""
    rows = []
    for _ in range(40):
        kpi = chance.choice(list(KPIS))
        day = first + timedelta(days=chance.randrange(450))
        grain = chance.choice(["week", "month", "quarter", "year"])
        start = period_start(grain, day)
        row = {
            "kpi": kpi,
            "period_start": start.isoformat(),
            "period_end": period_end(grain, start).isoformat(),
            "target": chance.choice(["0", "0.25", "1", "30", "2500.5"]),
        }
        if chance.random() < 0.5:
            row |= chance.choice(
                [
                    {"dimension": "method", "member": chance.choice(methods)},
                    {"dimension": "unit", "member": "north"},
                    {"dimension": "employee", "member": "(none)"},
                    {"dimension": "campaign", "member": "c1"},
                ]
            )
        rows.append(row)
    long_lasting = {"period_start": "2024-01-01", "period_end": "2027-12-31"}
    rows += [
        {**long_lasting, "kpi": kpi.name, "target": chance.choice(["0.2", "5", "100"])}
        for kpi in KPIS.values()
        if chance.random() < 0.5
    ]
    rows[0]["kpi"] = "happiness"
    rows[1]["target"] = "much"
    return rows


def fx_rates(chance: random.Random, first: date, as_of: date) -> list[TextRow]:
    """Return rates of working days with holes; the dollar's begin a month too late."""
    rows: list[TextRow] = []
    day = first - timedelta(days=10)
    while day <= as_of:
        if day.weekday() < 5 and chance.random() < 0.6:
            rows.append(_rate(day, "RON", f"4.{chance.randrange(9_000, 10_000)}"))
            if day > first + timedelta(days=30):
                rows.append(_rate(day, "USD", f"1.{chance.randrange(100, 2_000):04d}"))
        day += timedelta(days=1)
    return rows


def _rate(day: date, currency: str, units: str) -> TextRow:
    return {"rate_date": day.isoformat(), "currency": currency, "rate": units}


def _without_nothing(row: dict[str, str | None]) -> TextRow:
    return {column: text for column, text in row.items() if text is not None}

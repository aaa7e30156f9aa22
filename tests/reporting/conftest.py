"""A report of numbers that are written down in the test."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from marketing_warehouse import read
from reporting import language, palette
from reporting.marts import Definition, Report, Settings, Value, report_of
from reporting.view import View
from tests.streamlit_app.conftest import written_marts

OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def in_english_by_day() -> Iterator[None]:
    language.use("en")
    palette.use("light")
    yield
    language.use("en")
    palette.use("light")


@pytest.fixture
def report() -> Report:
    """A report of Nordic Espresso through October 2026 with two KPIs, and nothing to ask."""

    def ask(sql: str, parameters: tuple[Any, ...]) -> pa.Table:
        raise AssertionError(f"nothing should be asked: {sql} {parameters}")

    def known(kpi: str, process: str, label: str, unit: str, direction: str) -> Definition:
        return Definition(
            kpi=kpi,
            process=process,
            label=label,
            unit=unit,
            direction=direction,
            dimensions=("all", "method"),
            days_to_maturity=90 if kpi == "rate" else 0,
            is_proportion=unit == "ratio",
            formula="Parts / whole",
            numerator="customers",
            denominator="leads",
        )

    return Report(
        publication=read.Publication("build", Path("marts.duckdb")),
        settings=Settings(
            business_name="Nordic Espresso",
            currency="EUR",
            timezone="Europe/Bucharest",
            as_of=date(2026, 10, 31),
            built_at=datetime(2026, 11, 1, 3, tzinfo=UTC),
        ),
        definitions={
            "leads": known("leads", "acquisition", "Leads", "count", "up"),
            "cost": known("cost", "acquisition", "Cost per lead", "money", "down"),
            "rate": known("rate", "sales", "Leads that became customers", "ratio", "up"),
        },
        ask=ask,
    )


@pytest.fixture
def view() -> View:
    """October 2026, the whole business, against the month before."""
    return View(
        grain="month",
        since=date(2026, 8, 1),
        until=date(2026, 10, 31),
        start=OCTOBER,
        end=date(2026, 10, 31),
        dimension="all",
        member="",
    )


@pytest.fixture
def value() -> Callable[..., Value]:
    """Write one row of the scorecard; what a test does not say is nothing special."""

    def written(kpi: str = "leads", **what: Any) -> Value:
        plain = {
            "period_grain": "month",
            "period_start": OCTOBER,
            "period_end": date(2026, 10, 31),
            "dimension": "all",
            "member": "all",
            "numerator": None,
            "denominator": None,
            "value": None,
            "unit": {"leads": "count", "cost": "money", "rate": "ratio"}[kpi],
            "target": None,
            "previous_value": None,
            "last_year_value": None,
            "is_mature": True,
            "is_small": False,
            "low": None,
            "high": None,
            "status": "no_target",
        }
        return Value(kpi=kpi, **(plain | what))

    return written


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """A report of a published file: a company that began on 10 June 2026, through October."""
    file = tmp_path_factory.mktemp("company") / "marts.duckdb"
    written_marts(file, "company", date(2026, 6, 10), date(2026, 10, 31), "Nordic Espresso")
    with read.Marts(read.Publication("company", file)) as marts:
        yield report_of(marts)

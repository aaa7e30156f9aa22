"""What the report reads of a publication: known as a whole, and missed in one sentence."""

import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse import read
from marketing_warehouse.errors import EarlierMartsError
from marketing_warehouse.feeds import FEEDS
from marketing_warehouse.paths import PROJECT
from reporting.marts import RELATIONS, Report, report_of

READ = re.compile(r"\b(?:from|join)\s+((?:core|kpi|ops|quarantine|sales|retention)\.\w+)")
# The examples of the SQL page are an analyst's questions, free to ask for more or to be changed.
ASKED_BY_ANALYSTS = "sql_examples.py"


def test_the_relations_are_those_that_the_report_asks_for() -> None:
    modules = [
        module
        for folder in ("reporting", "streamlit_app")
        for module in (PROJECT / folder).rglob("*.py")
        if module.name != ASKED_BY_ANALYSTS
    ]
    asked = {name for module in modules for name in READ.findall(module.read_text())}
    of_feeds = {f"{schema}.{feed}" for schema in ("core", "quarantine") for feed in FEEDS}
    assert asked | of_feeds == RELATIONS


def test_marts_of_an_earlier_version_are_told_in_one_sentence(
    company: Report, tmp_path: Path
) -> None:
    file = tmp_path / "published" / "marts-earlier.duckdb"
    file.parent.mkdir()
    shutil.copyfile(company.publication.file, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table kpi.levers")
        connection.execute("drop table sales.filter_discipline")
    said = (
        "These marts were published by an earlier version, without kpi.levers, "
        f"sales.filter_discipline: run `warehouse load --home {tmp_path}` to publish them anew."
    )
    with (
        read.Marts(read.Publication("earlier", file)) as marts,
        pytest.raises(EarlierMartsError) as told,
    ):
        report_of(marts)
    assert str(told.value) == said


def test_profit_to_cost_is_counted_in_times_and_shares_stay_shares(company: Report) -> None:
    assert company.definitions["profit_to_cost"].unit == "times"
    # Refunds and points are parts of a whole, though not of a number of cases.
    for share in ("lead_quality_rate", "refund_rate", "redemption_rate"):
        assert company.definitions[share].unit == "ratio"
    asked = ("month", "all", ["profit_to_cost"], date(2026, 10, 1), date(2026, 10, 31))
    assert {value.unit for value in company.scorecard(*asked)} == {"times"}
    assert set(company.scorecard_table(*asked)["unit"].to_pylist()) == {"times"}

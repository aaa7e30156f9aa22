"""A KPI is a row of the seed and, where no measure says it yet, SQL in one place; no more."""

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from marketing_warehouse import build as build_step
from marketing_warehouse import steps
from marketing_warehouse.build import DBT_PROJECT
from marketing_warehouse.paths import Home
from tests.small_company import built_company, copy_of, load_id_of

OF_KNOWN_MEASURES = {
    "kpi": "cost_per_contact",
    "process": "acquisition",
    "label": "Cost per contact",
    "unit": "money",
    "direction": "down",
    "dimensions": "all,method,campaign",
    "is_proportion": "false",
    "shape": "quotient",
    "numerator": "acquisition_cost",
    "denominator": "contacts",
    "formula": "Acquisition cost / contacts",
}
OF_A_NEW_MEASURE = {
    "kpi": "telephone_lead_rate",
    "process": "acquisition",
    "label": "Share of leads by telephone",
    "unit": "ratio",
    "direction": "up",
    "dimensions": "all,method",
    "is_proportion": "true",
    "shape": "quotient",
    "numerator": "telephone_leads",
    "denominator": "leads",
    "formula": "Leads that called / leads",
}
# The measure: what it counts, and that it is one.
COUNTED = (
    "count(case when is_lead then 1 end) as leads,\n",
    "count(case when is_lead and lead_event = 'inbound_call' then 1 end) as telephone_leads,\n",
)
LISTED = ("['contacts', 'leads', ", "'telephone_leads', ")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small company, built by a project to which two KPIs were added."""
    project = tmp_path_factory.mktemp("project") / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    _add_rows(project / "seeds" / "kpi_definitions.csv")
    _add_measure(project / "models" / "intermediate" / "int_acquisition_measures.sql")
    home = copy_of(built_company(tmp_path_factory.mktemp("built")), tmp_path_factory.mktemp("own"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(build_step, "DBT_PROJECT", project)
        steps.build(str(home.path), load_id_of(home))
    return home


def _add_rows(seed: Path) -> None:
    with seed.open(newline="", encoding="utf-8") as file:
        columns = csv.DictReader(file).fieldnames or []
    with seed.open("a", newline="", encoding="utf-8") as file:
        csv.DictWriter(file, columns, lineterminator="\n").writerows(
            [OF_KNOWN_MEASURES, OF_A_NEW_MEASURE]
        )


def _add_measure(model: Path) -> None:
    text = model.read_text()
    for found, added in (COUNTED, LISTED):
        assert text.count(found) == 1
        text = text.replace(found, found + added)
    model.write_text(text)


def _rows(home: Home, sql: str) -> list[tuple]:
    with duckdb.connect(str(home.candidate), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_kpi_of_known_measures_is_a_row_of_the_seed(company: Home) -> None:
    months = _rows(
        company,
        """
        select
            invented.period_start, invented.member, invented.numerator, invented.denominator,
            costs.numerator, contacts.numerator
        from kpi.scorecard as invented
        left join kpi.scorecard as costs
            on costs.kpi = 'acquisition_cost' and costs.dimension = invented.dimension
            and costs.member = invented.member and costs.period_grain = invented.period_grain
            and costs.period_start = invented.period_start
        left join kpi.scorecard as contacts
            on contacts.kpi = 'contacts' and contacts.dimension = invented.dimension
            and contacts.member = invented.member and contacts.period_grain = invented.period_grain
            and contacts.period_start = invented.period_start
        where invented.kpi = 'cost_per_contact' and invented.period_grain = 'month'
        """,
    )
    assert {member for _, member, *_ in months} > {"all", "(none)"}
    for _, _, numerator, denominator, cost, contacts in months:
        assert (numerator, denominator) == (cost or 0, contacts or 0)


def test_a_new_measure_is_said_in_the_model_of_its_process(company: Home) -> None:
    (called, leads, low, high) = _rows(
        company,
        """
        select numerator, denominator, low, high from kpi.scorecard
        where kpi = 'telephone_lead_rate' and dimension = 'all' and period_grain = 'month'
            and period_start = date '2026-10-01'
        """,
    )[0]
    assert (called, leads) == _rows(
        company,
        """
        select count_if(lead_event = 'inbound_call'), count(*) from core.leads
        where is_lead and lead_date between date '2026-10-01' and date '2026-10-31'
        """,
    )[0]
    assert 0 < low < called / leads < high < 1


def test_the_invented_kpis_are_audited_like_all_others(company: Home) -> None:
    steps.audit(str(company.path), load_id_of(company))

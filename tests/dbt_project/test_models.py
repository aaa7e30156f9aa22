"""The models as dbt runs them: unit tests beside them, and every column described."""

from pathlib import Path
from typing import Any

from tests.dbt_project.conftest import Dbt

PASSED = ("success", "pass")

# Models in which the KPI dictionary has its ugly cases.
UGLY_CASES_IN = {
    "int_active_customers",
    "int_chain_links",
    "int_cohort_profits",
    "int_customer_base_segments",
    "int_customers_won",
    "int_exchange_rates",
    "int_identified_records",
    "int_identity_links",
    "int_kpi_values",
    "int_lead_outcomes",
    "int_leads_counted",
    "int_loyalty_memberships",
    "int_measures",
    "int_orders_judged",
    "int_orders_sequenced",
    "int_period_cohorts",
    "int_period_medians",
    "int_process_cost_days",
    "int_process_cost_shares",
    "int_process_cost_weights",
    "int_process_costs_judged",
    "int_retention_measures",
    "int_sales_measures",
    "int_shared_identifiers",
    "int_stocks",
    "kpi_change_drivers",
    "kpi_levers",
    "kpi_restatements",
    "kpi_scorecard",
    "kpi_unit_economics",
    "kpi_weak_places",
    "retention_cohorts_monthly",
    "retention_loyalty_monthly",
}


def test_a_business_without_any_rows_has_all_marts_and_they_are_empty(
    empty_warehouse: Dbt,
) -> None:
    failed = [result for result in empty_warehouse.results if result["status"] not in PASSED]
    assert failed == []
    rows = empty_warehouse.rows_of_marts()
    assert {"core.leads", "core.orders", "kpi.scorecard", "quarantine.orders"} <= set(rows)
    assert rows.pop("kpi.definitions") > 0
    assert rows.pop("ops.settings") == 1
    assert set(rows.values()) == {0}


def test_the_models_do_what_their_unit_tests_say(empty_warehouse: Dbt) -> None:
    done = empty_warehouse.run("test", "--select", "test_type:unit")
    failed = [
        f"{result['unique_id'].removeprefix('unit_test.marketing_warehouse.')}: {result['message']}"
        for result in empty_warehouse.results
        if result["status"] not in PASSED
    ]
    assert failed == [], done.stdout
    assert done.returncode == 0, done.stdout
    assert len(empty_warehouse.results) == len(empty_warehouse.manifest["unit_tests"])


def test_every_model_with_ugly_cases_has_unit_tests_beside_it(manifest: dict[str, Any]) -> None:
    tested: dict[str, set[Path]] = {}
    for unit_test in manifest["unit_tests"].values():
        file = Path(unit_test["original_file_path"])
        tested.setdefault(unit_test["model"], set()).add(file.parent)
    assert UGLY_CASES_IN - set(tested) == set()
    folders = {
        model["name"]: {Path(model["original_file_path"]).parent}
        for model in manifest["nodes"].values()
        if model["resource_type"] == "model"
    }
    assert {name: folders[name] for name in tested} == tested


def test_every_column_of_every_table_is_described(empty_warehouse: Dbt) -> None:
    built = empty_warehouse.columns()
    undescribed, unknown = [], []
    for node in described_nodes(empty_warehouse.manifest):
        table = (node["schema"], node.get("alias") or node["name"])
        described = {
            name.lower()
            for name, column in node["columns"].items()
            if column["description"].strip()
        }
        columns = built.pop(table)
        undescribed += [f"{node['name']}.{column}" for column in columns - described]
        unknown += [f"{node['name']}.{column}" for column in described - columns]
        if not node["description"].strip():
            undescribed.append(node["name"])
    assert undescribed == []
    assert unknown == []
    assert built == {}


def described_nodes(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all sources, seeds and models."""
    nodes = [*manifest["sources"].values(), *manifest["nodes"].values()]
    return [node for node in nodes if node["resource_type"] in ("source", "seed", "model")]

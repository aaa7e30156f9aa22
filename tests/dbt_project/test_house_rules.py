"""The rules of the house, judged on dbt's manifest and on the text of the models."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marketing_warehouse.paths import PROJECT

MODELS = PROJECT / "dbt_project" / "models"

LEANS_ON = {
    "staging": {"source"},
    "intermediate": {"seed", "staging", "intermediate"},
    "marts": {"seed", "staging", "intermediate", "marts"},
}
# Among the marts, a folder leans on itself alone, but for the KPIs, which read all processes.
MARTS_LEAN_ON = {
    "core": {"core"},
    "acquisition": {"core", "acquisition"},
    "sales": {"core", "sales"},
    "retention": {"core", "retention"},
    "kpi": {"core", "acquisition", "sales", "retention", "kpi"},
    "ops": {"ops"},
    "quarantine": {"quarantine"},
}
MATERIALIZED = {"staging": "view", "intermediate": "table", "marts": "table"}
TELLS_NOTHING = {"utils", "helpers", "helper", "common", "misc", "manager", "tmp", "final", "new"}


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    found = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert len(found) > 70
    return found


def layer(manifest: dict[str, Any], unique_id: str) -> str:
    """Return the layer of a node: its folder, or what it is if it is no model."""
    kind = unique_id.split(".")[0]
    return manifest["nodes"][unique_id]["fqn"][1] if kind == "model" else kind


def parents(manifest: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for model in models(manifest):
        for parent in model["depends_on"]["nodes"]:
            yield model, parent


def sql_files() -> list[Path]:
    return sorted(MODELS.rglob("*.sql"))


def test_data_flows_one_way_through_the_layers(manifest: dict[str, Any]) -> None:
    against_the_flow = [
        f"{model['name']} leans on {parent}"
        for model, parent in parents(manifest)
        if layer(manifest, parent) not in LEANS_ON[layer(manifest, model["unique_id"])]
    ]
    assert against_the_flow == []


def test_among_the_marts_data_flows_one_way_too(manifest: dict[str, Any]) -> None:
    across = [
        f"{model['name']} leans on {parent}"
        for model, parent in parents(manifest)
        if layer(manifest, model["unique_id"]) == layer(manifest, parent) == "marts"
        and manifest["nodes"][parent]["fqn"][2] not in MARTS_LEAN_ON[model["fqn"][2]]
    ]
    assert across == []


def test_each_source_is_read_by_one_staging_model_of_its_name(manifest: dict[str, Any]) -> None:
    read_by: dict[str, list[str]] = {source: [] for source in manifest["sources"]}
    for model, parent in parents(manifest):
        if parent in read_by:
            read_by[parent].append(model["name"])
    expected = {
        source: ["stg_" + name.replace("quarantine_", "quarantined_")]
        for source in manifest["sources"]
        for name in [source.split(".")[-1]]
    }
    assert read_by == expected


def test_a_models_name_is_that_of_its_file_its_layer_and_its_table(
    manifest: dict[str, Any],
) -> None:
    misnamed = []
    for model in models(manifest):
        folder = model["fqn"][-2]
        prefix = {"staging": "stg", "intermediate": "int"}.get(folder, folder)
        table = model["name"].removeprefix(f"{folder}_")
        if (
            Path(model["path"]).stem != model["name"]
            or not model["name"].startswith(f"{prefix}_")
            or (model["schema"], model["alias"]) != (folder, table)
            or set(model["name"].split("_")) & TELLS_NOTHING
        ):
            misnamed.append(f"{model['path']} → {model['schema']}.{model['alias']}")
    assert misnamed == []


def test_how_a_model_is_kept_is_said_by_its_folder(manifest: dict[str, Any]) -> None:
    exceptions = {
        model["name"]: (model["config"]["materialized"], model["database"])
        for model in models(manifest)
        if model["config"]["materialized"] != MATERIALIZED[model["fqn"][1]]
        or (model["database"] == "work") != (model["fqn"][1] != "marts")
    }
    assert exceptions == {}


def test_every_mart_has_an_enforced_contract_over_typed_columns(manifest: dict[str, Any]) -> None:
    marts = [model for model in models(manifest) if model["fqn"][1] == "marts"]
    assert len(marts) >= 20
    without = [
        model["name"]
        for model in marts
        if not model["config"]["contract"]["enforced"]
        or not model["columns"]
        or not all(column["data_type"] for column in model["columns"].values())
    ]
    assert without == []


def test_every_description_begins_with_the_grain(manifest: dict[str, Any]) -> None:
    other = [
        model["name"]
        for model in models(manifest)
        if not model["description"].startswith("One row per ")
    ]
    assert other == []


def test_a_model_is_a_row_of_named_steps_that_ends_in_final() -> None:
    shapeless = [
        file.name
        for file in sql_files()
        if not file.read_text().startswith("with\n\n")
        or not file.read_text().endswith("\n)\n\nselect * from final\n")
    ]
    assert shapeless == []


def test_a_mart_lists_every_column() -> None:
    starred = []
    for file in sorted((MODELS / "marts").rglob("*.sql")):
        last_step = re.split(r"\nfinal as \(", file.read_text())[1].removesuffix(
            "select * from final\n"
        )
        if re.search(r"(?<!count\()\*(?=\s*(?:,|\n|from))|\w\.\*", last_step):
            starred.append(file.name)
    assert starred == []


def test_models_are_lower_case_and_fit_the_page() -> None:
    """Only names from outside are in capitals, and they stand in quotes, comments or Jinja."""
    wrong = []
    for file in sql_files():
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            plain = re.sub(r"\{[{%#].*?[}%#]\}|'[^']*'|--.*", "", line)
            if plain != plain.lower() or "\t" in line or len(line) - len(line.lstrip()) & 3:
                wrong.append(f"{file.name}:{number}: {line.strip()}")
    assert wrong == []

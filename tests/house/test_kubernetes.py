"""The values for Kubernetes name what Airflow and the image really have."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from marketing_warehouse.paths import HOMES_VARIABLE, PROJECT

DOCKERFILE = (PROJECT / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return dict(YAML(typ="safe").load((PROJECT / "docs" / "kubernetes-values.yaml").read_text()))


def test_airflow_knows_every_setting_of_the_values(values: dict[str, Any]) -> None:
    from airflow.configuration import conf

    known = conf.configuration_description
    for section, options in values["config"].items():
        for option in options:
            assert option in known[section]["options"], f"{section}.{option}"


def test_the_values_ask_for_the_locked_airflow(values: dict[str, Any]) -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    assert f"\napache-airflow=={values['airflowVersion']} " in lock


def test_pods_run_as_the_image_s_user_with_the_homes_where_it_has_them(
    values: dict[str, Any],
) -> None:
    assert f"USER {values['uid']}:{values['gid']}" in DOCKERFILE
    assert values["securityContexts"]["pod"]["runAsUser"] == values["uid"]
    (mount,) = values["volumeMounts"]
    assert f"{HOMES_VARIABLE}={mount['mountPath']}" in DOCKERFILE
    assert {"name": HOMES_VARIABLE, "value": mount["mountPath"]} in values["env"]


def test_files_that_the_values_name_are_in_the_image(values: dict[str, Any]) -> None:
    config = values["config"]
    for path in (config["core"]["dags_folder"], config["fab"]["config_file"]):
        assert (PROJECT / path.removeprefix("/opt/warehouse/")).exists()

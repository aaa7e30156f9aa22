"""docker-compose.yml says what a data team may rely on; images are not built here."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from marketing_warehouse.paths import PROJECT

COMPOSE = PROJECT / "docker-compose.yml"
REQUIRED = re.compile(r"\$\{(?P<name>\w+):\?(?P<hint>[^}]+)\}")
SECRETS = ("PASSWORD", "SECRET", "KEY")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(COMPOSE.read_text()))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


def test_airflow_in_its_parts_postgres_and_the_report_are_there(services: dict[str, Any]) -> None:
    assert set(services) == {
        "airflow-init",
        "api-server",
        "dag-processor",
        "postgres",
        "report",
        "scheduler",
        "triggerer",
    }


def test_nothing_listens_but_on_this_machine(services: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(ports) == {"api-server", "report"}
    assert all(port.startswith("127.0.0.1:") for (port,) in ports.values())


def test_every_service_has_a_health_check(services: dict[str, Any]) -> None:
    checks = {name: service["healthcheck"] for name, service in services.items()}
    assert checks.pop("airflow-init") == {"disable": True}  # it ends, and the others wait for it
    assert all("test" in check for check in checks.values())


def test_airflow_starts_only_with_its_metadata_in_order(services: dict[str, Any]) -> None:
    for name in ("api-server", "scheduler", "dag-processor", "triggerer"):
        waits_for = services[name]["depends_on"]
        assert waits_for == {"airflow-init": {"condition": "service_completed_successfully"}}


def test_airflow_is_told_everything_in_one_place(services: dict[str, Any]) -> None:
    told = services["scheduler"]["environment"]
    for name in ("airflow-init", "api-server", "dag-processor", "triggerer"):
        assert services[name]["environment"] == told


def test_every_secret_comes_from_outside_and_is_required(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, text in service["environment"].items():
            if name.endswith(SECRETS) or name.endswith("SQL_ALCHEMY_CONN"):
                assert REQUIRED.search(text), name


def test_no_service_is_root_or_may_become_it(services: dict[str, Any]) -> None:
    assert "\nUSER warehouse\n" in (PROJECT / "Dockerfile").read_text()
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if name != "postgres":  # whose image leaves root by itself
            assert (service["user"], service["cap_drop"]) == ("10001:10001", ["ALL"])


def test_the_report_can_neither_write_nor_see_a_secret(services: dict[str, Any]) -> None:
    report = services["report"]
    assert list(report["environment"]) == ["WAREHOUSE_HOME", "WAREHOUSE_REPORT_IS_LOCAL"]
    assert all(volume.endswith(":ro") for volume in report["volumes"])


def test_the_example_of_the_settings_names_all_of_them_and_holds_no_secret() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    named = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    assert set(settings) == named
    assert all(not text for name, text in settings.items() if name.endswith(SECRETS))


def test_secrets_are_kept_out_of_git_and_of_the_image() -> None:
    for file in (".gitignore", ".dockerignore"):
        assert ".env" in Path(PROJECT / file).read_text().splitlines()

"""docker-compose.yml says what a data team may rely on; tests/stack brings it up for real."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from marketing_warehouse.paths import PROJECT

COMPOSE = PROJECT / "docker-compose.yml"
REQUIRED = re.compile(r"\$\{(?P<name>\w+):\?(?P<hint>[^}]+)\}")
SECRETS = ("PASSWORD", "SECRET", "KEY", "BROKER_URL", "RESULT_BACKEND", "SQL_ALCHEMY_CONN")
ASKED_FOR_BY_OIDC_ALONE = ("_OIDC_CLIENT_SECRET", "REPORT_COOKIE_SECRET")
AIRFLOW = {"airflow-init", "api-server", "dag-processor", "scheduler", "steward", "triggerer"}
WORKERS = {"worker", "writer"}
OURS = AIRFLOW | WORKERS | {"metrics", "report", "warehouse"}
OTHERS = {"door", "door-public", "postgres", "redis"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(COMPOSE.read_text()))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


def test_every_part_is_there_and_workers_and_doors_for_others_only_when_asked_for(
    services: dict[str, Any],
) -> None:
    assert set(services) == OURS | OTHERS
    profiles = {
        name: service["profiles"] for name, service in services.items() if "profiles" in service
    }
    assert profiles == {
        "door-public": ["tls"],
        "redis": ["celery"],
        "warehouse": ["tools"],
        "worker": ["celery"],
        "writer": ["celery"],
    }


def test_nothing_listens_to_others_but_the_door_that_is_made_for_them(
    services: dict[str, Any],
) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports.pop("door-public") == ["${PUBLIC_PORT:-443}:8443"]
    assert set(ports) == {"api-server", "door", "metrics"}
    assert all(port.startswith("127.0.0.1:") for (port,) in ports.values())


def test_the_databases_have_no_way_out_and_the_readers_no_way_to_them(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    assert compose["networks"]["inside"] == {"internal": True}
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["inside"]
    for name in ("door", "door-public", "metrics", "report", "warehouse"):
        assert services[name]["networks"] == ["outside"], name


def test_every_service_has_a_health_check(services: dict[str, Any]) -> None:
    checks = {name: service["healthcheck"] for name, service in services.items()}
    for ends_by_itself in ("airflow-init", "warehouse"):
        assert checks.pop(ends_by_itself) == {"disable": True}
    assert all("test" in check for check in checks.values())


def test_airflow_starts_only_with_its_metadata_in_order_and_tasks_only_with_its_api(
    services: dict[str, Any],
) -> None:
    for name in AIRFLOW - {"airflow-init", "scheduler"}:
        waits_for = services[name]["depends_on"]
        assert waits_for == {"airflow-init": {"condition": "service_completed_successfully"}}
    for name in {"scheduler"} | WORKERS:
        assert services[name]["depends_on"]["api-server"] == {"condition": "service_healthy"}


def test_airflow_is_told_everything_in_one_place(services: dict[str, Any]) -> None:
    told = services["scheduler"]["environment"]
    for name in AIRFLOW | WORKERS:
        assert services[name]["environment"] == told


def test_every_secret_comes_from_outside_and_is_required(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, text in service.get("environment", {}).items():
            if name.endswith(SECRETS) and not name.endswith(ASKED_FOR_BY_OIDC_ALONE):
                assert REQUIRED.search(text), name


def test_no_service_can_change_its_program_or_use_what_the_machine_has(
    services: dict[str, Any],
) -> None:
    assert "\nUSER 10001:10001\n" in (PROJECT / "Dockerfile").read_text()
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] is True, name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}, name
        if name != "postgres":  # whose image leaves root by itself
            assert service["user"] in ("10001:10001", "999:999"), name


def test_the_readers_can_not_write_and_the_report_knows_its_own_sign_in_alone(
    services: dict[str, Any],
) -> None:
    assert services["metrics"]["volumes"] == ["${HOMES:-./homes}:/homes:ro"]
    assert "environment" not in services["metrics"]
    report = services["report"]
    assert report["volumes"] == ["${HOMES:-./homes}:/homes:ro", "doors:/doors"]
    assert all(
        name.startswith("REPORT_") or name == "WAREHOUSE_REPORT_IS_LOCAL"
        for name in report["environment"]
    )


def test_the_example_of_the_settings_names_all_of_them_and_holds_no_secret() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    from_the_build = {"EXTRA_CERTIFICATES", "REVISION", "VERSION"}
    from_compose_itself = {"COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME", "BACKUPS"}
    named = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    assert set(settings) | from_the_build == named | from_compose_itself
    assert all(not text for name, text in settings.items() if name.endswith(SECRETS))


def test_secrets_are_kept_out_of_git_and_of_the_image() -> None:
    for file in (".gitignore", ".dockerignore"):
        assert ".env" in Path(PROJECT / file).read_text().splitlines()


@pytest.mark.parametrize("executor", ["LocalExecutor", "CeleryExecutor"])
def test_the_locked_packages_can_run_every_executor_that_the_settings_offer(executor: str) -> None:
    from airflow.executors.executor_loader import ExecutorLoader

    assert executor in (PROJECT / ".env.example").read_text()
    assert importlib.import_module(ExecutorLoader.executors[executor].rpartition(".")[0])


def test_airflow_s_database_has_both_drivers_that_airflow_asks_for() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    assert "\nasyncpg==" in lock
    assert "\npsycopg2-binary==" in lock

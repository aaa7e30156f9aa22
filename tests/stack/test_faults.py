"""Workers, and what becomes of a load when one part after the other falls over in the middle."""

from tests.stack.stack import Stack
from tests.stack.test_a_server import BUSINESS, FACTS, LANDING, WRITING


def test_workers_share_the_landing_and_one_writer_has_the_rest(stack: Stack) -> None:
    stack.put(COMPOSE_PROFILES="celery", AIRFLOW_EXECUTOR="CeleryExecutor")
    stack.made("up")
    stack.compose("up", "--detach", "--no-recreate", "--scale", "worker=2", "worker")
    before = stack.marts(BUSINESS, FACTS)
    run = stack.trigger(BUSINESS)
    assert stack.outcome(BUSINESS, run) == "success"
    tasks = stack.tasks(BUSINESS, run)
    writer = stack.container("writer")["Config"]["Hostname"]
    workers = {
        stack.engine.docker("inspect", "--format", "{{.Config.Hostname}}", container)
        for container in stack.compose("ps", "-q", "worker").split()
    }
    assert {task["hostname"] for task in tasks if task["task_id"] in WRITING} == {writer}
    assert {task["hostname"] for task in tasks if task["task_id"] in {"land", *LANDING}} == workers
    assert {task["pool"] for task in tasks if task["task_id"] in WRITING} == {
        f"warehouse_writer__{BUSINESS}"
    }
    assert stack.marts(BUSINESS, FACTS) == before


def test_a_load_ends_right_though_every_part_falls_over_once(stack: Stack) -> None:
    before = stack.marts(BUSINESS, FACTS)
    published = stack.homes / BUSINESS / "published"
    known = {file.name for file in published.glob("marts-*.duckdb")}
    run = stack.trigger(BUSINESS)
    for task, service in (
        ("land", "worker"),
        ("load", "postgres"),
        ("build", "scheduler"),
        ("audit", "writer"),
    ):
        stack.wait_for_task(BUSINESS, run, task, {"running"})
        stack.kill(service)
        stack.wait_until_healthy(service)
    assert stack.outcome(BUSINESS, run) == "success"
    assert stack.marts(BUSINESS, FACTS) == before
    new = {file.name for file in published.glob("marts-*.duckdb")} - known
    assert new == {(published / "marts.duckdb").readlink().name}

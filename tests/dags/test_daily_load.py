"""The DAG: thin, in order, with one writer, and patient only where patience helps."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marketing_warehouse import errors
from marketing_warehouse.paths import PROJECT

SHORTER_THAN = 60
WRITERS = ("load", "build", "audit", "publish")


def test_every_dag_file_can_be_read(dag_bag: Any) -> None:
    assert dag_bag.import_errors == {}
    assert list(dag_bag.dags) == ["daily_load"]


def test_reading_the_dags_is_quick_enough_for_every_few_seconds(dag_bag: Any) -> None:
    """Measured: 0.1 s. A heavy library imported at the top of a file costs seconds."""
    assert sum(stat.duration.total_seconds() for stat in dag_bag.dagbag_stats) < 2


def test_a_dag_file_stays_short_and_holds_no_sql_and_no_paths() -> None:
    for file in (PROJECT / "dags").glob("*.py"):
        text = file.read_text()
        assert len(text.splitlines()) < SHORTER_THAN, file.name
        assert not any(word in text.lower() for word in ("select ", "insert ", ".duckdb")), (
            file.name
        )


def test_the_steps_follow_each_other_in_one_line(daily_load: Any) -> None:
    leans_on = {task.task_id: task.upstream_task_ids for task in daily_load.tasks}
    assert leans_on == {
        "plan": set(),
        "land": {"plan"},
        "load": {"plan", "land"},
        "build": {"plan", "load"},
        "audit": {"plan", "build"},
        "publish": {"plan", "audit"},
        "conclude": {"plan", "publish"},
    }


def test_sources_land_side_by_side(daily_load: Any) -> None:
    land = daily_load.get_task("land")
    assert land.is_mapped
    assert land.pool == "default_pool"


def test_only_one_step_writes_at_a_time(daily_load: Any) -> None:
    pools = {task.task_id: task.pool for task in daily_load.tasks}
    assert {name for name, pool in pools.items() if pool == "warehouse_writer"} == set(WRITERS)
    assert daily_load.max_active_runs == 1


def test_a_source_that_failed_stops_nobody_and_a_failed_step_stops_its_followers(
    daily_load: Any,
) -> None:
    rules = {task.task_id: task.trigger_rule.value for task in daily_load.tasks}
    assert rules.pop("load") == rules.pop("conclude") == "all_done_min_one_success"
    assert set(rules.values()) == {"all_success"}


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (errors.SourceUnavailableError("no answer"), "retry"),
        (errors.BusyError("another writer"), "retry"),
        (errors.MailUnavailableError("no mail server"), "retry"),
        (errors.ReportNotSentError("no such mailbox"), "fail"),
        (errors.CredentialsRefusedError("we may not ask"), "fail"),
        (errors.SourceRefusedError("rows do not fit"), "fail"),
        (errors.ConfigError("a wrong key"), "fail"),
        (errors.ExpectationsNotMetError("the audit failed"), "fail"),
        (errors.NotAuditedError("no audit"), "fail"),
        (RuntimeError("nobody foresaw this"), "default"),
    ],
)
def test_only_what_may_pass_by_itself_is_tried_again(
    daily_load: Any, error: Exception, action: str
) -> None:
    for task in daily_load.tasks:
        # A mapped task keeps its arguments for the tasks that it will become.
        arguments = task.partial_kwargs if task.is_mapped else vars(task)
        assert arguments["retry_policy"].evaluate(error, 1, 2).action.value == action
        assert (task.retries, task.retry_delay) == (2, timedelta(minutes=5))


def test_it_runs_every_day_at_five_in_the_zone_of_the_business(daily_load: Any) -> None:
    assert daily_load.catchup is False
    assert daily_load.timetable.expression == "0 5 * * *"
    assert str(daily_load.timetable.timezone) == "Europe/Bucharest"


def test_a_person_may_say_the_last_day_to_count(daily_load: Any) -> None:
    assert daily_load.params["through"] is None
    daily_load.params["through"] = "2026-10-31"


def test_the_person_on_call_finds_out_what_to_do(daily_load: Any) -> None:
    for word in ("conclude", "audit", "trigger", "warehouse rollback"):
        assert word in daily_load.doc_md


def test_a_broken_business_yml_leaves_a_dag_whose_run_says_what_is_wrong(
    read_dags: Any, tmp_path: Path
) -> None:
    (tmp_path / "business.yml").write_text("business: {timezone: [\n")
    bag = read_dags(tmp_path)
    assert bag.import_errors == {}
    assert str(bag.dags["daily_load"].timetable.timezone) == "UTC"


def test_a_report_that_is_asked_for_follows_publishing_and_can_take_nothing_back(
    read_dags: Any, tmp_path: Path
) -> None:
    (tmp_path / "business.yml").write_text("report: {period: month}\n")
    tasks = read_dags(tmp_path).dags["daily_load"].task_dict
    assert tasks["report"].upstream_task_ids == {"plan", "publish"}
    assert tasks["conclude"].upstream_task_ids == {"plan", "report"}
    assert tasks["publish"].upstream_task_ids == {"plan", "audit"}
    assert tasks["conclude"].trigger_rule == "all_done_min_one_success"


def test_a_scheduler_without_a_home_is_told_to_name_one(read_dags: Any) -> None:
    (message,) = read_dags(None).import_errors.values()
    assert "set WAREHOUSE_HOME" in message

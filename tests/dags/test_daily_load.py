"""The DAG: thin, in order, with one writer, and patient only where patience helps."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marketing_warehouse import errors
from marketing_warehouse.paths import HOMES_VARIABLE, PROJECT
from tests.dags.conftest import BUSINESS

SHORTER_THAN = 60
WHOLE_BUSINESS = f"""{BUSINESS}sources:
  - {{name: bank, feed: fx_rates, connector: csv, path: inbox/bank.csv}}
"""
WRITERS = ("load", "build", "audit", "publish")


def test_every_dag_file_can_be_read(dag_bag: Any) -> None:
    assert dag_bag.import_errors == {}
    assert list(dag_bag.dags) == ["daily_load"]


def test_reading_the_dags_is_quick_enough_for_every_few_seconds(
    read_dags: Any, tmp_path: Path
) -> None:
    """Measured: 0.1 s. A heavy library imported each time costs seconds."""
    (tmp_path / "business.yml").write_text(BUSINESS)
    read_dags(tmp_path)  # the first time business.yml is checked as a whole
    again = read_dags(tmp_path)
    assert sum(stat.duration.total_seconds() for stat in again.dagbag_stats) < 2


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
    broken = bag.dags["daily_load"]
    assert str(broken.timetable.timezone) == "UTC"
    assert broken.tags == {"business.yml is broken"}
    assert broken.doc_md.startswith("**Nothing will be loaded:** business.yml, line")


def test_each_folder_of_homes_is_a_business_and_a_broken_one_breaks_no_other(
    read_dags: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"shop": WHOLE_BUSINESS, "cafe": BUSINESS, "Not A Name": BUSINESS}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "business.yml").write_text(text)
    (tmp_path / "no_business_yet").mkdir()
    monkeypatch.setenv(HOMES_VARIABLE, str(tmp_path))
    bag = read_dags(None)
    assert bag.import_errors == {}
    assert set(bag.dags) == {"daily_load__shop", "daily_load__cafe"}
    shop, cafe = bag.dags["daily_load__shop"], bag.dags["daily_load__cafe"]
    assert (shop.tags, cafe.tags) == (set(), {"business.yml is broken"})
    assert "sources is nothing" in cafe.doc_md
    assert {shop.get_task(name).pool for name in WRITERS} == {"warehouse_writer__shop"}
    assert {cafe.get_task(name).pool for name in WRITERS} == {"warehouse_writer__cafe"}


def test_a_business_yml_that_was_mended_is_read_anew(read_dags: Any, tmp_path: Path) -> None:
    (tmp_path / "business.yml").write_text(BUSINESS)
    assert read_dags(tmp_path).dags["daily_load"].tags
    (tmp_path / "business.yml").write_text(WHOLE_BUSINESS)
    assert not read_dags(tmp_path).dags["daily_load"].tags


def test_writers_wait_in_a_queue_of_their_own(daily_load: Any) -> None:
    queues = {task.task_id: task.queue for task in daily_load.tasks}
    assert {name for name, queue in queues.items() if queue == "writer"} == set(WRITERS)


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

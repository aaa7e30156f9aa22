"""The daily load of one business: tasks around the steps of the package, and nothing else."""

import connections
from airflow import sdk
from pendulum import datetime, duration

from marketing_warehouse import errors, steps
from marketing_warehouse.paths import home_from_environment
from marketing_warehouse.schedule import business_timezone

HOME = home_from_environment()
ZONE = business_timezone(HOME)
WRITER = {"pool": "warehouse_writer"}  # one slot: DuckDB takes one writer
EVEN_SO = {"trigger_rule": "all_done_min_one_success"}  # a source that failed stops nobody else
PASSING = sdk.RetryRule(list(errors.PASSING))
LASTING = sdk.RetryRule(errors.WarehouseError, sdk.RetryAction.FAIL, reason="No retry mends this.")
RETRY = {"retries": 2, "retry_delay": duration(minutes=5)}


@sdk.dag(
    schedule=sdk.CronDataIntervalTimetable("0 5 * * *", timezone=ZONE),
    start_date=datetime(2020, 1, 1, tz=ZONE),
    catchup=False,
    max_active_runs=1,
    params={"through": sdk.Param(None, type=["null", "string"], format="date", title="Last day")},
    default_args=RETRY | {"retry_policy": sdk.ExceptionRetryPolicy([PASSING, LASTING])},
)
def daily_load() -> None:
    """Refresh the warehouse once a day: plan, land, load, build, audit, publish, conclude.

    **Readers are never at risk**: until *publish* has ended they see the marts of before.
    **Read the log of the first red task**: its last line is one sentence that says what to do.
    **A red *land*** leaves one source out; the others are published, *conclude* names it and the
    run is red. Mend the source, then trigger the DAG again: nothing is loaded twice.
    **A red *audit*** published nothing: the sentence names the rules, Data Docs in `audits/` of
    the home show the rows. Mend the data or `business.yml`, then trigger the DAG again.
    **Anything may be cleared, killed and run again**; `warehouse rollback` goes back one build.
    """

    @sdk.task
    def plan(params, dag_run, ti) -> list[str]:
        is_manual = dag_run.run_type == "manual"
        days = None if is_manual else (dag_run.data_interval_start, dag_run.data_interval_end)
        planned = steps.plan(str(HOME.path), params["through"], days)
        ti.xcom_push("load_id", planned.load_id)
        return planned.sources

    sources = plan()
    which = {"home": str(HOME.path), "load_id": sources["load_id"]}
    land = sdk.task(connections.land).partial(**which).expand(source=sources)
    load = sdk.task(steps.load, **WRITER, **EVEN_SO)(**which)
    build = sdk.task(steps.build, **WRITER)(**which)
    audit = sdk.task(steps.audit, **WRITER)(**which)
    publish = sdk.task(steps.publish, **WRITER)(**which)
    conclude = sdk.task(steps.conclude, **EVEN_SO)(**which)
    sdk.chain(land, load, build, audit, publish, *connections.reports(HOME, which), conclude)


dag = daily_load()

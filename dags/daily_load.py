"""The daily load of each business: tasks around the steps of the package, and nothing else."""

import connections
from airflow import sdk
from pendulum import datetime

from marketing_warehouse import errors, schedule, steps
from marketing_warehouse.paths import Home, homes_from_environment

EVEN_SO = {"trigger_rule": "all_done_min_one_success"}  # a source that failed stops nobody else
PASSING = sdk.RetryRule(list(errors.PASSING))
LASTING = sdk.RetryRule(errors.WarehouseError, sdk.RetryAction.FAIL, reason="No retry mends this.")
HELP = """Refresh the warehouse once a day: plan, land, load, build, audit, publish, conclude.

**Readers are never at risk**: until *publish* has ended they see the marts of before.
**Read the log of the first red task**: its last line is one sentence that says what to do.
**A red *land*** leaves one source out; the others are published, *conclude* names it and the
run is red. Mend the source, then trigger the DAG again: nothing is loaded twice.
**A red *audit*** published nothing: the sentence names the rules, Data Docs in `audits/` of
the home show the rows. Mend the data or `business.yml`, then trigger the DAG again.
**Anything may be cleared, killed and run again**; `warehouse rollback` goes back one build."""


@sdk.task
def plan(home: str, params, dag_run, ti) -> list[str]:
    """Open a load's journal; return the sources to land."""
    days = (dag_run.data_interval_start, dag_run.data_interval_end)
    planned = steps.plan(home, params["through"], None if dag_run.run_type == "manual" else days)
    ti.xcom_push("load_id", planned.load_id)
    return planned.sources


def daily_load(name: str, home: Home) -> sdk.DAG:
    """Return a business's DAG; where its business.yml is broken, the DAG says so and fails."""
    fault, zone = schedule.settings_fault(home), schedule.business_timezone(home)
    writer = {"pool": "__".join(filter(None, ["warehouse_writer", name])), "queue": "writer"}
    with sdk.DAG(
        "__".join(filter(None, ["daily_load", name])),
        schedule=sdk.CronDataIntervalTimetable("0 5 * * *", timezone=zone),
        start_date=datetime(2020, 1, 1, tz=zone),
        max_active_runs=1,
        params={"through": sdk.Param(None, ["null", "string"], title="Last day", format="date")},
        default_args={"retries": 2, "retry_policy": sdk.ExceptionRetryPolicy([PASSING, LASTING])},
        tags={"business.yml is broken"} if fault else set(),
        doc_md=f"**Nothing will be loaded:** {fault}\n\n{HELP}" if fault else HELP,
    ) as dag:
        sources = plan(str(home.path))
        which = {"home": str(home.path), "load_id": sources["load_id"]}
        land = sdk.task(connections.land).partial(**which).expand(source=sources)
        load = sdk.task(steps.load, **writer, **EVEN_SO)(**which)
        build, audit, publish = (
            sdk.task(step, **writer)(**which) for step in (steps.build, steps.audit, steps.publish)
        )
        done = [land, load, build, audit, publish, *connections.reports(home, which)]
        sdk.chain(*done, sdk.task(steps.conclude, **EVEN_SO)(**which))
    return dag


DAGS = [daily_load(name, home) for name, home in homes_from_environment().items()]

"""Run the daily load once, here and now, up to a day: what `warehouse load` starts."""

import sys
from pathlib import Path

from airflow import __version__
from airflow.configuration import AIRFLOW_HOME
from airflow.utils import db


def prepare_metadata() -> None:
    """Create or upgrade Airflow's own database, once for each version of Airflow."""
    stamp = Path(AIRFLOW_HOME) / "metadata_of"
    if stamp.exists() and stamp.read_text() == __version__:
        return
    db.upgradedb()
    stamp.write_text(__version__)


def run(through: str) -> None:
    """Run the DAG without retries: who waits at a command line can try again at will."""
    from daily_load import DAGS

    (dag,) = DAGS
    for task in dag.tasks:
        task.retries = 0
    dag.test(run_conf={"through": through})


if __name__ == "__main__":
    prepare_metadata()
    run(sys.argv[1])

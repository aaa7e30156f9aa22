"""An Airflow of the tests' own, and the DAG files as it reads them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marketing_warehouse.paths import HOME_VARIABLE, PROJECT

DAGS = PROJECT / "dags"
BUSINESS = "business: {name: Mini, currency: EUR, timezone: Europe/Bucharest, country: RO}\n"


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Airflow reads its settings at its first import, so they are set before any test."""
    folder = tmp_path_factory.mktemp("airflow")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AIRFLOW_")]:
            patch.delenv(name)
        patch.setenv("AIRFLOW_HOME", str(folder))
        patch.setenv("AIRFLOW__CORE__DAGS_FOLDER", str(DAGS))
        patch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
        patch.setenv("AIRFLOW__USAGE_DATA_COLLECTION__ENABLED", "False")
        yield folder


@pytest.fixture(scope="session")
def read_dags(airflow_home: Path) -> Any:
    """A function that reads the DAG files as a scheduler of a home does."""

    def read(home: Path | None) -> Any:
        from airflow.dag_processing.dagbag import DagBag

        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(DAGS)  # as Airflow does for a bundle of DAG files
            if home:
                patch.setenv(HOME_VARIABLE, str(home))
            else:
                patch.delenv(HOME_VARIABLE, raising=False)
            return DagBag(str(DAGS))

    return read


@pytest.fixture(scope="session")
def dag_bag(read_dags: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The DAG files as a scheduler of a business in Bucharest reads them."""
    home = tmp_path_factory.mktemp("home")
    (home / "business.yml").write_text(BUSINESS)
    return read_dags(home)


@pytest.fixture(scope="session")
def daily_load(dag_bag: Any) -> Any:
    return dag_bag.dags["daily_load"]

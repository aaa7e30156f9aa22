"""Connections: Airflow's secrets reach a source by its name, and a missing one is no error."""

import importlib
from typing import Any

import pytest

from marketing_warehouse.credentials import fields_of_connection
from tests.dags.conftest import DAGS


@pytest.fixture
def connections(airflow_home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(DAGS)
    return importlib.import_module("connections")


def test_a_connection_is_found_with_its_extra(
    connections: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_WAREHOUSE_CRM",
        '{"conn_type": "http", "login": "robot", "extra": {"access_token": "tk_1"}}',
    )
    found = connections.find_connection("warehouse_crm")
    assert fields_of_connection(found) == {"login": "robot", "access_token": "tk_1"}


def test_a_connection_that_nobody_has_made_is_none(connections: Any) -> None:
    assert connections.find_connection("warehouse_nobody") is None

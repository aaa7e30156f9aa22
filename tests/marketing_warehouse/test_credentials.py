"""Credentials: found where secrets are kept, and shown nowhere."""

import json
from pathlib import Path

import pytest

from marketing_warehouse.credentials import Credentials
from marketing_warehouse.errors import ConfigError, CredentialsRefusedError
from marketing_warehouse.paths import credentials_from_environment, environment_for_child


def test_each_variable_of_a_source_is_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_SOURCE_WEB_SHOP_CONSUMER_KEY", "ck_1")
    monkeypatch.setenv("WAREHOUSE_SOURCE_OTHER_TOKEN", "tk_2")
    assert credentials_from_environment("web-shop") == {"consumer_key": "ck_1"}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"conn_type": "http", "login": "ann", "extra": {"token": "t/1"}}),
        json.dumps({"conn_type": "http", "login": "ann", "extra": '{"token": "t/1"}'}),
        "http://ann@?token=t%2F1",
    ],
)
def test_a_connection_is_read_as_airflow_writes_it(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_SHOP", written)
    assert credentials_from_environment("shop") == {"login": "ann", "token": "t/1"}


def test_a_connection_that_is_none_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_SHOP", '{"login": "secret"')
    with pytest.raises(ConfigError, match="AIRFLOW_CONN_WAREHOUSE_SHOP is no") as raised:
        credentials_from_environment("shop")
    assert "secret" not in str(raised.value)


def test_a_secret_in_a_file_must_be_its_owners_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key.json"
    file.write_text("whole key\n")
    monkeypatch.setenv("WAREHOUSE_SOURCE_ADS_SERVICE_ACCOUNT_FILE", str(file))
    file.chmod(0o640)
    with pytest.raises(ConfigError, match=r"can be read by others \(mode 0640\)"):
        credentials_from_environment("ads")
    file.chmod(0o600)
    assert credentials_from_environment("ads") == {"service_account": "whole key"}


def test_a_missing_field_says_where_to_put_it() -> None:
    with pytest.raises(CredentialsRefusedError) as raised:
        Credentials("web-shop", {})["token"]
    assert str(raised.value) == (
        "Source web-shop has no token to sign in with: set WAREHOUSE_SOURCE_WEB_SHOP_TOKEN in the "
        "environment, or the field token of the Airflow connection warehouse_web_shop."
    )


def test_credentials_do_not_show_themselves() -> None:
    credentials = Credentials("shop", {"Token": "hunter2!", "pin": "17"})
    assert repr(credentials) == "Credentials of shop: pin, token"
    assert credentials.redacted("the key hunter2! of 17") == "the key (secret) of 17"


def test_a_child_gets_the_connections_of_sources_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_SHOP", "http://a")
    monkeypatch.setenv("AIRFLOW_CONN_ELSEWHERE", "http://b")
    child = environment_for_child({})
    assert "AIRFLOW_CONN_WAREHOUSE_SHOP" in child
    assert "AIRFLOW_CONN_ELSEWHERE" not in child

"""The Data Docs open in a browser, and nothing beside them does."""

from pathlib import Path

import pytest
from components import data_docs
from starlette.applications import Starlette
from starlette.testclient import TestClient

from marketing_warehouse.paths import HOME_VARIABLE, Home


@pytest.fixture
def browser(home: Home, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv(HOME_VARIABLE, str(home.path))
    return TestClient(Starlette(routes=[data_docs.route()]), base_url="http://127.0.0.1")


@pytest.fixture
def docs(home: Home) -> Path:
    home.data_docs.parent.mkdir(parents=True)
    home.data_docs.write_text("<h1>Data Docs</h1>")
    (home.audits / "20261101T025000Z.json").write_text('{"secret": "a row"}')
    return home.data_docs.parent


def test_before_the_first_audit_there_is_no_page(browser: TestClient) -> None:
    assert browser.get("/data_docs/index.html").status_code == 404


def test_the_index_and_the_pages_it_links_are_served_as_html(
    browser: TestClient, docs: Path
) -> None:
    (docs / "validations").mkdir()
    (docs / "validations" / "orders.html").write_text("<h1>Orders</h1>")
    for path, text in (
        ("index.html", "Data Docs"),
        ("", "Data Docs"),
        ("validations/orders.html", "Orders"),
    ):
        answer = browser.get(f"/data_docs/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert text in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "../20261101T025000Z.json",
        "%2e%2e/20261101T025000Z.json",
        "..%2f20261101T025000Z.json",
        "../../business.yml",
        "../../hash.key",
        "//etc/hostname",
        "none.html",
    ],
)
def test_nothing_beside_the_data_docs_is_served(browser: TestClient, docs: Path, path: str) -> None:
    answer = browser.get(f"/data_docs/{path}")
    assert answer.status_code in (400, 404)
    assert "secret" not in answer.text


def test_a_link_out_of_the_data_docs_is_not_followed(
    browser: TestClient, docs: Path, home: Home
) -> None:
    (docs / "key.html").symlink_to(home.hash_key_file)
    assert browser.get("/data_docs/key.html").status_code == 404

"""CSV and JSON at an address: fetched when it has changed, and never half of it."""

from pathlib import Path

import pytest

from marketing_warehouse.errors import CredentialsRefusedError, SourceRefusedError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi
from tests.marketing_warehouse.landing import land_shop, rows_of

TARGETS = "kpi,period_start,period_end,target\nleads,2026-01-01,2026-01-31,{}\n"


class FileServer(VendorApi):
    """One file, with an ETag, for those who know the password if there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.content = b""
        self.type = "text/csv"
        self.token = ""

    def answer(self, asked: Asked) -> Answer:
        if self.token and asked.headers.get("Authorization") != f"Bearer {self.token}":
            return Answer({}, 403)
        etag = f'"{hash(self.content)}"'
        if asked.headers.get("If-None-Match") == etag:
            return Answer(b"", 304, {"ETag": etag})
        return Answer(self.content, 200, {"ETag": etag, "Content-Type": self.type})


def describe(home: Home, api: FileServer, options: str = "", feed: str = "kpi_targets") -> None:
    home.business_yml.write_text(
        "business: {name: Shop, currency: EUR, timezone: Europe/Bucharest, country: RO}\n"
        f"sources:\n  - {{name: shop, feed: {feed}, connector: http,\n"
        f"     options: {{url: '{api.url}/files/targets.csv'{options}}}}}\n"
    )


def test_a_file_is_fetched_when_it_has_changed(home: Home) -> None:
    with FileServer() as api:
        api.content = TARGETS.format(100).encode()
        describe(home, api)
        (first,) = land_shop(home)
        assert land_shop(home) == []
        assert "If-None-Match" in api.asked[-1].headers
        api.content = TARGETS.format(120).encode()
        (second,) = land_shop(home)
    assert [rows_of(home, name)[0]["target"] for name in (first, second)] == ["100", "120"]


def test_json_objects_are_rows_and_their_numbers_stay_exact(home: Home) -> None:
    with FileServer() as api:
        api.type = "application/json"
        api.content = (
            b'{"data": [{"kpi": "leads", "period": {"from": "2026-01-01", "to": "2026-01-31"},'
            b' "target": 0.1000000000000000055}]}'
        )
        describe(home, api, ", form: json, records: data")
        text = home.business_yml.read_text().replace(
            "connector: http",
            "connector: http, columns: {period_start: period.from, period_end: period.to}",
        )
        home.business_yml.write_text(text)
        (name,) = land_shop(home)
    (row,) = rows_of(home, name)
    assert (row["period_end"], row["target"]) == ("2026-01-31", "0.1000000000000000055")


def test_a_file_behind_a_token_needs_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with FileServer() as api:
        api.token, api.content = "tk_7365736861", TARGETS.format(1).encode()
        describe(home, api, ", sign_in: bearer")
        with pytest.raises(CredentialsRefusedError, match="set WAREHOUSE_SOURCE_SHOP_ACCESS_TOKEN"):
            land_shop(home)
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_ACCESS_TOKEN", api.token)
        assert len(land_shop(home)) == 1


def test_an_address_that_has_moved_is_not_followed(home: Home, tmp_path: Path) -> None:
    class Moved(FileServer):
        def answer(self, asked: Asked) -> Answer:
            return Answer({}, 302, {"Location": "http://127.0.0.1:1/elsewhere"})

    with Moved() as api:
        describe(home, api)
        with pytest.raises(SourceRefusedError, match="it has moved"):
            land_shop(home)

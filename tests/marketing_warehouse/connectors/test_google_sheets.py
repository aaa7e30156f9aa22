"""Google Sheets: what a sheet means is landed exactly: dates, percents, merged and empty cells."""

import json
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from marketing_warehouse.check import check_source
from marketing_warehouse.config import read_config
from marketing_warehouse.errors import CredentialsRefusedError, SourceError, SourceRefusedError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.contract import everything_written, with_option
from tests.marketing_warehouse.connectors.vendor_api import (
    Answer,
    Asked,
    VendorApi,
    broken,
    busy,
    cut,
)
from tests.marketing_warehouse.landing import land_shop, rows_of, said_of, write_config

KEY = "AIza-a-key-of-the-api"
ACCOUNT = "reports@nordic.iam.gserviceaccount.com"
HEADER = ["cost_id", "period_start", "period_end", "process", "amount", "currency", "method"]
COSTS = [HEADER, ["c1", ("DATE", 46023), ("DATE", 46053), "sales", 1200, "EUR"]]

Cell = Any


class SheetsApi(VendorApi):
    """One spreadsheet, as `spreadsheets.get` tells of it.

    A cell is a text, a number, a truth, None, or (format, number); an error is ("ERROR", its type).
    """

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, list[list[Cell]]] = {"Costs": COSTS}
        self.merges: list[dict[str, int]] = []
        self.start_row = 0
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.tokens = ["token-of-one-hour"]

    @property
    def account(self) -> str:
        """The JSON key of a service account that this API knows."""
        key = self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return json.dumps(
            {
                "type": "service_account",
                "client_email": ACCOUNT,
                "private_key": key.decode(),
                "token_uri": f"{self.url}/token",
            }
        )

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            return self._token(asked)
        known = asked.headers.get("Authorization") == f"Bearer {self.tokens[-1]}"
        if not known and asked.params.get("key") != KEY:
            said = {"code": 403, "message": "The caller does not have permission"}
            return Answer({"error": {**said, "status": "PERMISSION_DENIED"}}, 403)
        assert asked.path == "/v4/spreadsheets/1aB_c-9"
        assert "effectiveValue" in asked.params["fields"]
        name = asked.params["ranges"].split("!")[0].strip("'").replace("''", "'")
        if name not in self.sheets:
            said = {"code": 400, "message": f"Unable to parse range: {asked.params['ranges']}"}
            return Answer({"error": {**said, "status": "INVALID_ARGUMENT"}}, 400)
        data: dict[str, Any] = {"rowData": [_row(row) for row in self.sheets[name]]}
        if self.start_row:  # a zero is left out, as Google does
            data["startRow"] = self.start_row
        sheet = {"properties": {"title": name}, "data": [data], "merges": self.merges}
        return Answer({"sheets": [sheet]})

    def _token(self, asked: Asked) -> Answer:
        form = parse_qs(asked.body.decode())
        public = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        claims = jwt.decode(form["assertion"][0], certs=public, verify=True)
        assert claims["iss"] == ACCOUNT
        assert claims["scope"] == "https://www.googleapis.com/auth/spreadsheets.readonly"
        return Answer({"access_token": self.tokens[-1], "expires_in": 3600, "token_type": "Bearer"})


def _row(cells: list[Cell]) -> dict[str, Any]:
    return {"values": [_cell(cell) for cell in cells]} if cells else {}


def _cell(cell: Cell) -> dict[str, Any]:
    match cell:
        case None:
            return {}
        case bool():
            return {"effectiveValue": {"boolValue": cell}}
        case str():
            return {"effectiveValue": {"stringValue": cell}}
        case ("ERROR", kind):
            return {"effectiveValue": {"errorValue": {"type": kind, "message": "..."}}}
        case (kind, number):
            shown = {"numberFormat": {"type": kind}}
            return {"effectiveValue": {"numberValue": number}, "effectiveFormat": shown}
    return {"effectiveValue": {"numberValue": cell}}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[SheetsApi]:
    with SheetsApi() as api:
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_API_KEY", KEY)
        yield api


@pytest.fixture
def shop(home: Home, api: SheetsApi) -> Home:
    describe(home, api)
    return home


def describe(home: Home, api: SheetsApi, options: str = "", more: str = "") -> None:
    write_config(
        home,
        "connector: google_sheets\n"
        "options: {spreadsheet: 'https://docs.google.com/spreadsheets/d/1aB_c-9/edit#gid=0', "
        f"sheet: Costs, sign_in: api_key, url: '{api.url}'{options}}}{more}",
        feed="process_costs",
    )


def landed(home: Home, columns: str) -> list[tuple[str | None, ...]]:
    (name,) = land_shop(home)
    return [tuple(row[column] for column in columns.split()) for row in rows_of(home, name)]


def test_values_are_those_behind_what_the_sheet_shows(home: Home, api: SheetsApi) -> None:
    """Day 46023 of a sheet is 2026-01-01, whatever the sheet's language."""
    api.sheets["Costs"] = [
        [*HEADER, "note"],
        ["c1", ("DATE", 46023), "2026-01-31", "sales", 1234.5, "EUR", None, ("PERCENT", 0.125)],
        ["c2", ("DATE", 46023), ("DATE", 46053), "sales", 0.30000000000000004, "EUR", None, True],
        ["c3", ("DATE", 46023), ("DATE", 46053), "sales", 1e16, "EUR", "Târg ☕", 17],
        [4, ("DATE", 46023), ("DATE", 46053), "sales", -0.07, "EUR", None, ("DATE_TIME", 46023.75)],
        [
            "c5",
            ("DATE", 46023),
            ("DATE", 46053),
            "sales",
            1,
            "EUR",
            None,
            ("TIME", 0.3541666666667),
        ],
        ["c6", ("DATE", 46023), ("DATE", 46053), "sales", ("ERROR", "REF"), "EUR"],
    ]
    describe(home, api, more="\nkeep: [note]")

    assert landed(home, "cost_id period_start period_end amount method extra") == [
        ("c1", "2026-01-01", "2026-01-31", "1234.5", None, '{"note": "0.125"}'),
        ("c2", "2026-01-01", "2026-01-31", "0.30000000000000004", None, '{"note": "true"}'),
        ("c3", "2026-01-01", "2026-01-31", "10000000000000000", "Târg ☕", '{"note": "17"}'),
        ("4", "2026-01-01", "2026-01-31", "-0.07", None, '{"note": "2026-01-01 18:00:00"}'),
        ("c5", "2026-01-01", "2026-01-31", "1", None, '{"note": "08:30:00"}'),
        ("c6", "2026-01-01", "2026-01-31", "#REF", None, None),
    ]


def test_ragged_blank_and_merged_rows_keep_their_numbers(shop: Home, api: SheetsApi) -> None:
    """The sheet's rows 3 to 5 share a merged method; row 6 has a cell beyond the header."""
    cost = [("DATE", 46023), ("DATE", 46053), "sales", 1, "EUR"]
    api.sheets["Costs"] = [
        [],
        HEADER,
        ["c1", *cost, "fair"],
        ["c2", *cost],
        ["c3", *cost, None, None],
        ["c4", *cost, "mail", "oops"],
        [None, " "],
        ["c5", *cost, "mail", ""],
    ]
    api.merges = [
        {"startRowIndex": 2, "endRowIndex": 5, "startColumnIndex": 6, "endColumnIndex": 7},
        {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 7},
    ]
    assert landed(shop, "_line cost_id method _fault") == [
        ("3", "c1", "fair", None),
        ("4", "c2", "fair", None),
        ("5", "c3", "fair", None),
        ("8", "c5", "mail", None),
        ("6", None, None, "the row has a cell beyond the header's 7 columns"),
    ]


def test_a_part_of_a_sheet_keeps_the_sheets_row_numbers(home: Home, api: SheetsApi) -> None:
    api.start_row = 9
    describe(home, api, ", cells: 'A10:G'")
    assert landed(home, "_line cost_id") == [("11", "c1")]
    assert api.asked[-1].params["ranges"] == "'Costs'!A10:G"


def test_a_sheet_takes_the_place_of_what_it_was(shop: Home, api: SheetsApi) -> None:
    (first,) = land_shop(shop)
    assert said_of(shop, first)["replaces"] == {"first": None, "last": None, "only": {}}
    assert land_shop(shop) == []
    api.sheets["Costs"] = [HEADER]
    (second,) = land_shop(shop)
    assert rows_of(shop, second) == []


def test_a_service_account_signs_in_with_its_own_key(
    home: Home, api: SheetsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_SERVICE_ACCOUNT", api.account)
    describe(home, api)
    text = home.business_yml.read_text().replace("api_key", "service_account")
    home.business_yml.write_text(text)
    assert landed(home, "cost_id") == [("c1",)]
    assert b"PRIVATE KEY" not in everything_written(home.path)
    assert api.tokens[-1].encode() not in everything_written(home.path)


@pytest.mark.parametrize("mischief", [busy, broken, cut])
def test_a_hiccup_is_waited_out(shop: Home, api: SheetsApi, mischief: Any) -> None:
    api.mischief = deque([mischief])
    assert landed(shop, "cost_id") == [("c1",)]
    assert len(api.asked) == 2


def test_a_sheet_that_is_not_shared_and_one_that_is_not_there_are_refused_at_once(
    shop: Home, api: SheetsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.sheets = {"Other": COSTS}
    with pytest.raises(SourceError, match="Source shop: ") as not_there:
        land_shop(shop)
    monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_API_KEY", "AIza-another-key")
    with pytest.raises(CredentialsRefusedError, match="Source shop: ") as not_shared:
        land_shop(shop)
    assert len(api.asked) == 2
    assert "AIza" not in str(not_there.value) + str(not_shared.value)


def test_a_sheet_without_a_header_is_refused(shop: Home, api: SheetsApi) -> None:
    api.sheets["Costs"] = [[], [None, ""]]
    with pytest.raises(SourceRefusedError, match="the sheet Costs is empty; give it a header"):
        land_shop(shop)


def test_a_look_shows_mapped_rows(shop: Home, api: SheetsApi) -> None:
    shop.business_yml.write_text(with_option(shop.business_yml.read_text(), "patience_seconds: 5"))
    checked = check_source(shop, read_config(shop.business_yml), "shop", sample=5)
    assert checked.sample["cost_id"].to_pylist() == ["c1"]
    assert len(api.asked) == 1

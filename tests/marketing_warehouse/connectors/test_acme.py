"""An invented vendor: what its description alone makes of slices, windows, tokens and quotas."""

from collections import deque
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import pytest

from marketing_warehouse import journal, steps
from marketing_warehouse.conclude import sources_cut_short
from marketing_warehouse.config import read_config
from marketing_warehouse.deliveries import read_delivery
from marketing_warehouse.errors import CredentialsRefusedError, SourceUnavailableError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.acme import AcmeApi
from tests.marketing_warehouse.connectors.contract import THROUGH, Contract
from tests.marketing_warehouse.connectors.vendor_api import broken

JANUARY = 1_767_225_600  # 2026-01-01 00:00 UTC
TOKEN = {
    "client_id": "client-77",
    "client_secret": "cs_6c6f636b",
    "refresh_token": "rt_68696768",
}


class AcmeContract(Contract):
    """What both feeds of Acme have in common."""

    prelude = "import tests.marketing_warehouse.connectors.acme\n"
    credentials: ClassVar = TOKEN
    page = 50

    def make_api(self) -> AcmeApi:
        return AcmeApi()

    def requests_before_pages(self, _: Any) -> int:
        return 1

    def refuse_token(self, api: AcmeApi) -> None:
        api.refresh_token = "another"
        api.sold += 1


class LeadsContract(AcmeContract):
    """Leads come by the time of their change."""

    source = """
connector: acme
options: {url: "{url}"}
"""
    feed = "leads"
    shown = ("lead_id", "created_at", "lead_event", "method")

    def fill(self, api: AcmeApi, count: int) -> None:
        api.leads = [
            {
                "id": number,
                "created": JANUARY + number,
                "changed": JANUARY + number,
                "email": f"jürgen{number}@example.com",
                "gone": False,
            }
            for number in range(count)
        ]
        api.sort()

    def change(self, api: AcmeApi, place: int) -> None:
        newest = max(lead["changed"] for lead in api.leads)
        api.leads[place] |= {"created": JANUARY - 60, "changed": newest + 10}
        api.sort()

    def expected(self, api: AcmeApi) -> list[tuple[Any, ...]]:
        begin = date(2026, 1, 1)
        return [
            (str(lead["id"]), _moment(begin, lead["created"]), "web_form", "acme")
            for lead in api.leads
            if not lead["gone"]
        ]

    def personal(self, api: AcmeApi) -> list[str]:
        return [lead["email"] for lead in api.leads]


class TestAcmeInWords(LeadsContract):
    """The same API, described in business.yml alone."""

    source = """
connector: rest
columns: {lead_id: id, created_at: created, updated_at: changed, email: email}
defaults: {lead_event: web_form, method: acme}
options:
  url: "{url}/v2"
  path: leads
  params: {limit: "50"}
  sign_in: {by: refresh_token, token_url: "{url}/token"}
  pages: {by: cursor, parameter: cursor, path: next}
  records: rows
  read: {by: changes, field: changed, parameter: since, is_ordered: true}
  units: {created_at: epoch, updated_at: epoch}
  deleted: {field: gone}
"""


class TestAcmeLeads(LeadsContract):
    """In slices of 120, which would be a thousand files in the test of many rows."""

    test_a_hundred_thousand_rows_need_no_more_memory_than_ten_thousand = None

    def test_a_long_first_reading_goes_on_with_the_slice_where_it_was_stopped(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 1000)
        self.describe(shop, api)
        text = shop.business_yml.read_text().replace("url:", "patience_seconds: 0, url:")
        shop.business_yml.write_text(text)
        api.mischief = deque([None] * 12 + [broken])
        with pytest.raises(SourceUnavailableError):
            self.land(shop)
        landed = len(list(shop.landing.rglob("*.parquet")))
        assert landed >= 2
        asked_before = len(api.asked)
        self.check(shop, api)
        since_then = api.asked[asked_before:]
        assert "since" in since_then[1].params
        assert len(self.rows_in_raw(shop)) == 1000

    def test_a_deleted_lead_is_gone_and_an_undeleted_one_is_back(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 3)
        self.check(shop, api)
        for is_gone, left in ((True, ["0", "2"]), (False, ["0", "1", "2"])):
            self.change(api, 1)
            api.leads[1]["gone"] = is_gone
            self.check(shop, api)
            assert [row[0] for row in self.rows_in_raw(shop)] == left

    def test_objects_that_do_not_fit_count_again_once_they_are_mended(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 40)
        for lead in api.leads[:15]:
            lead["created"] = "soon"
        self.land(shop)
        load_id = journal.start(shop, THROUGH)
        steps.load(str(shop.path), load_id)
        (entry,) = (step for step in journal.read_steps(shop, load_id) if step.step == "load")
        assert "15 of its 40 new rows do not fit" in entry.details["refused"]["shop"]
        assert "leads 0, line 1" in entry.details["refused"]["shop"]
        for place in range(15):
            self.change(api, place)
        self.land(shop)
        rows = self.current(shop, bad=15)
        assert rows == sorted(self.expected(api), key=repr)

    def test_a_token_that_expires_in_the_middle_is_renewed(self, shop: Home, api: AcmeApi) -> None:
        self.fill(api, 200)
        api.before[3] = lambda: setattr(api, "sold", api.sold + 1)
        self.check(shop, api)
        assert sum(asked.path == "/token" for asked in api.asked) == 2

    def test_a_quota_that_is_used_up_ends_the_day_with_what_was_landed(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 1000)
        api.requests_left = 8
        load_id = journal.start(shop, THROUGH)
        landed = steps.land(str(shop.path), load_id, "shop")
        assert len(landed) >= 2
        cut_short = sources_cut_short(journal.read_steps(shop, load_id))
        assert cut_short["shop"].startswith("Source shop: its API answers no more requests today")
        assert 0 < len(self.current(shop)) < 1000
        api.requests_left = 10**9
        self.check(shop, api)

    def test_another_mapping_reads_all_anew_and_takes_the_place_once_it_has_caught_up(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 300)
        self.check(shop, api)
        yml = shop.business_yml.read_text().replace(
            "connector:", "defaults: {method: fair}\n    connector:"
        )
        shop.business_yml.write_text(yml)
        api.requests_left = 4
        self.land(shop)
        assert {row[3] for row in self.current(shop)} == {"acme"}
        api.requests_left = 10**9
        self.land(shop)
        assert {row[3] for row in self.current(shop)} == {"fair"}
        assert len(self.rows_in_raw(shop)) == 300

    def test_what_an_api_forgets_is_kept_when_it_is_read_another_way(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 10)
        self.check(shop, api)
        yml = shop.business_yml.read_text().replace(
            "connector:", "defaults: {method: fair}\n    connector:"
        )
        shop.business_yml.write_text(yml)
        api.leads = api.leads[4:]
        api.sort()
        self.land(shop)
        assert [row[3] for row in self.current(shop)] == ["acme"] * 4 + ["fair"] * 6


class TestAcmeSpend(AcmeContract):
    """Spend comes by days, the last seven of them again each time."""

    source = """
connector: acme
options: {url: "{url}", start: 2026-09-01}
"""
    feed = "ad_spend"
    shown = ("spend_date", "campaign_id", "campaign_name", "spend", "clicks")
    campaigns = 10

    def fill(self, api: AcmeApi, count: int) -> None:
        api.spend = []
        for number in range(count):
            day = THROUGH - timedelta(days=number * 60 // max(count, 1))
            api.spend.append(
                {
                    "day": day.isoformat(),
                    "account": "a1",
                    "campaign": f"c{number}",
                    "name": "Café „Crème“",
                    "cost_micros": 1_234_567 + number,
                    "clicks": number,
                }
            )

    def change(self, api: AcmeApi, place: int) -> None:
        api.spend[place]["cost_micros"] += 50_000_000

    def expected(self, api: AcmeApi) -> list[tuple[Any, ...]]:
        return [
            (
                date.fromisoformat(row["day"]),
                row["campaign"],
                row["name"],
                (Decimal(row["cost_micros"]) / 1_000_000).quantize(
                    Decimal("0.0001"), ROUND_HALF_UP
                ),
                row["clicks"],
            )
            for row in api.spend
        ]

    def test_a_row_that_vanishes_from_a_restated_day_is_gone(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 60)
        self.check(shop, api)
        del api.spend[2]
        self.check(shop, api)
        assert len(self.rows_in_raw(shop)) == 59

    def test_a_day_before_the_window_is_not_asked_for_again(self, shop: Home, api: AcmeApi) -> None:
        self.fill(api, 60)
        self.check(shop, api)
        before = len(api.asked)
        self.land(shop)
        (asked,) = [asked for asked in api.asked[before:] if asked.path != "/token"]
        assert (asked.params["from"], asked.params["to"]) == ("2026-10-25", "2026-10-31")

    def test_one_account_does_not_take_the_place_of_another(self, shop: Home, api: AcmeApi) -> None:
        self.fill(api, 20)
        for row in api.spend[10:]:
            row["account"] = "a2"
        yml = shop.business_yml.read_text().replace("start:", "accounts: [a1, a2], start:")
        shop.business_yml.write_text(yml)
        self.check(shop, api)
        del api.spend[0]
        self.check(shop, api)

    def test_a_missing_permission_is_named(self, shop: Home, api: AcmeApi) -> None:
        api.is_forbidden = True
        with pytest.raises(CredentialsRefusedError, match=r"lack the permission spend\.read"):
            self.land(shop)

    def test_each_slice_carries_its_own_cursor_and_the_last_one_has_caught_up(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 60)
        self.land(shop)
        deliveries = [read_delivery(path) for path in sorted(shop.landing.rglob("*.parquet"))]
        assert [(one.cursor, one.is_caught_up) for one in deliveries] == [
            ({"through": "2026-09-30"}, False),
            ({"through": "2026-10-30"}, False),
            ({"through": "2026-10-31"}, True),
        ]

    def test_the_same_rows_in_one_load_or_in_many_give_the_same_raw(
        self, shop: Home, api: AcmeApi
    ) -> None:
        self.fill(api, 60)
        for _ in range(3):
            self.land(shop)
            del api.spend[0]
            self.change(api, 1)
        in_one_load = self.current(shop)
        shop.raw.unlink()
        again = self.current(shop)
        assert again == in_one_load
        assert len(again) == 58


def test_an_option_that_decides_nothing_lands_nothing_again(home: Home) -> None:
    home.business_yml.write_text(
        "business: {name: Shop, currency: EUR, timezone: Europe/Bucharest}\n"
        "sources: [{name: shop, feed: leads, connector: acme, options: {url: 'https://a.example'}}]"
    )
    options = read_config(home.business_yml).source("shop").options
    assert {"window_days", "overlap_days", "patience_seconds"} <= options.decide_nothing


def _moment(begin: date, seconds: int) -> Any:
    from datetime import datetime

    start = datetime(begin.year, begin.month, begin.day)
    return start + timedelta(seconds=seconds - JANUARY)

"""HubSpot: the contract, and what is its own: searches, merges, owners, stages, the weekly list."""

import bisect
import csv
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from marketing_warehouse.errors import CredentialsRefusedError
from marketing_warehouse.paths import PROJECT, Home
from tests.marketing_warehouse.connectors.contract import (
    THROUGH,
    DailyQuota,
    SecondFeed,
    with_option,
)
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

BEGIN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Bucharest's clocks change
TOKEN = "pat-eu1-76657274"
CHANGED = {"contacts": "lastmodifieddate"}
EXPORTS = PROJECT.parent / "shared/data/api_exports/fivetran_dbt_hubspot"
MOST_RESULTS = 10_000
IN_A_WEEK = THROUGH + timedelta(days=7)


def iso(moment: datetime) -> str:
    """Write a moment as HubSpot does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def milliseconds(text: str) -> int:
    """Return the number by which searches know a moment."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


class HubSpotApi(VendorApi):
    """Searches that end at 10,000, lists by id, associations apart, owners, stages."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, list[dict[str, Any]]] = {
            kind: [] for kind in ("contacts", "calls", "meetings", "deals")
        }
        self.associations: dict[tuple[str, str], list[int]] = {}
        self.owners: list[dict[str, Any]] = []
        self.stages: list[dict[str, Any]] = []
        self.known = TOKEN
        self.forbidden: set[str] = set()
        self.is_used_up = False

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != f"Bearer {self.known}":
            return Answer({"status": "error", "category": "INVALID_AUTHENTICATION"}, 401)
        if self.is_used_up:
            body = {"errorType": "RATE_LIMIT", "policyName": "DAILY", "message": "daily limit"}
            return Answer(body, 429)
        if asked.path in self.forbidden:
            body = {"category": "MISSING_SCOPES", "message": "not all required scopes"}
            return Answer(body, 403)
        match asked.path.strip("/").split("/"):
            case ["crm", "v3", "objects", kind, "search"]:
                return self._search(kind, asked.json)
            case ["crm", "v3", "objects", kind]:
                return self._list(kind, asked.params)
            case ["crm", "v4", "associations", kind, "contacts", "batch", "read"]:
                return self._associations(kind, asked.json)
            case ["crm", "v3", "owners"]:
                wanted = asked.params["archived"] == "true"
                return Answer({"results": [o for o in self.owners if o["archived"] == wanted]})
            case ["crm", "v3", "pipelines", "deals"]:
                return Answer({"results": [{"id": "default", "stages": self.stages}]})
        return Answer({"status": "error", "category": "OBJECT_NOT_FOUND"}, 404)

    def sort(self) -> None:
        """Put the objects where a change has brought them."""
        for kind, objects in self.objects.items():
            name = CHANGED.get(kind, "hs_lastmodifieddate")
            objects.sort(key=lambda one: (one["properties"][name], int(one["id"])))

    def _search(self, kind: str, body: dict[str, Any]) -> Answer:
        """Answer one question as it is documented: filters, one order, 200 of 10,000 at once."""
        name, objects = CHANGED.get(kind, "hs_lastmodifieddate"), self.objects[kind]
        (groups, (order,)) = (body["filterGroups"], body["sorts"])
        filters = {each["propertyName"]: each for each in (groups[0]["filters"] if groups else [])}

        def place(side: Any, moment: str) -> int:
            key = int(moment)
            return side(objects, key, key=lambda one: milliseconds(one["properties"][name]))

        first, last = 0, len(objects)
        if name in filters:
            first = place(bisect.bisect_left, filters[name]["value"])
            if filters[name]["operator"] == "EQ":
                last = place(bisect.bisect_right, filters[name]["value"])
        found = range(first, last)
        if order["propertyName"] == "hs_object_id":
            least = int(filters["hs_object_id"]["value"])
            found = [number for number in found if int(objects[number]["id"]) > least]
            found.sort(key=lambda number: int(objects[number]["id"]))
        limit, after = body["limit"], int(body.get("after", 0))
        if limit > 200 or after + limit > MOST_RESULTS:
            return Answer({"status": "error", "message": "paging past 10,000"}, 400)
        shown = [self._shown(objects[n], body["properties"]) for n in found[after : after + limit]]
        more = {"paging": {"next": {"after": str(after + limit)}}}
        return Answer(
            {"total": len(found), "results": shown, **(more if len(found) > limit else {})}
        )

    def _shown(self, one: dict[str, Any], properties: list[str]) -> dict[str, Any]:
        return {
            "id": one["id"],
            "properties": {name: one["properties"].get(name) for name in properties},
            "archived": False,
        }

    def _list(self, kind: str, params: dict[str, str]) -> Answer:
        after, limit = int(params.get("after", 0)), int(params.get("limit", 10))
        assert limit <= 100
        beyond = [one for one in self.objects[kind] if int(one["id"]) > after]
        page = sorted(beyond, key=lambda one: int(one["id"]))[:limit]
        shown = [self._shown(one, params["properties"].split(",")) for one in page]
        more = {"paging": {"next": {"after": page[-1]["id"]}}} if len(beyond) > limit else {}
        return Answer({"results": shown, **more})

    def _associations(self, kind: str, body: dict[str, Any]) -> Answer:
        results = [
            {"from": {"id": one["id"]}, "to": [{"toObjectId": contact} for contact in contacts]}
            for one in body["inputs"]
            if (contacts := self.associations.get((kind, one["id"])))
        ]
        return Answer({"status": "COMPLETE", "results": results}, 207)


def contact(number: int, **more: str | None) -> dict[str, Any]:
    """Return a contact who has sent a form after a click on an ad."""
    moment = iso(BEGIN + timedelta(seconds=number, milliseconds=number % 7))
    return {
        "id": str(5000 + number),
        "properties": {
            "createdate": moment,
            "lastmodifieddate": moment,
            "email": f"Zoë{number}@example.com",
            "phone": f"+4072{number:07d}",
            "country": "România",
            "first_conversion_date": moment if number % 2 else None,
            "hs_analytics_source": "ORGANIC_SEARCH",
            "hs_analytics_first_url": "https://shop.example/?gclid=abc" if number % 3 else None,
            **more,
        },
    }


class HubSpotContract:
    """What both feeds of HubSpot have in common."""

    credentials: ClassVar = {"access_token": TOKEN}
    source = """
connector: hubspot
options: {url: "{url}"}
"""

    def make_api(self) -> HubSpotApi:
        return HubSpotApi()

    def refuse_token(self, api: HubSpotApi) -> None:
        api.known = ""

    def use_up(self, api: HubSpotApi) -> None:
        api.is_used_up = True


class TestHubSpotLeads(HubSpotContract, DailyQuota):
    """HubSpot keeps the contract with its contacts."""

    feed = "leads"
    page = 200
    shown = ("lead_id", "created_at", "lead_event", "method", "country")

    def fill(self, api: HubSpotApi, count: int) -> None:
        api.objects["contacts"] = [contact(number) for number in range(count)]

    def change(self, api: HubSpotApi, place: int) -> None:
        contacts = api.objects["contacts"]
        newest = max(one["properties"]["lastmodifieddate"] for one in contacts)
        later = iso(datetime.fromisoformat(newest) + timedelta(minutes=5))
        contacts[place]["properties"] |= {"country": "Moldova", "lastmodifieddate": later}
        api.sort()

    def expected(self, api: HubSpotApi) -> list[tuple[Any, ...]]:
        rows = []
        for one in api.objects["contacts"]:
            said = one["properties"]
            created = datetime.fromisoformat(said["createdate"]).replace(tzinfo=None)
            event = "web_form" if said["first_conversion_date"] else "contact"
            brought = "google_ads" if said["hs_analytics_first_url"] else "organic_search"
            rows.append((one["id"], created, event, brought, said["country"]))
        return rows

    def personal(self, api: HubSpotApi) -> list[str]:
        return [one["properties"]["email"] for one in api.objects["contacts"]] + ["+4072"]

    def test_an_import_that_changed_more_at_once_than_a_search_shows_is_read(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        self.fill(api, 11_000)
        for one in api.objects["contacts"][200:10_900]:
            one["properties"]["lastmodifieddate"] = iso(BEGIN + timedelta(hours=5))
        api.sort()
        self.check(shop, api)

    def test_a_contact_that_was_merged_away_is_gone(self, shop: Home, api: HubSpotApi) -> None:
        self.fill(api, 3)
        self.check(shop, api)
        self.change(api, 0)
        del api.objects["contacts"][0]
        api.objects["contacts"][-1]["properties"]["hs_merged_object_ids"] = "4711;5001;5000"
        self.check(shop, api)
        assert [row[0] for row in self.rows_in_raw(shop)] == ["5000", "5002"]

    def test_a_contact_that_was_deleted_is_gone_within_a_week(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        self.fill(api, 130)
        self.check(shop, api)
        del api.objects["contacts"][7]
        self.land(shop)
        assert len(self.current(shop)) == 130
        self.land(shop, IN_A_WEEK)
        assert self.current(shop) == sorted(self.expected(api), key=repr)
        asked = len(api.asked)
        self.land(shop, IN_A_WEEK)
        assert "search" in api.asked[asked].path
        assert len(api.asked) == asked + 1

    def test_the_weekly_list_begins_where_the_source_does(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        self.fill(api, 3)
        later = {"lastmodifieddate": "2026-04-02T00:00:00.000Z"}
        api.objects["contacts"].append(contact(3, **later))
        text = with_option(shop.business_yml.read_text(), "start: 2026-04-01")
        shop.business_yml.write_text(text)
        self.shown = ("lead_id",)  # type: ignore[misc]
        for through in (THROUGH, IN_A_WEEK):
            self.land(shop, through)
            assert self.current(shop) == [("5003",)]

    def test_who_decides_is_known_from_job_titles_or_from_a_field(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        titles = ["Managing Director", "Assistant to the CEO", "Barista", None, "Șef achiziții"]
        api.objects["contacts"] = [
            contact(number, jobtitle=title, buys="true") for number, title in enumerate(titles)
        ]
        self.shown = ("lead_id", "is_decision_maker")  # type: ignore[misc]
        self.land(shop)
        assert [row[1] for row in self.current(shop)] == [True, False, False, None, False]
        for option, decides in (
            ("decision_maker_titles: [barista, șef]", [False, False, True, None, True]),
            ("decision_maker_field: buys", [True] * 5),
        ):
            self.describe(shop, api)
            shop.business_yml.write_text(with_option(shop.business_yml.read_text(), option))
            self.land(shop)
            assert [row[1] for row in self.current(shop)] == decides

    def test_an_owner_has_a_name_also_who_has_left(self, shop: Home, api: HubSpotApi) -> None:
        api.owners = [
            {"id": "7", "firstName": "Ana", "lastName": "Ionescu", "archived": False},
            {"id": "8", "firstName": "Pál", "lastName": "", "archived": True},
        ]
        api.objects["contacts"] = [
            contact(number, hubspot_owner_id=owner)
            for number, owner in enumerate(["7", "8", "9", None])
        ]
        self.shown = ("lead_id", "employee")  # type: ignore[misc]
        self.land(shop)
        names = [row[1] for row in self.current(shop)]
        assert names == ["Ana Ionescu", "Pál", "9", None]
        assert sum(asked.path == "/crm/v3/owners" for asked in api.asked) == 2

    def test_a_field_of_choice_is_asked_for(self, shop: Home, api: HubSpotApi) -> None:
        api.objects["contacts"] = [contact(0, region="Cluj", budget="900")]
        self.describe(shop, api, "columns: {unit: region}\nkeep: [budget]\n")
        self.shown = ("lead_id", "unit", "extra ->> 'budget'")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [("5000", "Cluj", "900")]

    @pytest.mark.parametrize(
        ("path", "scope"),
        [
            ("/crm/v3/objects/contacts/search", r"crm\.objects\.contacts\.read"),
            ("/crm/v3/owners", r"crm\.objects\.owners\.read"),
        ],
    )
    def test_a_missing_scope_is_named(
        self, shop: Home, api: HubSpotApi, path: str, scope: str
    ) -> None:
        api.objects["contacts"] = [contact(0, hubspot_owner_id="7")]
        api.forbidden = {path}
        with pytest.raises(CredentialsRefusedError, match=f"lack the permission {scope}"):
            self.land(shop)


class TestHubSpotActivities(HubSpotContract, SecondFeed):
    """HubSpot keeps the contract with its calls; meetings and deals come beside them."""

    feed = "lead_activities"
    page = 200
    shown = ("activity_id", "lead_id", "happened_at", "activity")

    def fill(self, api: HubSpotApi, count: int) -> None:
        api.objects["calls"] = []
        for number in range(count):
            moment = iso(BEGIN + timedelta(seconds=number))
            outcome = "73a0d17f-1163-4015-bdd5-ec830791da20" if number % 2 else None
            said = {"hs_timestamp": moment, "hs_call_disposition": outcome}
            said["hs_lastmodifieddate"] = moment
            api.objects["calls"].append({"id": str(100 + number), "properties": said})
            api.associations["calls", str(100 + number)] = [5000 + number]

    def change(self, api: HubSpotApi, place: int) -> None:
        calls = api.objects["calls"]
        newest = max(one["properties"]["hs_lastmodifieddate"] for one in calls)
        later = iso(datetime.fromisoformat(newest) + timedelta(minutes=5))
        calls[place]["properties"] |= {
            "hs_timestamp": iso(BEGIN),
            "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
            "hs_lastmodifieddate": later,
        }
        api.sort()

    def expected(self, api: HubSpotApi) -> list[tuple[Any, ...]]:
        rows = []
        for call in api.objects["calls"]:
            said = call["properties"]
            at = datetime.fromisoformat(said["hs_timestamp"]).replace(tzinfo=None)
            reached = (said["hs_call_disposition"] or "f2")[:2] == "f2"
            (lead,) = api.associations["calls", call["id"]]
            number = f"calls-{call['id']}-{lead}"
            rows.append((number, str(lead), at, "contacted" if reached else "other"))
        return rows

    def test_a_look_asks_once_and_shows_mapped_rows(self, shop: Home, api: HubSpotApi) -> None:
        """It asks twice: a search knows no associations."""
        self.requests_before_pages = lambda _: 1  # type: ignore[method-assign]
        super().test_a_look_asks_once_and_shows_mapped_rows(shop, api)

    def deal(self, api: HubSpotApi, changed: int, stage: str, **entered: int) -> None:
        """Put the one deal into a stage, so many hours after the beginning."""
        api.stages = [
            {"id": "contractsent", "metadata": {"isClosed": "false", "probability": "0.9"}},
            {"id": "731", "metadata": {"isClosed": "false", "probability": "0.2"}},
            {"id": "closedwon", "metadata": {"isClosed": "true", "probability": "1.0"}},
            {"id": "closedlost", "metadata": {"isClosed": "true", "probability": "0.0"}},
        ]
        moments = {
            name.removeprefix("s"): BEGIN + timedelta(hours=at) for name, at in entered.items()
        }
        said = {f"hs_v2_date_entered_{name}": iso(at) for name, at in moments.items()}
        said |= {"dealstage": stage, "closed_lost_reason": "Prea scump"}
        said["hs_lastmodifieddate"] = iso(BEGIN + timedelta(hours=changed))
        api.objects["deals"] = [{"id": "9", "properties": said}]
        api.associations["deals", "9"] = [5000, 5001]

    def test_the_stages_of_a_deal_are_activities_of_each_of_its_contacts(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        self.shown = ("activity_id", "activity", "reason")  # type: ignore[misc]
        self.deal(api, 9, "closedlost", contractsent=1, s731=2, closedlost=3)
        self.land(shop)
        assert self.current(shop) == [
            (f"deals-9-{stage}-{lead}", activity, reason)
            for stage, activity, reason in (
                ("731", "other", None),
                ("closedlost", "lost", "Prea scump"),
                ("contractsent", "offer", None),
            )
            for lead in (5000, 5001)
        ]

    def test_a_deal_that_was_reopened_is_not_lost(self, shop: Home, api: HubSpotApi) -> None:
        self.shown = ("activity", "happened_at")  # type: ignore[misc]
        self.deal(api, 3, "closedlost", closedlost=3)
        api.associations["deals", "9"] = [5000]
        self.land(shop)
        assert [row[0] for row in self.current(shop)] == ["lost"]
        self.deal(api, 5, "closedwon", closedlost=3, closedwon=5)
        api.associations["deals", "9"] = [5000]
        self.land(shop)
        won_at = (BEGIN + timedelta(hours=5)).replace(tzinfo=None)
        assert self.current(shop) == [("won", won_at)]

    def test_a_stage_of_ones_own_means_what_business_yml_says(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        self.deal(api, 9, "731", s731=2)
        text = with_option(shop.business_yml.read_text(), 'stages: {"731": offer}')
        shop.business_yml.write_text(text)
        self.shown = ("activity",)  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [("offer",), ("offer",)]

    def test_a_meeting_that_did_not_take_place_is_none(self, shop: Home, api: HubSpotApi) -> None:
        for number, outcome in enumerate(["COMPLETED", "NO_SHOW", None]):
            moment = iso(BEGIN + timedelta(hours=number))
            said = {"hs_meeting_start_time": moment, "hs_meeting_outcome": outcome}
            said["hs_lastmodifieddate"] = moment
            api.objects["meetings"].append({"id": str(number), "properties": said})
            api.associations["meetings", str(number)] = [5000]
        self.shown = ("activity",)  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [("meeting",), ("meeting",), ("other",)]

    def test_what_was_deleted_is_gone_within_a_week_and_the_rest_stays(
        self, shop: Home, api: HubSpotApi
    ) -> None:
        self.fill(api, 3)
        self.deal(api, 9, "731", s731=2)
        self.shown = ("activity_id",)  # type: ignore[misc]
        self.land(shop)
        assert len(self.current(shop)) == 5
        del api.objects["calls"][1]
        self.land(shop, IN_A_WEEK)
        assert [row[0] for row in self.current(shop)] == [
            "calls-100-5000",
            "calls-102-5002",
            "deals-9-731-5000",
            "deals-9-731-5001",
        ]


@pytest.mark.skipif(not EXPORTS.exists(), reason="the exports of real accounts are not here")
def test_contacts_of_real_accounts_become_leads(home: Home, monkeypatch: Any) -> None:
    rows = list(csv.DictReader((EXPORTS / "contact_data.csv").open(encoding="utf-8-sig")))
    assert len(rows) > 5
    with HubSpotApi() as api:
        for row in rows:
            said = {
                name.removeprefix("property_"): text or None
                for name, text in row.items()
                if name.startswith("property_")
            }
            # The export has no time of change; a merge comes after the contacts that it merges.
            said["createdate"] = iso(datetime.fromisoformat(f"{row['property_createdate']}Z"))
            said["lastmodifieddate"] = said["createdate"]
            api.objects["contacts"].append({"id": row["id"], "properties": said})
        api.sort()
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_ACCESS_TOKEN", TOKEN)
        contract = TestHubSpotLeads()
        contract.describe(home, api)
        contract.shown = ("lead_id",)  # type: ignore[misc]
        contract.land(home)
        merged = ";".join(row["property_hs_merged_object_ids"] for row in rows).split(";")
        landed = {row[0] for row in contract.current(home)}
    assert landed == {row["id"] for row in rows} - set(merged)

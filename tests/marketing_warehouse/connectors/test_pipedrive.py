"""Pipedrive: the contract, and what is its own: two versions, fields by name, deals of leads."""

import bisect
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.contract import THROUGH, DailyQuota, SecondFeed
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

BEGIN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Bucharest's clocks change
TOKEN = "7a6f6964626572670000"
REGION, SOURCE = "b1" * 20, "c2" * 20
# A version 1 UUID whose clock says 2026-04-01 10:00:00 UTC: (seconds from 1582-10-15) * 10^7.
TICKS = (1_775_037_600 + 12_219_292_800) * 10**7
MADE = f"{TICKS & 0xFFFFFFFF:08x}-{TICKS >> 32 & 0xFFFF:04x}-1{TICKS >> 48:03x}-8000-0123456789ab"


def iso(moment: datetime) -> str:
    """Write a moment as Pipedrive does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class PipedriveApi(VendorApi):
    """Version 2 with cursors, version 1 with counted pages, a field list, users, persons."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("deals", "leads", "activities", "persons")
        }
        self.known = TOKEN
        self.is_used_up = False

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("x-api-token") != self.known:
            return Answer({"success": False, "error": "unauthorized access"}, 401)
        if self.is_used_up:
            headers = {"x-daily-ratelimit-token-remaining": "0"}
            return Answer({"success": False, "error": "Rate limit exceeded"}, 429, headers)
        match asked.path.strip("/").split("/"):
            case ["api", "v2", "dealFields"]:
                return Answer({"success": True, "data": self._fields()})
            case ["api", "v1", "users"]:
                return Answer({"success": True, "data": [{"id": 3, "name": "Ana Ionescu"}]})
            case ["api", "v2", name, *archived]:
                return self._newer(name, bool(archived), asked.params)
            case ["api", "v1", "leads", *archived]:
                return self._older(bool(archived), asked.params)
        return Answer({"success": False, "error": "not found"}, 404)

    def sort(self) -> None:
        """Put the objects where a change has brought them."""
        for name, objects in self.objects.items():
            if name != "persons":
                objects.sort(key=lambda one: (one["update_time"], str(one["id"])))

    def _fields(self) -> list[dict[str, Any]]:
        region = [{"id": 11, "label": "Cluj"}, {"id": 12, "label": "Iași"}]
        return [
            {"field_code": "channel", "field_name": "Source channel", "is_custom_field": False}
            | {"options": [{"id": 52, "label": "Fair"}]},
            {"field_code": REGION, "field_name": "Region", "is_custom_field": True}
            | {"options": region},
            {"field_code": SOURCE, "field_name": "utm_source", "is_custom_field": True},
        ]

    def _newer(self, name: str, archived: bool, params: dict[str, str]) -> Answer:
        if "ids" in params:
            wanted = {int(id) for id in params["ids"].split(",")}  # noqa: A001
            assert len(wanted) <= 100
            found = [one for one in self.objects[name] if one["id"] in wanted]
            return Answer({"success": True, "data": [] if archived else found})
        assert (params["sort_by"], params["sort_direction"]) == ("update_time", "asc")
        assert int(params["limit"]) <= 500
        # The test's archive is empty, so that an index finds a page of 100,000.
        objects = [] if archived else self.objects[name]
        key = params.get("cursor", params.get("updated_since", ""))
        side = bisect.bisect_right if "cursor" in params else bisect.bisect_left
        first = side(objects, key, key=lambda one: _place(one) if "cursor" in params else _at(one))
        page = objects[first : first + int(params["limit"])]
        more = first + len(page) < len(objects)
        cursor = _place(page[-1]) if more else None
        return Answer({"success": True, "data": page, "additional_data": {"next_cursor": cursor}})

    def _older(self, archived: bool, params: dict[str, str]) -> Answer:
        assert params["sort"] == "update_time DESC"
        leads = [one for one in reversed(self.objects["leads"]) if one["is_archived"] == archived]
        start, limit = int(params["start"]), int(params["limit"])
        more = start + limit < len(leads)
        data = leads[start : start + limit] or None
        pagination = {"start": start, "limit": limit, "more_items_in_collection": more}
        return Answer(
            {"success": True, "data": data, "additional_data": {"pagination": pagination}}
        )


def _at(one: dict[str, Any]) -> str:
    return str(one["update_time"])


def _place(one: dict[str, Any]) -> str:
    return f"{one['update_time']} {one['id']}"


def deal(number: int, **more: Any) -> dict[str, Any]:
    """Return an open deal that came by a form."""
    moment = iso(BEGIN + timedelta(seconds=number))
    return {
        "id": 10**6 + number,
        "title": "Mașină de cafea ☕",
        "status": "open",
        "add_time": moment,
        "update_time": moment,
        "person_id": number % 50 + 1,
        "owner_id": None,
        "origin": "WebForms" if number % 2 else "ManuallyCreated",
        "channel": 52 if number % 3 else None,
        "is_deleted": False,
        "custom_fields": {},
        **more,
    }


def lead(id: str, number: int, **more: Any) -> dict[str, Any]:  # noqa: A002  # as Pipedrive calls it
    """Return a lead of the inbox, whose own fields stand beside the others."""
    said = deal(number, id=id, is_archived=False)
    return {**{name: said[name] for name in said if name != "custom_fields"}, **more}


class PipedriveContract:
    """What both feeds of Pipedrive have in common."""

    credentials: ClassVar = {"api_token": TOKEN}
    source = """
connector: pipedrive
options: {url: "{url}"}
"""

    def make_api(self) -> PipedriveApi:
        return PipedriveApi()

    def refuse_token(self, api: PipedriveApi) -> None:
        api.known = ""

    def use_up(self, api: PipedriveApi) -> None:
        api.is_used_up = True


class TestPipedriveLeads(PipedriveContract, DailyQuota):
    """Pipedrive keeps the contract with its deals; the inbox comes beside them."""

    feed = "leads"
    page = 100
    shown = ("lead_id", "created_at", "lead_event", "method")

    def requests_before_pages(self, _: Any) -> int:
        return 2  # the fields, and the persons of the page

    def fill(self, api: PipedriveApi, count: int) -> None:
        api.objects["persons"] = [
            {
                "id": number,
                "emails": [
                    {"value": f"info{number}@example.com", "primary": False},
                    {"value": f"Zoë{number}@example.com", "primary": True},
                ],
                "phones": [{"value": f"+4074{number:07d}", "primary": True}],
            }
            for number in range(1, 51)
        ]
        api.objects["deals"] = [deal(number) for number in range(count)]

    def change(self, api: PipedriveApi, place: int) -> None:
        newest = max(one["update_time"] for one in api.objects["deals"])
        later = iso(datetime.fromisoformat(newest) + timedelta(minutes=5))
        api.objects["deals"][place] |= {"channel": None, "origin": "Fax", "update_time": later}
        api.sort()

    def expected(self, api: PipedriveApi) -> list[tuple[Any, ...]]:
        return [
            (
                f"deal-{one['id']}",
                datetime.fromisoformat(one["add_time"]).replace(tzinfo=None),
                "web_form" if one["origin"] == "WebForms" else "manual",
                "Fair" if one["channel"] else "(none)",
            )
            for one in api.objects["deals"]
            if one["status"] != "deleted"
        ]

    def personal(self, api: PipedriveApi) -> list[str]:
        return [one["emails"][1]["value"] for one in api.objects["persons"]] + ["+4074"]

    def test_a_deleted_deal_is_gone(self, shop: Home, api: PipedriveApi) -> None:
        self.fill(api, 3)
        self.check(shop, api)
        self.change(api, 1)
        api.objects["deals"][-1]["status"] = "deleted"
        self.check(shop, api)
        assert len(self.rows_in_raw(shop)) == 2

    def test_leads_of_the_inbox_are_read_newest_first_also_archived_ones(
        self, shop: Home, api: PipedriveApi
    ) -> None:
        api.objects["leads"] = [
            lead(f"l{number}", number, is_archived=number % 4 == 0) for number in range(250)
        ]
        self.land(shop)
        assert len(self.current(shop)) == 250
        asked = len(api.asked)
        api.objects["leads"][7] |= {"origin": "Fax", "update_time": "2026-05-01T00:00:00Z"}
        api.sort()
        self.land(shop)
        changed = next(row for row in self.current(shop) if row[0] == "l7")
        assert changed[2] == "manual"
        starts = [each.params["start"] for each in api.asked[asked:] if "v1/leads" in each.path]
        assert starts == ["0", "100", "0"]  # 187 in the inbox, 63 in the archive

    def test_a_deal_that_was_made_of_a_lead_is_that_lead_and_as_old(
        self, shop: Home, api: PipedriveApi
    ) -> None:
        api.objects["leads"] = [lead(MADE, 5, add_time="2026-04-01T10:00:00.000Z")]
        self.shown = ("lead_id", "created_at")  # type: ignore[misc]
        self.land(shop)
        made = [(MADE, datetime(2026, 4, 1, 10))]
        assert self.current(shop) == made
        later = "2026-05-02T00:00:00Z"
        api.objects["deals"] = [deal(9, source_lead_id=MADE, add_time=later, update_time=later)]
        api.objects["leads"] = []
        self.land(shop)
        assert self.current(shop) == made

    def test_own_fields_go_by_their_names(self, shop: Home, api: PipedriveApi) -> None:
        api.objects["deals"] = [deal(0, custom_fields={REGION: 12, SOURCE: "expo"}, owner_id=3)]
        api.objects["leads"] = [lead("l1", 1, **{REGION: "11", SOURCE: None}, channel=52)]
        self.describe(shop, api, "columns: {unit: Region}\n")
        self.shown = ("lead_id", "unit", "method", "employee")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [
            ("deal-1000000", "Iași", "expo", "Ana Ionescu"),
            ("l1", "Cluj", "Fair", None),
        ]

    def test_a_lead_that_was_deleted_without_a_word_is_gone_within_a_week(
        self, shop: Home, api: PipedriveApi
    ) -> None:
        self.fill(api, 1)
        api.objects["leads"] = [lead("l1", 1), lead("l2", 2, is_archived=True), lead("l3", 3)]
        self.shown = ("lead_id",)  # type: ignore[misc]
        self.land(shop)
        assert len(self.current(shop)) == 4
        del api.objects["leads"][2]
        self.land(shop, THROUGH + timedelta(days=7))
        assert self.current(shop) == [("deal-1000000",), ("l1",), ("l2",)]


class TestPipedriveActivities(PipedriveContract, SecondFeed):
    """What was done: activities that are done, and deals that have ended."""

    feed = "lead_activities"
    page = 100
    shown = ("activity_id", "lead_id", "activity", "happened_at")

    def fill(self, api: PipedriveApi, count: int) -> None:
        api.objects["activities"] = [
            {
                "id": number,
                "type": ("call", "meeting", "deadline")[number % 3],
                "lead_id": f"l{number}",
                "deal_id": None,
                "done": True,
                "due_date": "2026-03-29",
                "due_time": f"{number % 24:02d}:30:00",
                "update_time": iso(BEGIN + timedelta(seconds=number)),
            }
            for number in range(count)
        ]

    def change(self, api: PipedriveApi, place: int) -> None:
        newest = max(one["update_time"] for one in api.objects["activities"])
        later = iso(datetime.fromisoformat(newest) + timedelta(minutes=5))
        api.objects["activities"][place] |= {"type": "lunch", "due_time": None}
        api.objects["activities"][place]["update_time"] = later
        api.sort()

    def expected(self, api: PipedriveApi) -> list[tuple[Any, ...]]:
        means = {"call": "contacted", "deadline": "other"}
        return [
            (
                f"activity-{one['id']}",
                one["lead_id"],
                means.get(one["type"], "meeting"),
                datetime.fromisoformat(f"2026-03-29T{one['due_time'] or '00:00:00'}"),
            )
            for one in api.objects["activities"]
        ]

    def test_what_is_planned_is_not_done(self, shop: Home, api: PipedriveApi) -> None:
        self.fill(api, 2)
        self.land(shop)
        assert len(self.current(shop)) == 2
        self.change(api, 0)
        api.objects["activities"][-1]["done"] = False
        self.land(shop)
        assert [row[0] for row in self.current(shop)] == ["activity-1"]

    def test_an_activity_of_a_deal_is_one_of_its_lead(self, shop: Home, api: PipedriveApi) -> None:
        self.fill(api, 2)
        api.objects["deals"] = [deal(0, source_lead_id=MADE), deal(1)]
        for activity, number in zip(api.objects["activities"], (0, 1), strict=True):
            activity |= {"lead_id": None, "deal_id": 10**6 + number}
        self.land(shop)
        assert [row[1] for row in self.current(shop)] == [MADE, "deal-1000001"]

    @pytest.mark.parametrize("then", ["open", "won"])
    def test_a_deal_that_was_lost_and_is_not_any_more(
        self, shop: Home, api: PipedriveApi, then: str
    ) -> None:
        lost = {"status": "lost", "lost_time": "2026-04-01T09:00:00Z", "lost_reason": "Scump"}
        api.objects["deals"] = [deal(0, **lost)]
        self.shown = ("activity_id", "activity", "reason")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [("deal-1000000-lost", "lost", "Scump")]
        later = {"update_time": "2026-05-01T00:00:00Z", "won_time": "2026-05-01T00:00:00Z"}
        api.objects["deals"] = [deal(0, **lost | later | {"status": then})]
        self.land(shop)
        won = [("deal-1000000-won", "won", None)] if then == "won" else []
        assert self.current(shop) == won

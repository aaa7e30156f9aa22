"""Salesforce: the contract, and what is its own: SOQL, tokens, merges, conversions, quotas."""

import bisect
import re
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from marketing_warehouse.errors import CredentialsRefusedError, SourceRefusedError
from marketing_warehouse.paths import Home
from tests.marketing_warehouse.connectors.contract import DailyQuota, SecondFeed, with_option
from tests.marketing_warehouse.connectors.vendor_api import Answer, Asked, VendorApi

BEGIN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Bucharest's clocks change
CLIENT = {"client_id": "3MVG9-6c756d", "client_secret": "cs_696e6f73"}
BATCH = 200  # it gives 200 to 2000 at once, as it likes
LOOKED_UP = re.compile(r"SELECT Id, (\w+) FROM Lead WHERE \1 IN \((.*)\) AND IsDeleted = false")
QUESTION = re.compile(
    r"SELECT (?P<fields>.*) FROM (?P<thing>\w+)"
    r"(?: WHERE SystemModstamp >= (?P<since>[\dTZ:-]+))? ORDER BY SystemModstamp, Id"
)


def iso(moment: datetime) -> str:
    """Write a moment as Salesforce does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class SalesforceApi(VendorApi):
    """Questions in SOQL, answered in batches that have addresses; tokens that are bought."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, list[dict[str, Any]]] = {
            thing: [] for thing in ("Lead", "Task", "Event", "Opportunity", "OpportunityHistory")
        }
        self.questions: list[tuple[list[str], str, int]] = []
        self.secret = CLIENT["client_secret"]
        self.tokens = 0
        self.is_used_up = False
        self.forbidden = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/services/oauth2/token":
            said = parse_qs(asked.body.decode())
            if said["client_secret"] != [self.secret]:
                return Answer({"error": "invalid_client"}, 400)
            self.tokens += 1
            token = f"00D-{self.tokens}-{said['grant_type'][0]}"
            return Answer({"access_token": token, "instance_url": self.url})
        if not asked.headers.get("Authorization", "").startswith(f"Bearer 00D-{self.tokens}-"):
            error = {"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}
            return Answer([error], 401)
        if self.is_used_up:
            error = {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit."}
            return Answer([error], 403)
        if asked.path == "/services/data/v67.0/queryAll":
            return self._ask(asked.params["q"])
        number, start = asked.path.rpartition("/")[2].split("-")
        return self._batch(int(number), int(start))

    def _ask(self, question: str) -> Answer:
        if looked_up := LOOKED_UP.fullmatch(question):
            field, ids = looked_up[1], re.findall(r"'(\w+)'", looked_up[2])
            leads = [one for one in self.records["Lead"] if one.get(field) in ids]
            found = [{"Id": one["Id"], field: one[field]} for one in leads]
            return Answer({"totalSize": len(found), "done": True, "records": found})
        said = QUESTION.fullmatch(question)
        assert said, question
        fields, thing = said["fields"].split(", "), said["thing"]
        if thing == self.forbidden:
            error = {
                "errorCode": "INVALID_TYPE",
                "message": f"sObject type '{thing}' is unknown",
            }
            return Answer([error], 400)
        unknown = [name for name in fields if name == "Nickname__c"]
        if unknown:
            message = f"No such column '{unknown[0]}' on entity '{thing}'."
            return Answer([{"errorCode": "INVALID_FIELD", "message": message}], 400)
        since = (said["since"] or "").removesuffix("Z")
        records = self.records[thing]
        start = bisect.bisect_left(records, since, key=lambda one: one["SystemModstamp"][:19])
        self.questions.append((fields, thing, start))
        return self._batch(len(self.questions) - 1, start)

    def _batch(self, number: int, start: int) -> Answer:
        fields, thing, _ = self.questions[number]
        records = self.records[thing]
        end = min(start + BATCH, len(records))
        shown = [self._shown(one, fields) for one in records[start:end]]
        is_done = end == len(records)
        address = f"/services/data/v67.0/query/{number}-{end}"
        more = {} if is_done else {"nextRecordsUrl": address}
        return Answer({"totalSize": len(records), "done": is_done, "records": shown, **more})

    def _shown(self, one: dict[str, Any], fields: list[str]) -> dict[str, Any]:
        plain = {name: one.get(name) for name in fields if "." not in name}
        parents = {name.split(".")[0] for name in fields if "." in name}
        return {**plain, **{name: one.get(name) for name in parents}}

    def sort(self) -> None:
        """Put the records where a change has brought them."""
        for records in self.records.values():
            records.sort(key=lambda one: (one["SystemModstamp"], one["Id"]))


def record(number: int, **more: Any) -> dict[str, Any]:
    """Return what all records have."""
    moment = iso(BEGIN + timedelta(seconds=number))
    said = {"CreatedDate": moment, "SystemModstamp": moment, "IsDeleted": False}
    return {**said, "Owner": {"Name": "Ana Ionescu"}, **more}


def lead(number: int, **more: Any) -> dict[str, Any]:
    """Return a lead of the web, or of somebody who wrote it down."""
    said = {
        "Id": f"00Q{number:015d}",
        "LeadSource": "Web" if number % 2 else None,
        "Email": f"Zoë{number}@example.com",
        "Phone": f"+4076{number:07d}",
        "Title": "Owner",
        "Country": "România",
    }
    return record(number, **said | more)


class SalesforceContract:
    """What both feeds of Salesforce have in common."""

    credentials: ClassVar = CLIENT
    source = """
connector: salesforce
options: {url: "{url}"}
"""
    page = BATCH

    def make_api(self) -> SalesforceApi:
        return SalesforceApi()

    def requests_before_pages(self, _: Any) -> int:
        return 1

    def refuse_token(self, api: SalesforceApi) -> None:
        api.secret = "another"
        api.tokens += 1

    def use_up(self, api: SalesforceApi) -> None:
        api.is_used_up = True


class TestSalesforceLeads(SalesforceContract, DailyQuota):
    """Salesforce keeps the contract with its leads."""

    feed = "leads"
    shown = ("lead_id", "created_at", "lead_event", "method", "country", "is_decision_maker")

    def fill(self, api: SalesforceApi, count: int) -> None:
        api.records["Lead"] = [lead(number) for number in range(count)]

    def change(self, api: SalesforceApi, place: int) -> None:
        leads = api.records["Lead"]
        newest = max(datetime.fromisoformat(one["SystemModstamp"]) for one in leads)
        later = iso(newest + timedelta(minutes=5))
        leads[place] = {**leads[place], "Country": "Moldova", "SystemModstamp": later}
        api.sort()

    def expected(self, api: SalesforceApi) -> list[tuple[Any, ...]]:
        return [
            (
                one["Id"],
                datetime.fromisoformat(one["CreatedDate"]).replace(tzinfo=None),
                "web_form" if one["LeadSource"] else "manual",
                one["LeadSource"] or "(none)",
                one["Country"],
                True,
            )
            for one in api.records["Lead"]
            if not one["IsDeleted"]
        ]

    def personal(self, api: SalesforceApi) -> list[str]:
        return [one["Email"] for one in api.records["Lead"]] + ["+4076"]

    def test_a_lead_that_was_merged_into_another_is_gone(
        self, shop: Home, api: SalesforceApi
    ) -> None:
        self.fill(api, 3)
        self.check(shop, api)
        self.change(api, 1)
        api.records["Lead"][-1] |= {"IsDeleted": True, "MasterRecordId": lead(0)["Id"]}
        self.check(shop, api)
        assert len(self.rows_in_raw(shop)) == 2

    def test_a_session_that_ends_in_the_middle_is_renewed(
        self, shop: Home, api: SalesforceApi
    ) -> None:
        self.fill(api, 3 * BATCH)
        api.before[2] = lambda: setattr(api, "tokens", api.tokens + 1)
        self.check(shop, api)
        assert sum("token" in asked.path for asked in api.asked) == 2

    def test_a_refresh_token_goes_before_the_client_itself(
        self, shop: Home, api: SalesforceApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.land(shop)
        monkeypatch.setenv("WAREHOUSE_SOURCE_SHOP_REFRESH_TOKEN", "5Aep-70656c")
        self.land(shop)
        grants = [parse_qs(a.body.decode())["grant_type"] for a in api.asked if "token" in a.path]
        assert grants == [["client_credentials"], ["refresh_token"]]

    def test_fields_of_choice_say_what_brought_a_lead(self, shop: Home, api: SalesforceApi) -> None:
        api.records["Lead"] = [lead(1, Source__c="google", Medium__c="cpc", Budget__c=900.5)]
        fields = "parameters: {utm_source: Source__c, utm_medium: Medium__c}"
        self.describe(shop, api, "keep: [Budget__c]\n")
        shop.business_yml.write_text(with_option(shop.business_yml.read_text(), fields))
        self.shown = ("method", "extra ->> 'Budget__c'", "employee")  # type: ignore[misc]
        self.land(shop)
        assert self.current(shop) == [("google_ads", "900.5", "Ana Ionescu")]

    def test_a_field_that_is_gone_is_named(self, shop: Home, api: SalesforceApi) -> None:
        self.describe(shop, api, "columns: {unit: Nickname__c}\n")
        with pytest.raises(SourceRefusedError, match="No such column 'Nickname__c'"):
            self.land(shop)


class TestSalesforceActivities(SalesforceContract, SecondFeed):
    """What was done: tasks, events, opportunities and their stages."""

    feed = "lead_activities"
    shown = ("activity_id", "lead_id", "activity", "happened_at")

    def fill(self, api: SalesforceApi, count: int) -> None:
        api.records["Task"] = [
            record(
                number,
                Id=f"00T{number:015d}",
                WhoId=lead(number)["Id"],
                IsClosed=True,
                TaskSubtype="Call" if number % 2 else "Task",
                CompletedDateTime=iso(BEGIN + timedelta(seconds=number)),
            )
            for number in range(count)
        ]

    def change(self, api: SalesforceApi, place: int) -> None:
        tasks = api.records["Task"]
        newest = max(datetime.fromisoformat(one["SystemModstamp"]) for one in tasks)
        later = iso(newest + timedelta(minutes=5))
        tasks[place] |= {"TaskSubtype": "Email", "CompletedDateTime": later}
        tasks[place]["SystemModstamp"] = later
        api.sort()

    def expected(self, api: SalesforceApi) -> list[tuple[Any, ...]]:
        return [
            (
                one["Id"],
                one["WhoId"],
                "other" if one["TaskSubtype"] == "Task" else "contacted",
                datetime.fromisoformat(one["CompletedDateTime"]).replace(tzinfo=None),
            )
            for one in api.records["Task"]
        ]

    def test_what_hangs_on_a_converted_lead_is_its(self, shop: Home, api: SalesforceApi) -> None:
        converted = {"ConvertedContactId": "003A", "ConvertedOpportunityId": "006A"}
        api.records["Lead"] = [lead(1, **converted)]
        self.fill(api, 2)
        api.records["Task"][0]["WhoId"] = "003A"
        api.records["Task"][1]["WhoId"] = "003B"  # a contact that nobody has been as a lead
        event = {"Id": "00U1", "WhoId": "003A", "StartDateTime": iso(BEGIN)}
        api.records["Event"] = [record(1, **event)]
        stages = ("Prospecting", "Proposal/Price Quote")
        api.records["OpportunityHistory"] = [
            record(number, Id=f"008{number}", OpportunityId="006A", StageName=stage)
            for number, stage in enumerate(stages)
        ]
        won = {"IsClosed": True, "IsWon": True, "LastStageChangeDate": iso(BEGIN)}
        api.records["Opportunity"] = [record(1, Id="006A", **won)]
        self.shown = ("activity_id", "lead_id", "activity")  # type: ignore[misc]
        self.land(shop)
        of = lead(1)["Id"]
        assert self.current(shop) == [
            ("006A", of, "won"),
            ("0081", of, "offer"),
            ("00T000000000000000", of, "other"),
            ("00U1", of, "meeting"),
        ]

    def test_an_opportunity_that_is_open_again_is_not_lost(
        self, shop: Home, api: SalesforceApi
    ) -> None:
        api.records["Lead"] = [lead(1, ConvertedOpportunityId="006A")]
        lost = {"IsClosed": True, "IsWon": False, "CloseDate": "2026-04-02"}
        api.records["Opportunity"] = [record(1, Id="006A", **lost)]
        self.shown = ("activity", "happened_at")  # type: ignore[misc]
        self.land(shop)
        # A day without a time is the business's: midnight in Bucharest is 21:00 UTC in summer.
        assert self.current(shop) == [("lost", datetime(2026, 4, 1, 21))]
        api.records["Opportunity"] = [record(9, Id="006A", IsClosed=False)]
        self.land(shop)
        assert self.current(shop) == []

    def test_an_object_that_may_not_be_read_is_named(self, shop: Home, api: SalesforceApi) -> None:
        api.forbidden = "Event"
        with pytest.raises(SourceRefusedError, match="sObject type 'Event'"):
            self.land(shop)

    def test_wrong_credentials_are_no_request_that_is_not_understood(
        self, shop: Home, api: SalesforceApi
    ) -> None:
        api.secret = "another"
        with pytest.raises(CredentialsRefusedError, match="gave no token"):
            self.land(shop)

"""HubSpot: contacts as leads; calls, meetings and the stages of deals as what was done with them.

Changes are found by search, whose 10,000 results per question are never reached: each page is a
question of its own, from the newest change on, and within one moment from the highest id on.
Search knows neither deleted objects nor associations, so these are asked for apart, and once a week
everything is read from the plain lists in the place of what was.

Verified in HubSpot's documentation or its clients: search and its limits, `hs_merged_object_ids`,
outcomes of calls and meetings, `hs_v2_date_entered_<stage>`, refusals and policies of limits.
Not verified: whether a merge moves the time of change of the calls and deals of both contacts, and
the texts of `hs_analytics_source_data_1` for paid social contacts.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import requests

from marketing_warehouse.connectors.hubspot_objects import (
    CONTACTS,
    DEALS,
    ENTERED,
    FIELDS,
    changed_by,
    changes_of,
    listed,
    lists_of,
)
from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    Stream,
    Wait,
    relist,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.attribution import PLATFORMS, method
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.crm import (
    NO_METHOD,
    CrmOptions,
    decision_maker,
)
from marketing_warehouse.connectors.rest.sign_in import bearer
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import Record, first
from marketing_warehouse.sections import Text

SOURCES = {
    "ORGANIC_SEARCH": "organic_search",
    "PAID_SEARCH": "paid_search",
    "PAID_SOCIAL": "paid_social",
    "EMAIL_MARKETING": "email",
    "SOCIAL_MEDIA": "social",
    "REFERRALS": "referral",
    "DIRECT_TRAFFIC": "direct",
    "OTHER_CAMPAIGNS": "other_campaigns",
    "OFFLINE": "offline",
}
# The outcomes of calls that reached nobody: busy, no answer, wrong number, left voicemail.
REACHED_NOBODY = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "73a0d17f-1163-4015-bdd5-ec830791da20",
    "17b47fee-58de-441e-a44c-c6300d46f273",
    "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "NO_ANSWER",
    "BUSY",
    "FAILED",
    "CANCELED",
    "MISSED",
}
DID_NOT_TAKE_PLACE = {"NO_SHOW", "CANCELED"}


class HubSpotOptions(CrmOptions):
    """Which HubSpot it is.

    Attributes:
        url: its address, where that is not the one for everyone.
        stages: what the stages of a deal mean as activities, by the stage's id.
    """

    url: Address = "https://api.hubapi.com"
    stages: Mapping[Text, Text] = {}


def judge(answer: requests.Response) -> Wait | None:
    """Tell a used-up day from a crowded second."""
    is_daily = answer.status_code == 429 and b'"DAILY"' in answer.content
    return Wait(is_daily=True) if is_daily else None


def leads(contact: Record) -> Iterator[Record]:
    """Make a row of a contact, and say of those that were merged into it that they are gone."""
    yield {**contact["properties"], "id": contact["id"]}
    merged = (contact["properties"].get("hs_merged_object_ids") or "").split(";")
    yield from ({"id": one, "is_gone": True} for one in merged if one and one != contact["id"])


def activities(thing: Record) -> Iterator[Record]:
    """Make the rows of a call, a meeting or a deal: one for each of its contacts."""
    said = thing["properties"]
    found = _DONE[thing["kind"]](said, thing["stages"])
    for contact in thing["contacts"]:
        for what, activity, happened_at in found:
            yield {
                **said,
                "id": f"{thing['kind']}-{thing['id']}{what}-{contact}",
                "contact": contact,
                "activity": activity,
                "happened_at": happened_at,
                "is_gone": activity is None,
            }


Done = list[tuple[str, str | None, str | None]]  # what of it, the activity, when


def _call(said: Record, _: Record) -> Done:
    outcome = {said.get("hs_call_disposition"), said.get("hs_call_status")}
    return [("", "other" if outcome & REACHED_NOBODY else "contacted", said.get("hs_timestamp"))]


def _meeting(said: Record, _: Record) -> Done:
    took_place = said.get("hs_meeting_outcome") not in DID_NOT_TAKE_PLACE
    at = said.get("hs_meeting_start_time") or said.get("hs_timestamp")
    return [("", "meeting" if took_place else "other", at)]


def _deal(said: Record, stages: Record) -> Done:
    """Say when a deal came to its stages; of those that end it, the one it is in counts alone."""
    entered = {stage: said.get(f"{ENTERED}{stage}") for stage in stages}
    return [
        (f"-{stage}", _unless_left(stages[stage], is_left=said.get("dealstage") != stage), at)
        for stage, at in entered.items()
        if at
    ]


def _unless_left(activity: str, is_left: bool) -> str | None:
    return None if is_left and activity in ("won", "lost") else activity


_DONE: dict[str, Callable[[Record, Record], Done]] = {
    "calls": _call,
    "meetings": _meeting,
    "deals": _deal,
}


def lead_event(contact: Record) -> str:
    """Take a contact that has sent a form for a lead; any other is a contact until told."""
    return "web_form" if contact.get("first_conversion_date") else "contact"


def original_source(contact: Record) -> str | None:
    """Return the method that HubSpot's own original source means."""
    source = contact.get("hs_analytics_source") or ""
    platform = (contact.get("hs_analytics_source_data_1") or "").lower()
    if source == "PAID_SOCIAL" and platform in PLATFORMS:
        return PLATFORMS[platform]
    return SOURCES.get(source, source.lower()) or None


def owner_of(client: Client) -> Callable[[Record], str | None]:
    """Return what reads the name of a record's owner, who may have left the company."""

    @cache
    def names() -> dict[str, str]:
        with client.needing("crm.objects.owners.read"):
            owners = [
                owner
                for has_left in ("true", "false")
                for page in listed(client, "crm/v3/owners", {"limit": 100, "archived": has_left})
                for owner in page
            ]
        spelt = {one["id"]: [one.get("firstName"), one.get("lastName")] for one in owners}
        return {owner: " ".join(filter(None, name)) for owner, name in spelt.items()}

    def read(record: Record) -> str | None:
        owner = record.get("hubspot_owner_id")
        return (names().get(owner) or owner) if owner else None

    return read


def lead_columns(client: Client) -> Columns:
    """Say what a contact's properties mean."""
    return {
        "lead_id": "id",
        "created_at": "createdate",
        "updated_at": "lastmodifieddate",
        "lead_event": lead_event,
        "method": first(
            method(
                client,
                "hs_analytics_first_url",
                utm_source="utm_source",
                utm_medium="utm_medium",
                utm_campaign="utm_campaign",
                gclid="hs_google_click_id",
            ),
            original_source,
        ),
        "campaign_id": "utm_campaign",
        "email": "email",
        "phone": first("phone", "mobilephone"),
        "is_decision_maker": decision_maker(client, "jobtitle"),
        "country": "country",
        "employee": owner_of(client),
    }


def activity_columns(client: Client) -> Columns:
    """Say what the rows of calls, meetings and deals mean."""
    return {
        "activity_id": "id",
        "lead_id": "contact",
        "happened_at": "happened_at",
        "activity": "activity",
        "employee": owner_of(client),
        "reason": lambda row: row.get("closed_lost_reason") if row["activity"] == "lost" else None,
    }


def _gone(row: Record) -> bool:
    return bool(row.get("is_gone"))


def _leads(name: str, **more: Any) -> Stream:
    return Stream(
        "leads",
        name=name,
        columns=lead_columns,
        rows=leads,
        is_deleted=_gone,
        defaults={"method": NO_METHOD},
        permission=CONTACTS,
        **more,
    )


def _activities(name: str, permission: str = CONTACTS, **more: Any) -> Stream:
    return Stream(
        "lead_activities",
        name=name,
        columns=activity_columns,
        rows=activities,
        is_deleted=_gone,
        permission=permission,
        **more,
    )


def _changes(kind: str) -> dict[str, Any]:
    changed = f"properties.{changed_by(kind)}"
    return {"slices": since(changed), "fetch": changes_of(kind)}


HUBSPOT = rest_connector(
    "hubspot",
    Api("{url}", sign_in=bearer("access_token"), judge=judge),
    _leads("contacts", **_changes("contacts")),
    _leads("all contacts", slices=relist(), fetch=lists_of("contacts")),
    _activities("calls", **_changes("calls")),
    _activities("meetings", **_changes("meetings")),
    _activities("deals", DEALS, **_changes("deals")),
    _activities("all activities", DEALS, slices=relist(), fetch=lists_of(*FIELDS)),
    options=HubSpotOptions,
)

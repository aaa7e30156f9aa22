"""HubSpot's objects: how they are searched, listed and related, whatever they come to mean."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from marketing_warehouse.connectors.rest import Ask
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.crm import fields_of
from marketing_warehouse.connectors.rest.values import EPOCH, Record, decimal

PAGE_OF_SEARCH = 200
PAGE_OF_LIST = 100
ENTERED = "hs_v2_date_entered_"
CONTACT = (
    "createdate",
    "lastmodifieddate",
    "email",
    "phone",
    "mobilephone",
    "jobtitle",
    "country",
    "hubspot_owner_id",
    "hs_merged_object_ids",
    "first_conversion_date",
    "hs_analytics_source",
    "hs_analytics_source_data_1",
    "hs_analytics_first_url",
    "hs_google_click_id",
    "utm_source",
    "utm_medium",
    "utm_campaign",
)
FIELDS = {
    "calls": ("hs_timestamp", "hs_call_disposition", "hs_call_status", "hubspot_owner_id"),
    "meetings": ("hs_timestamp", "hs_meeting_start_time", "hs_meeting_outcome", "hubspot_owner_id"),
    "deals": ("dealstage", "closed_lost_reason", "hubspot_owner_id"),
}
STAGES = {  # of the pipeline that every account begins with
    "appointmentscheduled": "meeting",
    "qualifiedtobuy": "contacted",
    "presentationscheduled": "meeting",
    "contractsent": "offer",
}
CONTACTS, DEALS = "crm.objects.contacts.read", "crm.objects.deals.read"


def changed_by(kind: str) -> str:
    """Return the property that says when an object of a kind has changed."""
    return "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"


def changes_of(kind: str) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what asks for the objects that have changed, the oldest change first."""
    changed = changed_by(kind)

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        stages = stages_of(client) if kind == "deals" else {}
        properties = _properties(client, kind, stages)

        def search(order: str, *filters: Record) -> list[Record]:
            body = {
                "filterGroups": [{"filters": filters}] if filters else [],
                "sorts": [{"propertyName": order, "direction": "ASCENDING"}],
                "properties": [*properties, changed],
                "limit": PAGE_OF_SEARCH,
            }
            answer = client.post(f"crm/v3/objects/{kind}/search", body)
            return client.records_in(answer, "results", kind)

        newest, known = _milliseconds(ask.since) if ask.since else None, set[str]()
        while True:
            span = [_filter(changed, "GTE", newest)] if newest else []
            page = search(changed, *span)
            yield _related(client, kind, [one for one in page if one["id"] not in known], stages)
            if len(page) < PAGE_OF_SEARCH:
                return
            moments = [_milliseconds(one["properties"][changed]) for one in page]
            newest = moments[-1]
            if moments[0] == newest:  # more than a page at once, as an import makes them
                at_once, last = _filter(changed, "EQ", newest), "0"
                while page := search("hs_object_id", at_once, _filter("hs_object_id", "GT", last)):
                    yield _related(client, kind, page, stages)
                    last = page[-1]["id"]
                newest += 1
            known = {one["id"] for one, at in zip(page, moments, strict=False) if at == newest}

    return fetch


def lists_of(*kinds: str) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what reads all objects that are there, by id."""

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        start = ask.changed("since").get("since", "")
        for kind in kinds:
            stages = stages_of(client) if kind == "deals" else {}
            changed = changed_by(kind)
            properties = ",".join([*_properties(client, kind, stages), changed])
            asked = {"limit": PAGE_OF_LIST, "properties": properties}
            for page in listed(client, f"crm/v3/objects/{kind}", asked):
                inside = [one for one in page if (one["properties"].get(changed) or "") >= start]
                yield _related(client, kind, inside, stages)

    return fetch


def listed(client: Client, path: str, asked: dict[str, Any]) -> Iterator[list[Record]]:
    """Yield the pages of a list, one after the other."""
    after: dict[str, str] = {}
    while True:
        answer = client.get(path, {**asked, **after})
        yield client.records_in(answer, "results", path)
        following = answer.get("paging", {}).get("next", {}).get("after")
        if not following:
            return
        after = {"after": following}


def _properties(client: Client, kind: str, stages: Record) -> list[str]:
    if kind == "contacts":
        return fields_of(client.reading, *CONTACT)
    return fields_of(client.reading, *FIELDS[kind], *(f"{ENTERED}{stage}" for stage in stages))


def stages_of(client: Client) -> dict[str, str]:
    """Return what the stages of deals mean as activities, by the stage's id."""
    with client.needing(DEALS):
        answer = client.get("crm/v3/pipelines/deals")
    found = {}
    for pipeline in client.records_in(answer, "results", "pipelines"):
        for stage in pipeline["stages"]:
            about = stage.get("metadata") or {}
            is_closed = str(about.get("isClosed")).lower() == "true"
            is_won = is_closed and (decimal(about.get("probability")) or 0) > 0
            meant = STAGES.get(stage["id"], "other")
            found[stage["id"]] = "won" if is_won else "lost" if is_closed else meant
    chosen = client.options.stages  # type: ignore[attr-defined]  # it is a CRM's
    return found | {stage: meant for stage, meant in chosen.items() if stage in found}


def _related(client: Client, kind: str, page: list[Record], stages: Record) -> list[Record]:
    """Return a page of objects that know their kind, their contacts and what their stages mean."""
    if kind == "contacts" or not page:
        return page
    inputs = {"inputs": [{"id": one["id"]} for one in page]}
    answer = client.post(f"crm/v4/associations/{kind}/contacts/batch/read", inputs)
    found = client.records_in(answer, "results", f"contacts of {kind}")
    contacts = {each["from"]["id"]: [to["toObjectId"] for to in each["to"]] for each in found}
    return [
        {**one, "kind": kind, "contacts": contacts.get(one["id"], []), "stages": stages}
        for one in page
    ]


def _filter(name: str, operator: str, value: object) -> Record:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _milliseconds(moment: datetime | str) -> int:
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (at - EPOCH) // timedelta(milliseconds=1)

"""Pipedrive: leads of the inbox and deals as leads; activities and closed deals as what was done.

A deal that was made of a lead is that lead; any other deal is a lead of its own, `deal-17`, so that
nobody is lost who uses one of the two alone. Custom fields go by their names, not by their keys of
40 characters. Leads are on version 1, newest change first: what changes while they are read comes
twice, never not at all.

Verified in Pipedrive's documentation or its clients: paging and limits of both versions, archived
and deleted objects, field lists, the headers of limits.
Not verified: that a lead's id is a time-based UUID; if it is, a lead that has become a deal keeps
the moment when it was made, else it gets the deal's.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import requests

from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    Ask,
    Stream,
    Wait,
    relist,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.attribution import method
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.crm import NO_METHOD, CrmOptions, decision_maker
from marketing_warehouse.connectors.rest.sign_in import headers
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import EPOCH, Read, Record, at, decimal, first, utc

PAGE = 100  # the most persons that can be asked for by their ids
STATUSES = "open,won,lost,deleted"
DEALS = ("api/v2/deals", "api/v2/deals/archived")
INBOX = ("api/v1/leads", "api/v1/leads/archived")
UUIDS_BEGIN = 0x01B21DD213814000  # 1970 in hundreds of nanoseconds since 1582
FORMS = ("WebForms", "LeadBooster", "LiveChat", "Chatbot", "WebVisitors", "MessagingInbox")
MEANS = {
    "call": "contacted",
    "email": "contacted",
    "meeting": "meeting",
    "lunch": "meeting",
}


class PipedriveOptions(CrmOptions):
    """Which Pipedrive it is.

    Attributes:
        url: its address, where that is not the one for everyone.
    """

    url: Address = "https://api.pipedrive.com"


def judge(answer: requests.Response) -> Wait | None:
    """Tell a used-up day from a crowded two seconds."""
    if answer.status_code != requests.codes.too_many_requests:
        return None
    if answer.headers.get("x-daily-ratelimit-token-remaining") == "0":
        return Wait(is_daily=True)
    reset = decimal(answer.headers.get("x-ratelimit-reset"))
    return Wait(float(reset)) if reset is not None else None


# ---------------------------------------------------------------- how objects are read


def changed_deals(path: str) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what asks for deals with their persons, the oldest change first."""

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        names = _names(client)
        order = {"sort_by": "update_time", "sort_direction": "asc", "status": STATUSES}
        for page in _newer(client, path, {**order, **ask.changed("updated_since")}):
            yield _known(client, page, names)

    return fetch


def changed_leads(path: str) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what asks for leads with their persons, back to the change that is known."""

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        names = _names(client)
        begin = ask.changed("since").get("since", "")
        for page in _older(client, path, {"sort": "update_time DESC"}):
            inside = [lead for lead in page if lead["update_time"] >= begin]
            yield _known(client, inside, names)
            if len(inside) < len(page):
                return

    return fetch


def changed_activities(client: Client, ask: Ask) -> Iterator[list[Record]]:
    """Read activities with the deals that they belong to, the oldest change first."""
    order = {"sort_by": "update_time", "sort_direction": "asc"}
    for page in _newer(client, "api/v2/activities", {**order, **ask.changed("updated_since")}):
        deals = _by_id(client, DEALS, {one["deal_id"] for one in page if one.get("deal_id")})
        yield [{**one, "deal": deals.get(one.get("deal_id"))} for one in page]


def one_after_the_other(
    *fetches: Callable[[Client, Ask], Iterator[list[Record]]],
) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what reads one after the other."""

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        for each in fetches:
            yield from each(client, ask)

    return fetch


def _newer(client: Client, path: str, asked: dict[str, Any]) -> Iterator[list[Record]]:
    """Yield the pages of version 2, which follow cursors."""
    cursor: str | None = None
    while True:
        page = client.get(path, {**asked, "limit": PAGE, **({"cursor": cursor} if cursor else {})})
        yield client.records_in(page, "data", path)
        cursor = at("additional_data.next_cursor")(page)
        if not cursor:
            return


def _older(client: Client, path: str, asked: dict[str, Any]) -> Iterator[list[Record]]:
    """Yield the pages of version 1, which are counted; an empty one has null for its data."""
    start, has_more = 0, True
    while has_more:
        page = client.get(path, {**asked, "start": start, "limit": PAGE})
        yield page["data"] or [] if "data" in page else client.records_in(page, "data", path)
        has_more = at("additional_data.pagination.more_items_in_collection")(page)
        start += PAGE


def _names(client: Client) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the name of each field by its key, and of what can be chosen in it by its id."""
    return {
        field["field_code"]: (
            field["field_name"] if field["is_custom_field"] else field["field_code"],
            {str(one["id"]): one["label"] for one in field.get("options") or ()},
        )
        for page in _newer(client, "api/v2/dealFields", {})
        for field in page
    }


def _known(client: Client, page: list[Record], names: Record) -> list[Record]:
    """Return a page of leads or deals with their persons, and their own fields by name."""
    persons = _by_id(
        client, ("api/v2/persons",), {one["person_id"] for one in page if one.get("person_id")}
    )
    return [
        {**one, **_called(one, names), "person": persons.get(one.get("person_id")) or {}}
        for one in page
    ]


def _called(record: Record, names: Record) -> Record:
    said = {**record, **(record.get("custom_fields") or {})}
    found = {}
    for key, (name, options) in names.items():
        value = said.get(key)
        if options and value is not None:
            chosen = value if isinstance(value, list) else str(value).split(",")
            value = ",".join(options.get(str(one), str(one)) for one in chosen)
        if value is not None:
            found[name] = value
    return found


def _by_id(client: Client, paths: Iterable[str], wanted: set[int]) -> dict[int, Record]:
    if not wanted:
        return {}
    found: dict[int, Record] = {}
    for path in paths:
        missing = sorted(wanted - found.keys())
        if missing:
            ids = ",".join(map(str, missing))
            page = client.get(path, {"ids": ids, "limit": PAGE})
            found |= {one["id"]: one for one in client.records_in(page, "data", path)}
    return found


# ---------------------------------------------------------------- what they mean


def lead_of(record: Record) -> str:
    """Return the id of a lead of the inbox, which is a text; or of the one that a deal is."""
    made_of = record.get("source_lead_id")
    is_deal = isinstance(record["id"], int)
    return str(made_of or (f"deal-{record['id']}" if is_deal else record["id"]))


def made_at(record: Record) -> str:
    """Return when a lead was made, also where a deal has taken its place."""
    made_of = record.get("source_lead_id")
    moment = uuid.UUID(made_of) if made_of else None
    if moment is None or moment.version != 1:
        return str(record["add_time"])
    since_1970 = timedelta(microseconds=(moment.time - UUIDS_BEGIN) // 10)
    return f"{EPOCH + since_1970:%Y-%m-%dT%H:%M:%S.%fZ}"


def deal_is_gone(deal: Record) -> bool:
    """Say whether a deal was deleted, or merged into another."""
    return bool(deal.get("is_deleted")) or deal.get("status") == "deleted"


def lead_event(record: Record) -> str:
    """Take what came by a form or a chat for that; all else was written down by somebody."""
    return "web_form" if record.get("origin") in FORMS else "manual"


def primary(items: str) -> Read:
    """Read the first of a person's addresses, or the one that is marked."""

    def read(record: Record) -> Any:
        said = at(f"person.{items}")(record) or []
        marked = [one["value"] for one in said if one.get("primary")]
        return next(iter([*marked, *(one["value"] for one in said)]), None)

    return read


def user_of(client: Client) -> Read:
    """Return what reads the name of a record's owner."""

    @cache
    def names() -> dict[int, str]:
        with client.needing("users:read"):
            users = client.get("api/v1/users")
        return {one["id"]: one["name"] for one in client.records_in(users, "data", "users")}

    def read(record: Record) -> str | None:
        owner = record.get("owner_id")
        return names().get(owner, str(owner)) if owner else None

    return read


def lead_columns(client: Client) -> Columns:
    """Say what the fields of leads and deals mean."""
    parameters = {name: name for name in ("utm_source", "utm_medium", "utm_campaign", "gclid")}
    return {
        "lead_id": lead_of,
        "created_at": utc(made_at),
        "updated_at": utc("update_time"),
        "lead_event": lead_event,
        "method": first(method(client, **parameters), "channel"),
        "campaign_id": first("utm_campaign", "channel_id"),
        "email": primary("emails"),
        "phone": primary("phones"),
        "is_decision_maker": decision_maker(client, "person.job_title"),
        "employee": user_of(client),
    }


def done(activity: Record) -> Iterator[Record]:
    """Make a row of what was done for a lead; what is planned, or undone again, is gone."""
    lead = activity.get("lead_id") or (lead_of(activity["deal"]) if activity["deal"] else None)
    if lead:
        planned = f"{activity.get('due_date')}T{activity.get('due_time') or '00:00:00'}Z"
        yield {
            "id": f"activity-{activity['id']}",
            "lead_id": lead,
            "happened_at": activity.get("marked_as_done_time") or planned,
            "activity": MEANS.get(activity["type"], "other"),
            "owner_id": activity.get("owner_id"),
            "is_gone": bool(activity.get("is_deleted")) or not activity.get("done"),
        }


def closed(deal: Record) -> Iterator[Record]:
    """Make a row of how a deal has ended; one that was opened again has not."""
    for status in ("won", "lost"):
        happened_at = deal.get(f"{status}_time") or deal.get("close_time")
        yield {
            "id": f"deal-{deal['id']}-{status}",
            "lead_id": lead_of(deal),
            "happened_at": happened_at,
            "activity": status,
            "owner_id": deal.get("owner_id"),
            "reason": deal.get("lost_reason") if status == "lost" else None,
            "is_gone": deal_is_gone(deal) or deal["status"] != status,
        }


def rows(record: Record) -> Iterable[Record]:
    """Make the rows of a deal or an activity."""
    return done(record) if "deal" in record else closed(record)


def activity_columns(client: Client) -> Columns:
    """Say what the rows of activities and closed deals mean."""
    return {
        "activity_id": "id",
        "lead_id": "lead_id",
        "happened_at": utc("happened_at"),
        "activity": "activity",
        "employee": user_of(client),
        "reason": "reason",
    }


def _leads(name: str, permission: str, **more: Any) -> Stream:
    return Stream(
        "leads",
        name=name,
        columns=lead_columns,
        is_deleted=deal_is_gone,
        defaults={"method": NO_METHOD},
        permission=permission,
        **more,
    )


def _done(name: str, **more: Any) -> Stream:
    return Stream(
        "lead_activities",
        name=name,
        columns=activity_columns,
        rows=rows,
        is_deleted=lambda row: row["is_gone"],
        permission="activities:read and deals:read",
        **more,
    )


CHANGED = since("update_time")
# Newest first has an end, but no place inside to go on from: all of it is one slice.
NEWEST_FIRST = since("update_time", rows=0)
OF_DEALS, OF_LEADS = "deals:read", "leads:read"
ALL_DEALS = [changed_deals(path) for path in DEALS]
ALL_LEADS = [changed_leads(path) for path in INBOX]

PIPEDRIVE = rest_connector(
    "pipedrive",
    Api("{url}", sign_in=headers(**{"x-api-token": "api_token"}), judge=judge),
    *(_leads(path, OF_DEALS, slices=CHANGED, fetch=changed_deals(path)) for path in DEALS),
    *(_leads(path, OF_LEADS, slices=NEWEST_FIRST, fetch=changed_leads(path)) for path in INBOX),
    _leads(
        "all leads", OF_LEADS, slices=relist(), fetch=one_after_the_other(*ALL_LEADS, *ALL_DEALS)
    ),
    _done("activities", slices=CHANGED, fetch=changed_activities),
    *(_done(path, slices=CHANGED, fetch=changed_deals(path)) for path in DEALS),
    _done(
        "all activities",
        slices=relist(),
        fetch=one_after_the_other(changed_activities, *ALL_DEALS),
    ),
    options=PipedriveOptions,
)

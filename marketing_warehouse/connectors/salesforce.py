"""Salesforce: leads; tasks, events, opportunities and their stages as what was done with them.

Everything is read by SOQL in the order of SystemModstamp, with what was deleted: a lead that was
merged into another is deleted, and names its master. What hangs on a contact or an opportunity
belongs to the lead that was converted into it; one that came of no lead is nobody's.

Verified in Salesforce's documentation or its clients: queryAll and its batches, deleted and merged
records, the fields, the errors of used-up requests and unknown fields, client credentials.
Not verified: that every edition keeps TaskSubtype and LastStageChangeDate, and that the batches of
a question stay as they were when it was asked: so it is asked anew after each batch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import requests

from marketing_warehouse.connectors.rest import (
    Address,
    Api,
    Ask,
    Stream,
    Wait,
    rest_connector,
    since,
)
from marketing_warehouse.connectors.rest.attribution import method
from marketing_warehouse.connectors.rest.client import Client
from marketing_warehouse.connectors.rest.crm import (
    NO_METHOD,
    CrmOptions,
    decision_maker,
    fields_of,
)
from marketing_warehouse.connectors.rest.sign_in import client_credentials
from marketing_warehouse.connectors.rest.streams import Columns
from marketing_warehouse.connectors.rest.values import Record, Value, const, first
from marketing_warehouse.sections import Text

QUERY = "services/data/v67.0/queryAll"
KEY_OF_LEADS, KEY_OF_CONTACTS = "00Q", "003"  # what the ids of an object begin with
IDS_OF_A_QUESTION = 200  # a question is part of an address, which has an end
LEAD = (
    "Id CreatedDate SystemModstamp IsDeleted LeadSource Email Phone MobilePhone Title Country "
    "Owner.Name"
)
TASK = (
    "Id WhoId IsClosed TaskSubtype CompletedDateTime ActivityDate CallDisposition Owner.Name "
    "IsDeleted SystemModstamp"
)
EVENT = "Id WhoId StartDateTime Owner.Name IsDeleted SystemModstamp"
OPPORTUNITY = (
    "Id StageName IsClosed IsWon LastStageChangeDate CloseDate Owner.Name IsDeleted SystemModstamp"
)
STAGE = "Id OpportunityId StageName CreatedDate CreatedBy.Name IsDeleted SystemModstamp"
STAGES = {"Proposal/Price Quote": "offer", "Negotiation/Review": "offer"}
REACHED = ("Call", "Email")
# Nobody promises that the batches of one question are as they were when it was asked.
CHANGES = since("SystemModstamp", pages_shift=True)


class SalesforceOptions(CrmOptions):
    """Which Salesforce it is.

    Attributes:
        url: its own address, such as https://nordic-espresso.my.salesforce.com.
        parameters: the fields of leads that hold UTM parameters and click ids, by their names.
        stages: what open stages of opportunities mean as activities; others are not read.
    """

    url: Address
    parameters: Mapping[Text, Text] = {}
    stages: Mapping[Text, Text] = STAGES


def judge(answer: requests.Response) -> Wait | None:
    """Tell a used-up day from a missing permission: both are 403."""
    is_used_up = answer.status_code == requests.codes.forbidden
    return (
        Wait(is_daily=True) if is_used_up and b"REQUEST_LIMIT_EXCEEDED" in answer.content else None
    )


# ---------------------------------------------------------------- how records are read


def asked(fields: Iterable[str], thing: str, ask: Ask) -> str:
    """Return the question for what has changed, the oldest change first."""
    bounds = f" WHERE SystemModstamp >= {ask.since:%Y-%m-%dT%H:%M:%SZ}" if ask.since else ""
    return f"SELECT {', '.join(fields)} FROM {thing}{bounds} ORDER BY SystemModstamp, Id"  # noqa: S608  # SOQL, of names alone


def answers(client: Client, question: str, thing: str) -> Iterator[list[Record]]:
    """Yield the records that answer a question, a batch at a time."""
    answer = client.get(QUERY, {"q": question})
    while True:
        yield client.records_in(answer, "records", thing)
        following = answer.get("nextRecordsUrl")
        if not following:
            return
        answer = client.get(following.lstrip("/"))


def leads(client: Client, ask: Ask) -> Iterator[list[Record]]:
    """Read leads with the fields that business.yml names."""
    parameters = ask.options.parameters.values()
    fields = fields_of(ask.reading, *LEAD.split(), *parameters)
    yield from answers(client, asked(fields, "Lead", ask), "leads")


def related(thing: str, fields: str, key: str) -> Callable[[Client, Ask], Iterator[list[Record]]]:
    """Return what reads the records of an object, each with the lead that it belongs to.

    Args:
        thing: the object.
        fields: its fields.
        key: which of them names the lead, or what the lead was converted into.
    """

    def fetch(client: Client, ask: Ask) -> Iterator[list[Record]]:
        for page in answers(client, asked(fields.split(), thing, ask), thing):
            found = _leads_of(client, {str(one[key]) for one in page if one.get(key)})
            yield [
                {
                    **one,
                    "lead": found.get(str(one.get(key))),
                    "meant": ask.options.stages.get(one.get("StageName")),
                }
                for one in page
            ]

    return fetch


def _leads_of(client: Client, keys: set[str]) -> dict[str, str]:
    """Return the leads that these contacts and opportunities were; leads are themselves."""
    found = {key: key for key in keys if key.startswith(KEY_OF_LEADS)}
    contacts = sorted(key for key in keys if key.startswith(KEY_OF_CONTACTS))
    others = sorted(keys - found.keys() - set(contacts))
    for field, ids in (("ConvertedContactId", contacts), ("ConvertedOpportunityId", others)):
        for start in range(0, len(ids), IDS_OF_A_QUESTION):
            listed = ", ".join(f"'{one}'" for one in ids[start : start + IDS_OF_A_QUESTION])
            which = f"{field} IN ({listed}) AND IsDeleted = false"
            question = f"SELECT Id, {field} FROM Lead WHERE {which}"  # noqa: S608  # SOQL, of ids
            for page in answers(client, question, "converted leads"):
                found |= {lead[field]: lead["Id"] for lead in page}
    return found


# ---------------------------------------------------------------- what they mean


def lead_columns(client: Client) -> Columns:
    """Say what a lead's fields mean."""
    parameters: Mapping[str, str] = client.options.parameters  # type: ignore[attr-defined]
    return {
        "lead_id": "Id",
        "created_at": "CreatedDate",
        "updated_at": "SystemModstamp",
        "lead_event": "LeadSource",
        "method": first(method(client, **parameters), "LeadSource"),
        "campaign_id": parameters.get("utm_campaign", "utm_campaign"),
        "email": "Email",
        "phone": first("Phone", "MobilePhone"),
        "is_decision_maker": decision_maker(client, "Title"),
        "country": "Country",
        "employee": "Owner.Name",
    }


def _task(task: Record) -> str:
    return "contacted" if task.get("TaskSubtype") in REACHED else "other"


def _closed(opportunity: Record) -> str:
    return "won" if opportunity.get("IsWon") else "lost"


def _activities(
    thing: str, fields: str, key: str, happened_at: Value, activity: Value, is_closed: str = ""
) -> Stream:
    """Describe one object as activities; what is deleted, or open still or again, is gone."""

    def is_gone(record: Record) -> bool:
        return bool(record["IsDeleted"]) or (bool(is_closed) and not record[is_closed])

    return Stream(
        "lead_activities",
        name=thing,
        columns={
            "activity_id": "Id",
            "lead_id": "lead",
            "happened_at": happened_at,
            "activity": activity,
            "employee": first("Owner.Name", "CreatedBy.Name"),
        },
        slices=CHANGES,
        fetch=related(thing, fields, key),
        rows=lambda one: (one,) if one["lead"] and (activity != "meant" or one["meant"]) else (),
        is_deleted=is_gone,
        id="Id",
        permission=f"Read of {thing} and Lead",
    )


SALESFORCE = rest_connector(
    "salesforce",
    Api("{url}", sign_in=client_credentials("{url}/services/oauth2/token"), judge=judge),
    Stream(
        "leads",
        columns=lead_columns,
        slices=CHANGES,
        fetch=leads,
        is_deleted=lambda lead: lead["IsDeleted"],
        id="Id",
        values={"lead_event": {"Web": "web_form", "Phone Inquiry": "inbound_call"}},
        defaults={"lead_event": "manual", "method": NO_METHOD},
        permission="Read of Lead",
    ),
    _activities(
        "Task", TASK, "WhoId", first("CompletedDateTime", "ActivityDate"), _task, "IsClosed"
    ),
    _activities("Event", EVENT, "WhoId", "StartDateTime", const("meeting")),
    _activities(
        "Opportunity",
        OPPORTUNITY,
        "Id",
        first("LastStageChangeDate", "CloseDate"),
        _closed,
        "IsClosed",
    ),
    _activities("OpportunityHistory", STAGE, "OpportunityId", "CreatedDate", "meant"),
    options=SalesforceOptions,
)
